"""Mailchimp: audience exports, campaign reports, and the activity of each recipient."""

from pipeline_etl import Column, Contract, Email, Feed, Integer, String, Timestamp

MEMBERS = Contract(
    "mailchimp_members",
    "One row per member of an audience.",
    Column("email", Email, "E-mail address.", ["Email Address", "Dirección de correo electrónico", "email_address"]),
    Column("first_name", String, "First name.", ["First Name", "Nombre", "merge_fields.FNAME"], nullable=True),
    Column("last_name", String, "Last name.", ["Last Name", "Apellidos", "merge_fields.LNAME"], nullable=True),
    Column("rating", Integer, "Rating by Mailchimp, 1 to 5.", ["MEMBER_RATING", "member_rating"], nullable=True),
    Column("joined_at", Timestamp, "When the member joined.", ["OPTIN_TIME", "CONFIRM_TIME", "timestamp_opt", "timestamp_signup"], nullable=True),
    Column("changed_at", Timestamp, "When the record last changed.", ["LAST_CHANGED", "last_changed"], nullable=True),
    Column("member_id", String, "Id.", ["LEID", "EUID", "unique_email_id", "web_id"], otherwise=("email",)),
    key=("email",),
    latest_by="changed_at",
    marks=(("MEMBER_RATING", "OPTIN_TIME", "LEID", "EUID", "LAST_CHANGED"),),
)

ACTIVITY = Contract(
    "mailchimp_activity",
    "One row per action of a recipient of a campaign: sent, open, click, bounce …",
    Column("email", Email, "Recipient.", ["Email Address", "Email", "email_address", "Dirección de correo electrónico"]),
    Column("action", String, "What happened.", ["Action", "action", "Acción"]),
    Column("occurred_at", Timestamp, "When.", ["Timestamp", "timestamp", "Fecha y hora"]),
    Column("campaign_id", String, "Campaign.", ["campaign_id", "Campaign Id", "Campaign", "Campaña", "Id. de campaña"], nullable=True),
    Column("url", String, "Link that was clicked.", ["URL", "url"], nullable=True),
    key=("email", "action", "occurred_at", "campaign_id", "url"),
)

EMAIL_ACTIVITY = Contract(
    "mailchimp_email_activity",
    "One row per recipient of a campaign with all that the recipient did, as the API gives it.",
    Column("email", Email, "Recipient.", ["email_address"]),
    Column("campaign_id", String, "Campaign.", ["campaign_id"]),
    Column("activity", String, "The recipient's actions, as JSON.", ["activity"], nullable=True),
    key=("email", "campaign_id"),
    marks=(("activity",),),
)

CAMPAIGNS = Contract(
    "mailchimp_campaigns",
    "One row per campaign that was sent.",
    Column("campaign_id", String, "Id.", ["Unique Id", "id"]),
    Column("campaign_name", String, "Title.", ["Title", "Campaign Name", "settings.title", "title"]),
    Column("sent_at", Timestamp, "When it was sent.", ["Send Date", "send_time"]),
    Column("recipients", Integer, "Recipients.", ["Total Recipients", "emails_sent"], nullable=True),
    Column("subject", String, "Subject.", ["Subject", "settings.subject_line", "subject_line"], nullable=True),
    key=("campaign_id",),
)

CONTRACTS = [MEMBERS, ACTIVITY, EMAIL_ACTIVITY, CAMPAIGNS]

FEEDS = [
    Feed("people", """
        select
            email as person_id, 'lead' as record_type, email, first_name, last_name, joined_at as created_at, changed_at as updated_at
        from raw.mailchimp_members
    """),
    Feed("touches", """
        select
            md5(concat_ws('|', email, action, occurred_at, campaign_id, url)) as touch_id, occurred_at, email,
            'email ' || lower(action) as touch_type, 'email' as channel, campaign_id, url as page
        from raw.mailchimp_activity
    """),
    Feed("touches", """
        with actions as (
            select email, campaign_id, unnest(from_json(activity, '[{"action": "VARCHAR", "timestamp": "VARCHAR", "url": "VARCHAR"}]')) as a
            from raw.mailchimp_email_activity
        )

        select
            md5(concat_ws('|', email, a.action, a.timestamp, campaign_id, a.url)) as touch_id,
            try_cast(a.timestamp as timestamptz) at time zone 'UTC' as occurred_at, email, 'email ' || lower(a.action) as touch_type,
            'email' as channel, campaign_id, a.url as page
        from actions
    """),
    Feed("campaigns", "select campaign_id, campaign_name, 'email' as channel, sent_at::date as starts_on from raw.mailchimp_campaigns"),
]  # fmt: skip
