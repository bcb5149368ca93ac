"""The SQL against an independent reading in plain Python, on random small companies."""

from comparing import KEYS, compare
from hypothesis import given
from strategies import companies, laws

from assets.demo import truth as reference
from pipeline_etl.settings import Settings

TARGETS = [
    "core.deal_values", "core.deals", "core.stage_events", "core.calendar", "core.periods", "core.deal_states", "marts.stage_visits",
    "marts.deals", "marts.survival", "marts.stall_limits", "marts.stage_snapshot", "marts.stage_daily", "marts.stage_times",
    "marts.pipeline_health", "marts.health_by_cohort", "marts.health_by_segment", "marts.stage_conversion", "marts.stage_conversion_by_cohort",
    "marts.stage_duration",
]  # fmt: skip
COMPARED = [t for t in TARGETS if t in KEYS]


def text(value):
    """A value as an export's edit history writes it."""
    return None if value is None else str(value)


def given_tables(company):
    """A company of the strategies as the tables that the models read."""
    deals = [
        {
            "system": d["system"], "deal_id": d["deal_id"], "pipeline": d["pipeline"], "stage": d["stage"],
            "amount": d["amount"], "probability": d["probability"], "created_at": d["created_at"],
            "stage_changed_at": d["stage_changed_at"], "close_at": d["closed_on_at"], "close_on": d["close_on"],
            "owner_name": d["owner"], "updated_at": d["updated_at"], "is_deleted": d["is_deleted"], "is_merged": d["is_merged"],
            "ended_at": d["ended_at"],
        }
        for d in company.deals
    ]  # fmt: skip
    pipeline_of = {(d["system"], d["deal_id"]): d["pipeline"] for d in company.deals}
    changes = [
        {
            "system": c["system"], "deal_id": c["deal_id"],
            "pipeline": c["pipeline"] or pipeline_of.get((c["system"], c["deal_id"]), "default"),
            "stage": c["stage"], "from_stage": c["from_stage"] or "", "changed_at": c["changed_at"], "evidence": c["evidence"],
        }
        for c in company.changes
    ]  # fmt: skip
    stages = [{k: s[k] for k in ("pipeline", "stage", "stage_order", "kind")} for s in company.stages]
    edits = [
        {**e, "old_value": text(e["old_value"]), "new_value": text(e["new_value"]), "sequence": f"{n:06}"}
        for n, e in enumerate(company.edits)
    ]
    return {
        "staging.deals": deals,
        "feeds.deal_edits": edits,
        "settings.size_bands": [dict(zip(("band", "low", "high"), band, strict=True)) for band in Settings().bands],
        "core.parameters": [{"one": 1, "base_currency": "EUR", "business_time_zone": "UTC"}],
        "staging.stage_changes": changes,
        "core.stages": stages,
        "core.as_of": [{"one": 1, "as_of": company.as_of, "as_of_from": "test"}],
    }


@laws(25)
@given(company=companies())
def test_every_table_says_what_the_reference_says(bench, company):
    found = bench.run(["staging.deal_edits", *TARGETS], given_tables(company))
    wanted = reference.tables(company.deals, company.changes, company.stages, company.as_of, edits=company.edits)
    for table in COMPARED:
        compare(table, found[table], wanted[table])
