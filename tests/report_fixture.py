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
        "core.periods": """
            period  | period_start | last_day   | is_running | is_recent
            quarter | 2026-01-01   | 2026-03-31 | false      | true
            quarter | 2026-04-01   | 2026-06-30 | true       | true
            year    | 2026-01-01   | 2026-06-30 | true       | true
            all     | 2026-01-05   | 2026-06-30 | true       | true
        """,
        "core.calendar": """
            day        | month_start | quarter_start | year_start
            2026-04-01 | 2026-04-01  | 2026-04-01    | 2026-01-01
        """,
        "marts.pipeline_waterfall": """
            scope | period  | period_start | pipeline | owner | line    | line_order | deals | amount
            open  | quarter | 2026-04-01   | all      | all   | opening | 1          | 699   | 500000
            open  | quarter | 2026-04-01   | all      | all   | created | 2          | 635   | 487654.32
            open  | quarter | 2026-04-01   | all      | all   | deleted | 13         | 0     | 0
            open  | quarter | 2026-04-01   | all      | all   | closing | 15         | 1234  | 987654.32
            open  | quarter | 2026-01-01   | all      | all   | closing | 15         | 699   | 500000
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
            period  | period_start | pipeline | deals_in_pipeline | open_amount | won | lost | won_without_amount | win_rate | win_rate_low | win_rate_high | average_deal_size | median_days_to_close | deals_without_cycle | velocity_per_day | deals_created | deals_in_pipeline_previous | won_amount | win_rate_previous | average_deal_size_previous | median_days_to_close_previous
            all     | 2026-01-05   | all      | 1234              | 987654.32   | 40  | 60   | 1                  | 0.4      | 0.309        | 0.498         | 12345.67          | 33.25                | 1                   | 4321              | 0             |                            |            |                   |                            |
            all     | 2026-01-05   | Sales    | 1233              | 987654.32   | 40  | 60   | 1                  | 0.4      | 0.309        | 0.498         | 12345.67          | 33.25                | 1                   | 4321              | 0             |                            |            |                   |                            |
            all     | 2026-01-05   | Renewals | 1                 |             | 0   | 0    | 0                  |          |              |               |                   |                      | 0                   | | 0             |                            |            |                   |                            |
            quarter | 2026-01-01   | all      | 700               | 500000      | 0   | 1    | 0                  | 0        | 0            | 0.793         |                   |                      | 0                   | | 0             |                            |            |                   |                            |
            quarter | 2026-04-01   | all      | 1234              | 987654.32   | 40  | 59   | 1                  | 0.404    | 0.313        | 0.502         | 12345.67          | 33.25                | 1                   | 4321             | 1             | 699                        | 481481.13  | 0                 | 12000.5                    | 34
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
        "marts.bottlenecks": f"""
            pipeline | stage     | stage_order | period_start | arrivals | departures | queue_before | queue | queue_amount | days_of_work | limit_days | state
            Sales    | {HOSTILE} | 1           | 2026-05-01   | 9        | 9          | 4            | 4     | 100          | 12           | 30         | flowing
            Sales    | {HOSTILE} | 1           | 2026-06-01   | 900      | 90         | 390          | 1200  | 900000       | 93.5         | 30         | clogged
            Sales    | Proposal  | 2           | 2026-06-01   | 33       | 1          | 1            | 33    | 87654.32     | 20           | 40         | filling
            Renewals | Due       | 1           | 2026-06-01   | 0        | 0          | 1            | 1     |              |              |            | no departures
        """,
        "marts.leaks": f"""
            pipeline | stage     | stage_order | dimension  | segment | reason  | deals | amount | deals_without_amount | resolved | lost_rate | lost_rate_low | lost_rate_high | baseline_rate | excess_lost | excess_amount | q_value | is_significant
            Sales    | {HOSTILE} | 1           | all        | all     | all     | 59    | 7000   | 2                    | 100      | 0.59      | 0.49          | 0.68           |               |             |               |         |
            Sales    | {HOSTILE} | 1           | all        | all     | price   | 58    | 6000   | 2                    |          |           |               |                |               |             |               |         |
            Sales    | {HOSTILE} | 1           | owner team | East    | all     | 40    | 5000   | 0                    | 50       | 0.8       | 0.67          | 0.89           | 0.38          | 21          | 2500          | 0.001   | true
            Sales    | Proposal  | 2           | all        | all     | all     | 1     |        | 1                    | 1        | 1         | 0.2           | 1              |               |             |               |         |
        """,
        "marts.funnel_conversion": """
            cohort | channel | campaign | dimension | leads | customers | lead_to_customer | lead_to_customer_estimate | lead_to_customer_estimate_low | lead_to_customer_estimate_high | maturity
            all    | all     | all      | all       | 2000  | 1         | 0.0005           | 0.012                     | 0.004                         | 0.03                           | 0.4
        """,
        "marts.benchmarks": """
            metric           | unit | period  | period_start | pipeline | owner | team | value | value_records | benchmark_number | benchmark_value | benchmark_source | is_comparable | verdict   | target | target_status
            lead_to_customer | rate | all     | 2026-01-05   | all      | all   | all  | 0.008 | 500           | 1                | 0.01            | Forrester        | true          | worse     |        | no target
            win_rate         | rate | quarter | 2026-04-01   | all      | all   | all  | 0.404 | 99            | 0                |                 |                  |               |           | 0.45   | open
            win_rate         | rate | year    | 2026-01-01   | all      | all   | all  | 0.4   | 100           | 0                |                 |                  |               |           | 0.5    | missed
            won_amount       | money | year   | 2026-01-01   | all      | all   | all  | 481481.13 | 40        | 0                |                 |                  |               |           | 400000 | met
            won_amount       | money | year   | 2025-01-01   | all      | all   | all  | 1     | 40            | 0                |                 |                  |               |           | 400000 | missed
        """,
        "marts.stalled_deals": f"""
            priority | deal_name | pipeline | stage     | owner | amount | days_in_stage | limit_days | has_no_next_step | days_silent | is_past_close_date | pushes
            1        | {HOSTILE} | Sales    | {HOSTILE} | Ann   | 5000   | 170.2         | 80         | true             | 33          | false              | 2
        """,
        "marts.deals": f"""
            system | deal_id | status | deal_name | pipeline | stage     | owner | account | amount | days_in_stage | size_band | created_on | closed_on  | days_to_close | lost_reason
            crm    | 1       | open   | {HOSTILE} | Sales    | {HOSTILE} | Ann   | Acme    | 5000   | 170.2         | small     | 2026-01-11 |            |               |
            crm    | 2       | open   | Second    | Sales    | Proposal  |       |         |        | 3             | small     | 2026-06-27 |            |               |
            crm    | 3       | won    | Third     | Sales    | Won       | Ann   | Acme    | 900    |               | small     | 2026-05-01 | 2026-06-01 | 31            |
            crm    | 4       | lost   | Fourth    | Sales    | Proposal  | Ben   | Acme    |        |               | small     | 2026-04-01 | 2026-05-01 | 30            | Price
        """,
        "marts.deal_origins": """
            system | deal_id | channel | campaign
            crm    | 1       | Display | Spring
            crm    | 3       | Email   | none
            crm    | 4       | Email   | none
        """,
        "core.deal_states": f"""
            system | deal_id | state_number | from_on    | to_on      | pipeline | stage     | kind | owner | amount | record_status
            crm    | 1       | 1            | 2026-01-11 | 2026-05-01 | Sales    | {HOSTILE} | open | Ann   | 4000   | live
            crm    | 1       | 2            | 2026-05-01 |            | Sales    | {HOSTILE} | open | Ann   | 5000   | live
            crm    | 2       | 1            | 2026-06-27 |            | Sales    | Proposal  | open |       |        | live
        """,
        "marts.waterfall_deals": """
            scope | period  | period_start | system | deal_id | pipeline | owner | line    | deals | amount
            open  | quarter | 2026-04-01   | crm    | 1       | Sales    | Ann   | opening | 1     | 4000
            open  | quarter | 2026-04-01   | crm    | 3       | Sales    | Ann   | won     | -1    | -900
        """,
        "marts.stage_visits": f"""
            system | deal_id | visit_number | pipeline | stage     | stage_kind | owner | entered_on | left_on    | days  | outcome     | is_observed | entered_at       | left_at
            crm    | 1       | 1            | Sales    | {HOSTILE} | open       | Ann   | 2026-01-11 |            | 170.2 | still_there | true        | 2026-01-11 00:00 |
            crm    | 4       | 1            | Sales    | Proposal  | open       | Ben   | 2026-04-01 | 2026-05-01 | 30    | lost        | true        | 2026-04-01 00:00 | 2026-05-01 00:00
        """,
        "marts.stage_endings": """
            system | deal_id | pipeline | stage    | owner | amount | is_lost | reason | lost_reason
            crm    | 4       | Sales    | Proposal | Ben   |        | true    | price  | Price
        """,
        "marts.funnel_people": """
            person  | owner | channel | campaign | began_at         | is_mql | is_sql | is_opportunity | is_customer
            p1      | Ann   | Email   | none     | 2026-04-01 10:00 | true   | true   | true           | true
            p2      | Ben   | Display | Spring   | 2026-05-01 10:00 | false  | false  | false          | false
        """,
        "marts.funnel_stages": """
            person | person_name | owner | is_test | channel | campaign | first_lead_at    | first_mql_at
            p1     | Eve         | Ann   | false   | Email   |          | 2026-04-01 10:00 | 2026-04-03 10:00
            p2     |             | Ben   | false   | Display | Spring   | 2026-05-01 10:00 |
        """,
        "core.spend": """
            spent_on   | channel | campaign | spend   | clicks
            2026-05-04 | Display | Spring   | 1000.50 | 50
        """,
        "marts.action_stays": f"""
            system | deal_id | visit_number | pipeline | stage     | action | entered_at       | left_at | outcome     | is_observed | is_resolved | state    | has_action | is_with
            crm    | 1       | 1            | Sales    | {HOSTILE} | demo   | 2026-01-11 00:00 |         | still_there | true        | false       | compared | true       | true
        """,
        "marts.obstacle_deals": """
            system | deal_id | pipeline | dimension | obstacle | is_lost | has_it
            crm    | 4       | Sales    | channel   | Display  | true    | true
        """,
        "marts.customer_deals": """
            system | deal_id | customer_id | account | business | status | closed_on  | amount | sale_number | sale
            crm    | 3       | crm:1       | Acme    | new      | won    | 2026-06-01 | 900    | 1           | first purchase
        """,
        "marts.stall_limits": f"""
            pipeline | stage     | size_band | limit_days
            Sales    | {HOSTILE} | small     | 80
        """,
        "marts.channel_performance": """
            period | channel | campaign | spend   | leads | mqls | sqls | deals | won | won_amount | won_without_amount | cost_per_lead | cost_per_won | roi
            all    | all     | all      | 1000.50 | 2000  | 10   | 5    | 100   | 1   | 900        | 0                  | 0.5           | 1000.5       | -0.1
            all    | Email   | all      | 0       | 1500  | 9    | 5    | 90    | 1   | 900        | 0                  |               |              |
            all    | Display | all      | 1000.50 | 500   | 1    | 0    | 10    | 0   | 0          | 0                  | 2             |              | -1
            all    | Display | Spring   | 1000.50 | 500   | 1    | 0    | 0     | 0   | 0          | 0                  | 2             |              | -1
        """,
        "marts.attribution_by_channel": """
            milestone | channel      | campaign | model  | credit | amount | share | lowest_share | highest_share
            won       | all          | all      | linear | 1      | 900    | 1     | 1            | 1
            won       | Email        | all      | linear | 0.5    | 450    | 0.5   | 0.25         | 0.75
            won       | Email        | all      | markov | 0.25   | 225    | 0.25  | 0.25         | 0.75
            won       | unattributed | all      | linear | 0.5    | 450    | 0.5   | 0.5          | 0.5
        """,
        "marts.action_effect": f"""
            pipeline | stage     | stage_order | action | stays | share_with_action | with_resolved | with_rate | without_resolved | without_rate | difference | difference_low | difference_high | q_value | verdict
            Sales    | {HOSTILE} | 1           | demo   | 100   | 0.5               | 40            | 0.9       | 50               | 0.5          | 0.4        | 0.2            | 0.6             | 0.001   | more go on
            Sales    | Proposal  | 2           | call   | 33    | 0.1               | 1             | 1         | 20               | 0.5          |            |                |                 |         | insufficient cases
        """,
        "marts.obstacles": """
            pipeline | dimension | obstacle | pipelines_with | with_closed | with_lost_rate | without_lost_rate | q_value | verdict
            all      | channel   | Display  | 2              | 30          | 0.9            | 0.5               | 0.01    | more lost
        """,
        "marts.missed_follow_ups": """
            priority | kind              | name | owner | system | deal_id | since_at            | days_late | items | sla_hours | amount
            1        | lead not answered | Eve  |       | crm    |         | 2026-06-29 09:00:00 | 1.2       | 1     | 8         |
            2        | no next step      | Deal | Ann   | crm    | 1       | 2026-06-01 00:00:00 | 29        | 1     |           | 5000
        """,
        "marts.response_times": """
            person | sla_status | is_answered | business_hours
            a      | met        | true        | 3
            b      | missed     | true        | 21
            c      | missed     | false       |
        """,
        "marts.customers": """
            customer_id | account | customer_status | first_won_on | won_deals | won_amount | repeat_purchases | renewals | expansions | renewals_due | renewals_due_amount | days_to_second_purchase
            crm:1       | Acme    | renewal due     | 2026-01-01   | 2         | 1800       | 1                | 0        | 0          | 1            | 900                 | 40
            crm:2       | Beta    | churned         | 2025-01-01   | 1         | 100        | 0                | 0        | 0          | 0            | 0                   |
        """,
        "marts.customer_retention": """
            cohort | quarters_since | customers | at_risk | with_later_win | later_win_rate | later_win_rate_low | later_win_rate_high | retained_rate
            all    | 4              | 20        | 10      | 3              | 0.3            | 0.11               | 0.6                 | 0.9
        """,
        "quality.completeness": """
            system | pipeline | stage    | stage_order | owner | field      | deals | missing | amount_blocked | blinds
            crm    | Sales    | Proposal | 2           | Ann   | amount     | 30    | 1       | 0              | Value of the pipeline, average size, forecast.
            crm    | Sales    | Proposal | 2           |       | close date | 3     | 2       | 10             | Forecast, coverage, deals past their close date.
        """,
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
