"""A small company, drawn as the tables that the pipeline report reads: two pipelines, a hostile name, every kind of gap."""

from datetime import date, timedelta

HOSTILE = "<script>alert('Größe & Co')</script>"
STARTED = {"exports": "exports & more", "started_at": None}


def company():
    """Drawings and rows by table, for `Bench.run`."""
    return {
        "core.as_of": """
            one | as_of               | as_of_from
            1   | 2026-06-30 18:00:00 | the newest event
        """,
        "core.parameters": """
            one | base_currency
            1   | EUR
        """,
        "core.stages": f"""
            pipeline | stage     | stage_order | kind | evidence | kind_evidence
            Sales    | {HOSTILE} | 1           | open | settings | its name
            Sales    | Proposal  | 2           | open | settings | its name
            Sales    | Won       | 3           | won  | settings | its name
            Renewals | Due       | 1           | open | settings | its name
        """,
        "marts.stage_snapshot": f"""
            pipeline | stage     | stage_order | open_deals | open_amount | average_amount | average_age_days | stalled_deals | stalled_amount | deals_without_amount
            all      | all       |             | 1234       | 987654.32   | 800.4          | 40.5             | 12            | 5000           | 1
            Sales    | all       |             | 1233       | 987654.32   | 800.4          | 40.5             | 12            | 5000           | 1
            Sales    | {HOSTILE} | 1           | 1200       | 900000      | 750            | 30               | 12            | 5000           | 0
            Sales    | Proposal  | 2           | 33         | 87654.32    | 2656           | 60               |               |                | 1
            Renewals | all       |             | 1          |             |                | 3                |               |                | 1
            Renewals | Due       | 1           | 1          |             |                | 3                |               |                | 1
        """,
        "marts.pipeline_health": """
            period  | period_start | pipeline | deals_in_pipeline | open_amount | won | lost | won_without_amount | win_rate | win_rate_low | win_rate_high | average_deal_size | median_days_to_close | deals_without_cycle | velocity_per_day
            all     | 2026-01-05   | all      | 1234              | 987654.32   | 40  | 60   | 1                  | 0.4      | 0.309        | 0.498         | 12345.67          | 33.25                | 1                   | 4321
            all     | 2026-01-05   | Sales    | 1233              | 987654.32   | 40  | 60   | 1                  | 0.4      | 0.309        | 0.498         | 12345.67          | 33.25                | 1                   | 4321
            all     | 2026-01-05   | Renewals | 1                 |             | 0   | 0    | 0                  |          |              |               |                   |                      | 0                   |
            quarter | 2026-01-01   | all      | 700               | 500000      | 0   | 1    | 0                  | 0        | 0            | 0.793         |                   |                      | 0                   |
            quarter | 2026-04-01   | all      | 1234              | 987654.32   | 40  | 59   | 1                  | 0.404    | 0.313        | 0.502         | 12345.67          | 33.25                | 1                   | 4321
        """,
        "marts.stage_conversion": f"""
            pipeline | stage     | stage_order | entered | advanced | lost | moved_back | handed_off | still_there | conversion_to_date | conversion_among_resolved | conversion_among_resolved_low | conversion_among_resolved_high
            Sales    | {HOSTILE} | 1           | 1300    | 40       | 59   | 1          | 0          | 1200        | 0.0308             | 0.4                       | 0.309                         | 0.498
            Sales    | Proposal  | 2           | 34      | 0        | 1    | 0          | 0          | 33          | 0                  | 0                         | 0                             | 0.793
            Renewals | Due       | 1           | 1       | 0        | 0    | 0          | 0          | 1           | 0                  |                           |                               |
        """,
        "marts.stage_duration": f"""
            pipeline | stage     | stage_order | visits | completed | still_there | visits_without_dates | median_days | p75_days | p90_days | naive_mean_days | longest_open_days
            Sales    | {HOSTILE} | 1           | 1299   | 99        | 1200        | 1                    | 45.5        | 80       |          | 12.3            | 170.2
            Sales    | Proposal  | 2           | 34     | 1         | 33          | 0                    |             |          |          | 3               | 61
            Renewals | Due       | 1           | 1      | 0         | 1           | 0                    |             |          |          |                 | 3
        """,
        "marts.stage_daily": [
            {"day": date(2026, 1, 5) + timedelta(n), "pipeline": "all", "stage": "all", "open_deals": 7 * n, "open_amount": 5000 * n}
            for n in range(177)
        ],
        "quality.files": f"""
            path         | object | status  | note            | rows | kept | rejected | duplicates | unreadable_values | unmapped_columns | date_order
            crm/a.csv    | deals  | read    |                 | 1350 | 1334 | 12       | 4          | 1                 | Region, Notes    | day/month
            crm/{HOSTILE.replace("/", "-")} | | refused | It holds no rows. | 0 | 0 | 0 | 0 | 0 | |
        """,
        "quality.rejected_rows": [
            {"path": "crm/a.csv", "line": n, "reason": "The stage is empty.", "original": f'{n},=cmd|,"{HOSTILE}"'} for n in range(2, 14)
        ],
        "quality.unreadable_values": """
            path      | line | column_name | reason
            crm/a.csv | 77   | Amount      | "Amount" holds '12,34,5x'.
        """,
        "quality.missing_information": """
            entity | field  | records | share  | amount_blocked | note
            deal   | amount | 1       | 0.0007 | 0              | They count as deals, but in no amount.
        """,
        "quality.reconciliation": """
            law  | left_side | right_side | difference
            rows | 1350      | 1350       | 0
        """,
    }
