"""The entities: what every CRM and marketing tool holds under names of its own. Sources feed them; `sql/staging` reads them.

A feed gives the columns that its system knows. Ids stay those of the system; a stage or pipeline may be given by id where
the system's `stages` say its name. What a column means stands in `sql/staging/<entity>.sql`.
"""

from pipeline_etl import Entity

TEXT, MONEY, SHARE, DAY, TIME, FLAG, WHOLE = "VARCHAR", "DECIMAL(18,4)", "DOUBLE", "DATE", "TIMESTAMP", "BOOLEAN", "BIGINT"

ENTITIES = [
    # precedence: 1 (or NULL) for the record itself; larger where it is put together from a history or from other records.
    Entity("deals", {
        "deal_id": TEXT, "deal_name": TEXT, "pipeline": TEXT, "stage": TEXT, "crm_status": TEXT, "amount": MONEY,
        "currency": TEXT, "company_amount": MONEY, "probability": SHARE, "created_at": TIME, "stage_changed_at": TIME,
        "close_on": DAY, "close_at": TIME, "updated_at": TIME, "owner_id": TEXT, "owner_name": TEXT, "account_id": TEXT,
        "account_name": TEXT, "person_id": TEXT, "lead_source": TEXT, "campaign_id": TEXT, "deal_type": TEXT,
        "lost_reason": TEXT, "forecast_category": TEXT, "is_deleted": FLAG, "is_merged": FLAG, "precedence": "INTEGER",
        "file": "INTEGER", "line": WHOLE,
    }, has_copies=True),
    Entity("stages", {
        "pipeline_id": TEXT, "pipeline": TEXT, "stage_id": TEXT, "stage": TEXT, "position": WHOLE, "probability": SHARE,
        "kind": TEXT,
    }),
    # evidence: history or date column.
    Entity("stage_changes", {
        "deal_id": TEXT, "pipeline": TEXT, "stage": TEXT, "from_stage": TEXT, "changed_at": TIME, "evidence": TEXT,
        "position": WHOLE,
    }),
    # field: amount, currency, close_on, owner, probability (0..1) or forecast_category. Values as text: 1234.50, 2024-05-31, an
    # owner's id or name; knows_old: whether old_value was recorded; sequence: which of two edits at one time came later.
    Entity("deal_edits", {
        "deal_id": TEXT, "field": TEXT, "changed_at": TIME, "old_value": TEXT, "new_value": TEXT, "knows_old": FLAG,
        "sequence": TEXT,
    }),
    # same_as: id of the same person in another system.
    Entity("people", {
        "person_id": TEXT, "record_type": TEXT, "email": TEXT, "first_name": TEXT, "last_name": TEXT, "account_id": TEXT,
        "company_name": TEXT, "lifecycle": TEXT, "lead_source": TEXT, "owner_id": TEXT, "created_at": TIME,
        "updated_at": TIME, "converted_person_id": TEXT, "converted_deal_id": TEXT, "same_as": TEXT, "precedence": "INTEGER",
    }),
    Entity("lifecycle_changes", {"person_id": TEXT, "email": TEXT, "stage": TEXT, "changed_at": TIME, "evidence": TEXT}),
    Entity("accounts", {
        "account_id": TEXT, "account_name": TEXT, "website": TEXT, "industry": TEXT, "employees": WHOLE, "owner_id": TEXT,
        "updated_at": TIME, "precedence": "INTEGER",
    }),
    Entity("deal_people", {"deal_id": TEXT, "person_id": TEXT, "is_primary": FLAG, "role": TEXT, "method": TEXT}),
    Entity("owners", {
        "owner_id": TEXT, "owner_name": TEXT, "email": TEXT, "team": TEXT, "is_active": FLAG, "time_zone": TEXT,
        "updated_at": TIME,
    }),
    # A person record got this owner, as the system recorded it.
    Entity("assignments", {"person_id": TEXT, "owner_id": TEXT, "assigned_at": TIME}),
    # entity: deal, person or account; record_id ended and lives on in into_id.
    Entity("merges", {"entity": TEXT, "record_id": TEXT, "into_id": TEXT, "merged_at": TIME}),
    # A channel is the system's own word for it; source, medium, campaign as in UTM tags.
    Entity("touches", {
        "touch_id": TEXT, "occurred_at": TIME, "email": TEXT, "visitor_id": TEXT, "person_id": TEXT, "deal_id": TEXT,
        "touch_type": TEXT, "channel": TEXT, "source": TEXT, "medium": TEXT, "campaign_id": TEXT, "page": TEXT,
        "referrer": TEXT, "click_id": TEXT,
    }),
    Entity("activities", {
        "activity_id": TEXT, "activity_type": TEXT, "occurred_at": TIME, "due_on": DAY, "is_done": FLAG, "deal_id": TEXT,
        "person_id": TEXT, "account_id": TEXT, "owner_id": TEXT, "subject": TEXT, "direction": TEXT, "created_at": TIME,
    }),
    Entity("campaigns", {
        "campaign_id": TEXT, "campaign_name": TEXT, "channel": TEXT, "starts_on": DAY, "ends_on": DAY, "cost": MONEY,
        "budget": MONEY, "currency": TEXT, "updated_at": TIME, "precedence": "INTEGER",
    }),
    # level: campaign, ad group, ad, keyword, account … of one platform and day the one nearest to the campaign is used.
    Entity("spend", {
        "spent_on": DAY, "spent_to": DAY, "account": TEXT, "campaign_id": TEXT, "campaign_name": TEXT, "channel": TEXT,
        "level": TEXT, "spend": MONEY, "currency": TEXT, "impressions": WHOLE, "clicks": WHOLE, "conversions": SHARE,
    }),
    Entity("line_items", {"deal_id": TEXT, "product": TEXT, "quantity": SHARE, "amount": MONEY}),
    # One unit of currency is worth `rate` units of into_currency from rate_on on.
    Entity("exchange_rates", {"rate_on": DAY, "currency": TEXT, "into_currency": TEXT, "rate": SHARE}),
    # Plans: an empty pipeline, owner or team means all of them.
    Entity("targets", {
        "period": TEXT, "period_start": DAY, "pipeline": TEXT, "owner": TEXT, "team": TEXT, "metric": TEXT, "target": MONEY,
        "currency": TEXT, "file": "INTEGER", "line": WHOLE,
    }),
    Entity("capacities", {
        "period": TEXT, "period_start": DAY, "owner": TEXT, "team": TEXT, "open_deals_capacity": SHARE,
        "delivery_capacity": SHARE, "file": "INTEGER", "line": WHOLE,
    }),
    # Patterns with * and |; an empty one fits all. The first rule that fits names the channel.
    Entity("channel_rules", {
        "rule": WHOLE, "channel": TEXT, "word": TEXT, "source": TEXT, "medium": TEXT, "campaign": TEXT, "referrer": TEXT,
        "click_id": TEXT, "file": "INTEGER", "line": WHOLE,
    }),
    Entity("benchmarks", {
        "metric": TEXT, "value": SHARE, "low": SHARE, "high": SHARE, "currency": TEXT, "source": TEXT, "year": WHOLE,
        "definition": TEXT, "note": TEXT, "url": TEXT, "file": "INTEGER", "line": WHOLE,
    }),
]  # fmt: skip
