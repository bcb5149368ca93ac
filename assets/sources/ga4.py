"""Google Analytics 4: the event export (BigQuery), as JSON lines, Parquet or CSV."""

from pipeline_etl import Column, Contract, Date, Feed, Integer, Number, String, Timestamp

EVENTS = Contract(
    "ga4_events",
    "One row per event. Intraday tables repeat what the daily one has: one of each is kept.",
    Column("visitor_id", String, "Pseudonymous id of the device.", ["user_pseudo_id"]),
    Column("event_name", String, "Name of the event.", ["event_name"]),
    Column("occurred_at", Timestamp, "When, in microseconds since 1970.", ["event_timestamp"]),
    Column("event_on", Date, "Day in the property's time zone.", ["event_date"], nullable=True),
    Column("bundle", Integer, "Number of the bundle that sent it.", ["event_bundle_sequence_id"], nullable=True),
    Column("batch", Integer, "Place in its batch.", ["batch_event_index"], nullable=True),
    Column("user_id", String, "Id that the company gives the person.", ["user_id"], nullable=True),
    Column("parameters", String, "Parameters of the event, as JSON.", ["event_params"], nullable=True),
    Column("page", String, "Page, in a flattened export.", ["page_location", "event_params.page_location"], nullable=True),
    Column("referrer", String, "Page it came from, in a flattened export.", ["page_referrer", "event_params.page_referrer"], nullable=True),
    Column("source", String, "Source of the event.", ["collected_traffic_source.manual_source", "session_traffic_source_last_click.manual_campaign.source", "event_params.source", "source"], nullable=True),
    Column("medium", String, "Medium of the event.", ["collected_traffic_source.manual_medium", "session_traffic_source_last_click.manual_campaign.medium", "event_params.medium", "medium"], nullable=True),
    Column("campaign", String, "Campaign of the event.", ["collected_traffic_source.manual_campaign_name", "session_traffic_source_last_click.manual_campaign.campaign_name", "event_params.campaign", "campaign"], nullable=True),
    Column("click_id", String, "Google click id.", ["collected_traffic_source.gclid", "event_params.gclid", "gclid"], nullable=True),
    # The source of the person's first visit ever: it says nothing of this event, so it is kept apart.
    Column("first_source", String, "Source that first brought the person.", ["traffic_source.source"], nullable=True),
    Column("first_medium", String, "Its medium.", ["traffic_source.medium"], nullable=True),
    Column("revenue", Number, "Revenue of a purchase.", ["ecommerce.purchase_revenue"], nullable=True),
    key=("visitor_id", "event_name", "occurred_at", "bundle", "batch"),
)

CONTRACTS = [EVENTS]

PARAMETER = "nullif(regexp_extract(parameters, '\"key\": ?\"{}\", ?\"value\": ?\\{{[^}}]*?\"string_value\": ?\"((?:[^\"\\\\\\\\]|\\\\\\\\.)*)\"', 1), '')"
"""One parameter of an event out of the JSON of all: they are a list of keys and values."""

FEEDS = [
    Feed("touches", f"""
        select
            md5(concat_ws('|', visitor_id, event_name, epoch_us(occurred_at), bundle, batch)) as touch_id, occurred_at, visitor_id,
            case when user_id like '%@%' then lower(user_id) end as email, case when user_id not like '%@%' then user_id end as person_id,
            case event_name when 'page_view' then 'visit' else event_name end as touch_type,
            coalesce(medium, {PARAMETER.format("medium")}) as channel, coalesce(source, {PARAMETER.format("source")}) as source,
            coalesce(medium, {PARAMETER.format("medium")}) as medium, coalesce(campaign, {PARAMETER.format("campaign")}) as campaign_id,
            coalesce(page, {PARAMETER.format("page_location")}) as page, coalesce(referrer, {PARAMETER.format("page_referrer")}) as referrer,
            coalesce(click_id, {PARAMETER.format("gclid")}) as click_id
        from raw.ga4_events
    """),
]  # fmt: skip
