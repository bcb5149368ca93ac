"""Snowplow: the web events of its atomic table."""

from pipeline_etl import Column, Contract, Feed, String, Timestamp

EVENTS = Contract(
    "snowplow_events",
    "One row per event.",
    Column("event_id", String, "Id.", ["event_id"]),
    Column("event", String, "Kind of event: page_view, page_ping, struct, unstruct …", ["event"]),
    Column("collected_at", Timestamp, "When the collector got it.", ["collector_tstamp"]),
    Column("occurred_at", Timestamp, "When it took place, by the collector's clock.", ["derived_tstamp", "dvce_created_tstamp"], nullable=True),
    Column("visitor_id", String, "First-party cookie of the browser.", ["domain_userid"], nullable=True),
    Column("user_id", String, "Id that the company gives the person.", ["user_id"], nullable=True),
    Column("event_name", String, "Name of the event, where it has one of its own.", ["event_name"], nullable=True),
    Column("page", String, "Page.", ["page_url"], nullable=True),
    Column("referrer", String, "Page it came from.", ["page_referrer"], nullable=True),
    Column("source", String, "Source.", ["mkt_source", "refr_source"], nullable=True),
    Column("medium", String, "Medium.", ["mkt_medium", "refr_medium"], nullable=True),
    Column("campaign", String, "Campaign.", ["mkt_campaign"], nullable=True),
    Column("click_id", String, "Click id of the ad platform.", ["mkt_clickid"], nullable=True),
    Column("session_id", String, "Session.", ["domain_sessionid"], nullable=True),
    key=("event_id",),
    latest_by="collected_at",
)

CONTRACTS = [EVENTS]

FEEDS = [
    # Page pings say only that a page is still open.
    Feed("touches", """
        select
            event_id as touch_id, coalesce(occurred_at, collected_at) as occurred_at, visitor_id,
            case when user_id like '%@%' then lower(user_id) end as email, case when user_id not like '%@%' then user_id end as person_id,
            case event when 'page_view' then 'visit' when 'unstruct' then coalesce(event_name, event) else event end as touch_type,
            coalesce(medium, 'website') as channel, source, medium, campaign as campaign_id, page, referrer, click_id
        from raw.snowplow_events
        where event <> 'page_ping'
    """),
]  # fmt: skip
