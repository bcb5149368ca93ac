"""Where no history is exported, the differences between exports of the same deals are one, with the interval of each change."""

import random
from datetime import datetime, timedelta


def test_a_difference_between_two_exports_is_a_change_with_its_interval(example):
    example("staging.snapshot_changes", {"staging.snapshots": """
        system | deal_id | file | exported_at      | pipeline | stage | stage_changed_at | close_at         | crm_status | updated_at
        crm    | moved   | 1    | 2025-01-05       |          | Lead  |                  |                  |            |
        crm    | moved   | 2    | 2025-01-12       |          | Demo  |                  |                  |            |
        crm    | moved   | 3    | 2025-01-19       |          | Demo  |                  |                  |            |
        crm    | known   | 1    | 2025-01-05       |          | Lead  |                  |                  |            |
        crm    | known   | 2    | 2025-01-12       |          | Demo  | 2025-01-08 10:00 |                  |            | 2025-01-11
        crm    | closed  | 1    | 2025-01-05       |          | Lead  |                  | 2025-01-11       | open       |
        crm    | closed  | 2    | 2025-01-12       |          | Won   | 2025-01-01       | 2025-01-11 09:00 | won        | 2025-01-11 12:00
        crm    | edited  | 1    | 2025-01-05       |          | Lead  |                  |                  |            |
        crm    | edited  | 2    | 2025-01-12       |          | Demo  |                  | 2025-03-01       | open       | 2025-01-11 12:00
        crm    | stays   | 1    | 2025-01-05       |          | Lead  |                  |                  |            |
        crm    | stays   | 3    | 2025-01-19       |          | Lead  |                  |                  |            |
        crm    | handed  | 1    | 2025-01-05       | A        | Lead  |                  |                  |            |
        crm    | handed  | 2    | 2025-01-12       | B        | Lead  |                  |                  |            |
        crm    | twice   | 1    | 2025-01-05       |          | Lead  |                  |                  |            |
        crm    | twice   | 4    | 2025-01-05       |          | Demo  |                  |                  |            |
    """}, """
        deal_id | pipeline | stage | from_stage | not_before | changed_at
        moved   |          | Demo  | Lead       | 2025-01-05 | 2025-01-12
        known   |          | Demo  | Lead       | 2025-01-05 | 2025-01-08 10:00
        closed  |          | Won   | Lead       | 2025-01-05 | 2025-01-11 09:00
        edited  |          | Demo  | Lead       | 2025-01-05 | 2025-01-11 12:00
        handed  | B        | Lead  |            | 2025-01-05 | 2025-01-12
    """)  # fmt: skip


def test_an_export_was_made_when_its_name_or_its_newest_record_says(example):
    example("staging.snapshots", {
        "settings.run": """
            started_at
            2025-06-01
        """,
        "rejects.survey": """
            file | dated
            1    | 2025-01-05
            2    | 2025-01-12
            3    |
            4    |
        """,
        "feeds.deals_copies": """
            system | deal_id | stage | updated_at       | precedence | file | line
            crm    | a       | Lead  | 2025-01-04 10:00 |            | 1    | 2
            crm    | a       | Demo  | 2025-01-12 15:00 |            | 2    | 2
            crm    | b       | Lead  | 2025-01-06 15:00 |            | 2    | 3
            crm    | b       | Won   | 2025-01-20 15:00 |            | 3    | 2
            crm    | b       | Lead  | 2025-01-19 15:00 |            | 3    | 3
            crm    | c       | Lead  |                  |            | 4    | 2
            crm    | d       | Lead  | 2099-01-01       |            | 1    | 3
            crm    | e       | Lead  | 2025-01-04 10:00 | 2          | 1    | 4
        """,
    }, """
        deal_id | file | exported_at      | stage
        a       | 1    | 2025-01-05       | Lead
        a       | 2    | 2025-01-12 15:00 | Demo
        b       | 2    | 2025-01-12 15:00 | Lead
        b       | 3    | 2025-01-20 15:00 | Won
        d       | 1    | 2025-01-05       | Lead
    """)  # fmt: skip


def test_they_count_only_where_nothing_else_is_recorded_of_a_deal(example):
    example("staging.stage_changes", {
        "feeds.stage_changes": """
            system | deal_id | stage | from_stage | changed_at | evidence
            crm    | told    | Demo  | Lead       | 2025-01-08 | history
        """,
        "staging.snapshot_changes": """
            system | deal_id | stage | from_stage | not_before | changed_at
            crm    | told    | Demo  | Lead       | 2025-01-05 | 2025-01-12
            crm    | silent  | Demo  | Lead       | 2025-01-05 | 2025-01-12
        """,
    }, """
        deal_id | pipeline | stage | from_stage | changed_at | evidence  | not_before
        told    | default  | Demo  | Lead       | 2025-01-08 | history   |
        silent  | default  | Demo  | Lead       | 2025-01-12 | snapshots | 2025-01-05
    """)  # fmt: skip


def test_daily_snapshots_of_a_life_bracket_each_of_its_changes(bench):
    """A law: seen every day, each change of a life is found, in order, within the day in which it happened."""
    dice = random.Random(11)
    for _ in range(20):
        at, life, stage = datetime(2025, 1, 1, 12), [], "s0"
        for _ in range(dice.randint(1, 6)):
            at += timedelta(days=dice.randint(1, 5), hours=dice.randint(0, 11))
            stage = dice.choice([s for s in ("s0", "s1", "s2", "s3") if s != stage])
            life.append((at, stage))
        days = [datetime(2025, 1, 1) + timedelta(days=n) for n in range(45)]
        rows = [
            {"system": "crm", "deal_id": "d", "file": n, "exported_at": day, "stage": ([s for t, s in life if t <= day] or ["s0"])[-1]}
            for n, day in enumerate(days)
        ]  # fmt: skip
        found = sorted(bench.run(["staging.snapshot_changes"], {"staging.snapshots": rows})["staging.snapshot_changes"], key=lambda r: r["changed_at"])
        assert [r["stage"] for r in found] == [s for _, s in life]
        assert all(r["not_before"] < t <= r["changed_at"] and r["changed_at"] - r["not_before"] == timedelta(days=1) for r, (t, _) in zip(found, life, strict=True))
