"""Klaviyo: profiles, events and campaigns, by label and as its API and connectors give them."""

from pipeline_etl import Column, Contract, Email, Feed, String, Timestamp

PROFILES = Contract(
    "klaviyo_profiles",
    "One row per profile.",
    Column("person_id", String, "Id.", ["Klaviyo ID", "id", "person_id"]),
    Column("email", Email, "E-mail address.", ["Email", "email", "attributes.email"]),
    Column("first_name", String, "First name.", ["First Name", "first_name", "attributes.first_name"], nullable=True),
    Column("last_name", String, "Last name.", ["Last Name", "last_name", "attributes.last_name"], nullable=True),
    Column("company_name", String, "Company.", ["Organization", "organization", "attributes.organization"], nullable=True),
    Column("lead_source", String, "Where the profile came from.", ["Source", "initial_source", "source"], nullable=True),
    Column("created_at", Timestamp, "When it was created.", ["Date Added", "created", "attributes.created"]),
    Column("updated_at", Timestamp, "When it last changed.", ["Profile Updated On", "updated", "attributes.updated"], nullable=True),
    Column("last_active_at", Timestamp, "When the person was last active.", ["Last Active", "last_event_date", "attributes.last_event_date"], nullable=True),
    key=("person_id",),
    latest_by="updated_at",
    marks=(("Klaviyo ID", "last_event_date", "attributes.email", "Email Marketing Consent"),),
)

EVENTS = Contract(
    "klaviyo_events",
    "One row per event of a profile: e-mail received, opened, clicked, form, order …",
    Column("event_id", String, "Id.", ["Event ID", "id", "uuid", "attributes.uuid"], otherwise=("email", "person_id", "event_type", "occurred_at")),
    Column("event_type", String, "Name of the metric.", ["Metric", "Event", "metric_name", "event_name", "type"]),
    Column("occurred_at", Timestamp, "When.", ["Event Time", "Timestamp", "datetime", "timestamp", "attributes.datetime"]),
    Column("email", Email, "E-mail address.", ["Email", "email", "Profile Email"], nullable=True),
    Column("person_id", String, "Profile.", ["Klaviyo ID", "Profile ID", "person_id", "profile_id", "relationships.profile.data.id"], nullable=True),
    Column("campaign_id", String, "Campaign or message.", ["Campaign ID", "campaign_id", "Campaign Name", "Message ID", "$message"], nullable=True),
    Column("metric_id", String, "Metric, by id: what the API gives in place of its name.", ["relationships.metric.data.id", "metric_id"], nullable=True),
    Column("flow_id", String, "Flow.", ["Flow ID", "flow_id", "Flow Name"], nullable=True),
    Column("page", String, "Page or link.", ["URL", "url", "property_url"], nullable=True),
    key=("event_id",),
    marks=(("Metric", "metric_name", "metric_id", "flow_id", "Flow ID", "relationships.metric.data.id"),
           ("Klaviyo ID", "Profile ID", "person_id", "profile_id", "Email", "email", "relationships.profile.data.id")),
)

METRICS = Contract(
    "klaviyo_metrics",
    "One row per metric: the kind of an event.",
    Column("metric_id", String, "Id.", ["id"]),
    Column("metric_name", String, "Name.", ["attributes.name", "name"]),
    key=("metric_id",),
    marks=(("attributes.integration.id", "attributes.integration.name", "integration_id", "integration_name"),),
)

CAMPAIGNS = Contract(
    "klaviyo_campaigns",
    "One row per campaign.",
    Column("campaign_id", String, "Id.", ["Campaign ID", "id"]),
    Column("campaign_name", String, "Name.", ["Campaign Name", "name"]),
    Column("sent_at", Timestamp, "When it was sent.", ["Send Time", "sent_at", "send_time", "scheduled_at"]),
    Column("subject", String, "Subject.", ["Subject", "subject"], nullable=True),
    Column("channel", String, "Channel.", ["Campaign Channel", "Send Channel", "campaign_type", "channel"]),
    key=("campaign_id",),
)

CONTRACTS = [PROFILES, EVENTS, METRICS, CAMPAIGNS]

FEEDS = [
    Feed("people", """
        select
            person_id, 'lead' as record_type, email, first_name, last_name, company_name, lead_source, created_at, updated_at
        from raw.klaviyo_profiles
    """),
    Feed("touches", """
        with named as (
            -- Every event of the API is of type `event`; its metric says which.
            select e.*, coalesce(lower(m.metric_name), lower(nullif(e.event_type, 'event'))) as name
            from raw.klaviyo_events as e
            left join raw.klaviyo_metrics as m on m.metric_id = e.metric_id
        )

        select
            e.event_id as touch_id, e.occurred_at, coalesce(e.email, p.email) as email, e.person_id,
            coalesce(e.name, 'metric ' || e.metric_id) as touch_type,
            case when e.name like '%email%' then 'email' when e.name like '%sms%' then 'sms' when e.name is not null then 'website' end as channel,
            coalesce(e.campaign_id, e.flow_id) as campaign_id, e.page
        from named as e
        left join raw.klaviyo_profiles as p on p.person_id = e.person_id
    """),
    Feed("campaigns", """
        select campaign_id, campaign_name, lower(channel) as channel, sent_at::date as starts_on
        from raw.klaviyo_campaigns
    """),
]  # fmt: skip
