"""Generic files: what everybody else writes. Plain headings are recognised; others are named in a mapping file."""

from pipeline_etl import Boolean, Column, Contract, Date, Email, Feed, Integer, Money, Number, Percent, String, Timestamp

UPDATED = Column("updated_at", Timestamp, "When the record last changed.", ["modified_at", "last_modified", "update_time", "fecha_modificacion"], nullable=True)
OWNER = Column("owner", String, "Owner, by name or id.", ["owner_name", "owner_id", "sales_rep", "responsable", "propietario"], nullable=True)
ACCOUNT = Column("account_id", String, "Account id.", ["company_id", "organization_id", "id_empresa"], nullable=True)

DEALS = Contract(
    "generic_deals",
    "One row per deal of any CRM.",
    Column("deal_id", String, "Deal id.", ["opportunity_id", "id", "id_negocio", "id_oportunidad"]),
    Column("stage", String, "Stage it stands in.", ["deal_stage", "stage_name", "etapa"]),
    Column("created_at", Timestamp, "When the deal was created.", ["created", "create_date", "created_date", "creation_date", "fecha_creacion", "fecha de creación"]),
    Column("deal_name", String, "Name of the deal.", ["name", "title", "opportunity_name", "nombre"], nullable=True),
    Column("pipeline", String, "Pipeline.", ["pipeline_name", "funnel", "embudo"], nullable=True),
    Column("status", String, "open, won, lost, deleted or merged, where the stage does not say it.", ["deal_status", "estado"], nullable=True),
    Column("amount", Money, "Value in its own currency.", ["value", "deal_value", "importe", "valor"], currency="currency", nullable=True),
    Column("currency", String, "ISO code of the amount's currency.", ["currency_code", "moneda", "divisa"], nullable=True),
    Column("probability", Percent, "Probability of winning, 0..1.", ["win_probability", "probabilidad"], nullable=True, scale=None, between=(0, 1)),
    Column("closed_at", Timestamp, "When it was won or lost.", ["close_time", "won_or_lost_at", "fecha_cierre_real"], nullable=True),
    Column("expected_close_on", Date, "Day on which it is expected to close.", ["expected_close_date", "close_date", "fecha_cierre", "fecha de cierre"], nullable=True),
    Column("stage_changed_at", Timestamp, "When it entered the stage it stands in.", ["stage_change_time", "stage_entered_at"], nullable=True),
    UPDATED,
    OWNER,
    ACCOUNT,
    Column("account_name", String, "Company.", ["company", "company_name", "account", "empresa"], nullable=True),
    Column("person_id", String, "Primary contact.", ["primary_contact_id", "contact_id", "id_contacto"], nullable=True),
    Column("lead_source", String, "Where the deal came from.", ["source", "origin", "origen"], nullable=True),
    Column("campaign_id", String, "Campaign it came from.", ["campaign"], nullable=True),
    Column("deal_type", String, "New or existing business.", ["type"], nullable=True),
    Column("lost_reason", String, "Why it was lost.", ["loss_reason", "motivo_perdida"], nullable=True),
    key=("deal_id",),
    latest_by="updated_at",
)

STAGE_CHANGES = Contract(
    "generic_stage_changes",
    "One row per entry of a deal into a stage.",
    Column("deal_id", String, "Deal id.", ["opportunity_id", "id_negocio", "id_oportunidad"]),
    Column("stage", String, "Stage entered.", ["to_stage", "new_stage", "stage_name", "etapa"]),
    Column("changed_at", Timestamp, "When the deal entered the stage.", ["entered_at", "date_entered", "change_time", "timestamp", "fecha_entrada"]),
    Column("from_stage", String, "Stage before.", ["old_stage", "previous_stage"], nullable=True),
    Column("pipeline", String, "Pipeline, where the deal was in another one then.", ["pipeline_name"], nullable=True),
    Column("changed_by", String, "Who moved it.", ["user", "user_id"], nullable=True),
    UPDATED,
    key=("deal_id", "stage", "changed_at"),
    latest_by="updated_at",
)

DEAL_EDITS = Contract(
    "generic_deal_edits",
    "One row per change of a deal's amount, currency, close_on, owner, probability or forecast_category.",
    Column("deal_id", String, "Deal id.", ["opportunity_id", "id_negocio", "id_oportunidad"]),
    Column("field", String, "Field that changed.", ["field_name", "campo"]),
    Column("changed_at", Timestamp, "When it changed.", ["change_time", "timestamp", "fecha"]),
    Column("old_value", String, "Value before, as 1234.50, 2024-05-31, 0.25 or a name.", ["valor_anterior"], nullable=True),
    Column("new_value", String, "Value after.", ["valor_nuevo"], nullable=True),
    key=("deal_id", "field", "changed_at", "new_value"),
    marks=(("new_value", "valor_nuevo"),),
)

TOUCHES = Contract(
    "generic_touches",
    "One row per contact of a person with marketing: a visit, a click, a form, a webinar.",
    Column("touch_id", String, "Touch id.", ["id", "event_id"], otherwise=("email", "visitor_id", "occurred_at", "touch_type", "channel", "campaign_id")),
    Column("occurred_at", Timestamp, "When it took place.", ["timestamp", "event_time", "touch_time", "submitted_at", "submission_date", "Registration Time", "registered_at", "fecha", "fecha de envío", "fecha de registro"]),
    Column("email", Email, "E-mail address, where the person is known.", ["person_email", "contact_email", "email_address", "correo", "correo electrónico"], nullable=True),
    Column("visitor_id", String, "Anonymous visitor id.", ["anon_id", "anonymous_id", "cookie_id", "client_id"], nullable=True),
    Column("person_id", String, "Person id.", ["contact_id", "lead_id"], nullable=True),
    Column("touch_type", String, "What happened.", ["event_type", "event", "event_name", "tipo"], nullable=True),
    Column("channel", String, "Channel.", ["utm_medium", "medium", "canal"], nullable=True),
    Column("campaign_id", String, "Campaign, by id or name.", ["campaign", "utm_campaign", "campaña"], nullable=True),
    Column("page", String, "Page or asset.", ["url", "page_url", "landing_page", "asset"], nullable=True),
    Column("source", String, "Source.", ["utm_source", "source"], nullable=True),
    Column("referrer", String, "Page it came from.", ["referer", "referrer_url"], nullable=True),
    Column("click_id", String, "Click id of the ad platform.", ["gclid", "fbclid", "msclkid"], nullable=True),
    Column("form", String, "Form that was sent.", ["form_name", "form_id", "formulario"], nullable=True),
    Column("webinar", String, "Webinar that the person signed up for.", ["webinar_name", "webinar_id", "webinar_title"], nullable=True),
    Column("attended", Boolean, "Whether the person came to the webinar.", ["attended", "has_attended", "asistió"], nullable=True),
    key=("touch_id",),
    marks=(("touch_id", "anon_id", "visitor_id", "anonymous_id", "event_type", "touch_type", "channel", "touch_time", "canal",
            "form", "form_name", "form_id", "formulario", "webinar", "webinar_name", "webinar_id", "attended", "asistió"),),
)

ACCOUNTS = Contract(
    "generic_accounts",
    "One row per company.",
    Column("account_id", String, "Company id.", ["company_id", "organization_id", "id_empresa"]),
    Column("account_name", String, "Name of the company.", ["name", "company_name", "company", "nombre"]),
    Column("website", String, "Domain.", ["domain", "web", "dominio"], nullable=True),
    Column("industry", String, "Industry.", ["sector"], nullable=True),
    Column("employees", Integer, "Number of employees.", ["number_of_employees", "empleados"], nullable=True),
    UPDATED,
    OWNER,
    key=("account_id",),
    latest_by="updated_at",
    marks=(("domain", "industry", "employees", "website", "sector", "empleados"),),
)

PEOPLE = Contract(
    "generic_people",
    "One row per person.",
    Column("person_id", String, "Person id.", ["contact_id", "lead_id", "id_contacto"]),
    Column("email", Email, "E-mail address, lower case.", ["email_address", "correo"], nullable=True),
    Column("first_name", String, "First name.", ["nombre"], nullable=True),
    Column("last_name", String, "Last name.", ["apellidos"], nullable=True),
    Column("lifecycle", String, "Lifecycle stage.", ["lifecycle_stage", "etapa_ciclo_vida"], nullable=True),
    Column("lead_source", String, "Where the person came from.", ["source", "origen"], nullable=True),
    Column("created_at", Timestamp, "When the record was created.", ["created", "create_date", "fecha_creacion"], nullable=True),
    ACCOUNT,
    UPDATED,
    OWNER,
    key=("person_id",),
    latest_by="updated_at",
    marks=(("first_name", "last_name", "lifecycle", "lifecycle_stage", "apellidos"),),
)

DEAL_PEOPLE = Contract(
    "generic_deal_people",
    "One row per person who has a part in a deal.",
    Column("deal_id", String, "Deal id.", ["opportunity_id"]),
    Column("person_id", String, "Person id.", ["contact_id"]),
    Column("is_primary", Boolean, "Whether it is the main contact.", ["primary"], nullable=True),
    Column("role", String, "Part of the person in the decision.", ["contact_role"], nullable=True),
    key=("deal_id", "person_id"),
    marks=(("is_primary", "primary", "role", "contact_role"),),
)

ACTIVITIES = Contract(
    "generic_activities",
    "One row per call, e-mail, meeting or note of the sales team.",
    Column("activity_id", String, "Activity id.", ["id_actividad"]),
    Column("activity_type", String, "Kind of activity.", ["type", "tipo"]),
    Column("occurred_at", Timestamp, "When it took place.", ["date", "timestamp", "fecha"]),
    Column("deal_id", String, "Deal it is about.", ["opportunity_id"], nullable=True),
    Column("person_id", String, "Person it is with.", ["contact_id"], nullable=True),
    Column("duration_minutes", Number, "Duration in minutes.", ["duration_min", "duration"], nullable=True),
    OWNER,
    key=("activity_id",),
)

CAMPAIGNS = Contract(
    "generic_campaigns",
    "One row per campaign.",
    Column("campaign_id", String, "Campaign id.", ["id_campaña"]),
    Column("campaign_name", String, "Name of the campaign.", ["name", "nombre"]),
    Column("channel", String, "Channel.", ["medium", "canal"], nullable=True),
    Column("starts_at", Timestamp, "When it begins.", ["start_at", "start_date", "fecha_inicio"], nullable=True),
    Column("budget", Money, "Budget.", ["presupuesto"], nullable=True),
    key=("campaign_id",),
    marks=(("budget", "start_at", "start_date", "channel", "canal"),),
)

SPEND = Contract(
    "generic_spend",
    "One row per day and campaign: what was spent and what it bought.",
    Column("spent_on", Date, "Day.", ["date", "day", "fecha", "día"]),
    Column("campaign_id", String, "Campaign, by id or name.", ["campaign", "campaign_name", "campaña"]),
    Column("spend", Money, "Spend in its own currency.", ["cost", "amount_spent", "inversión", "gasto"], currency="currency"),
    Column("currency", String, "ISO code of the spend's currency.", ["currency_code", "moneda"], nullable=True),
    Column("channel", String, "Channel.", ["medium", "canal"], nullable=True),
    Column("impressions", Integer, "Impressions.", ["impr", "impresiones"], nullable=True),
    Column("clicks", Integer, "Clicks.", ["clics"], nullable=True),
    key=("spent_on", "campaign_id", "channel"),
)

EXCHANGE_RATES = Contract(
    "generic_exchange_rates",
    "One row per day and currency: what one unit of it is worth in another currency, from that day on.",
    Column("rate_on", Date, "First day on which the rate holds.", ["date", "day", "valid_from", "start_date", "fecha"]),
    Column("currency", String, "ISO code of the currency that is worth `rate`.", ["from_currency", "currency_code", "moneda"]),
    Column("into_currency", String, "ISO code of the currency that the rate is in.", ["to_currency", "base_currency", "moneda_base"]),
    Column("rate", Number, "Units of into_currency that one unit of currency buys.", ["exchange_rate", "conversion_rate", "tipo_cambio"]),
    key=("rate_on", "currency", "into_currency"),
)

CONTRACTS = [DEALS, STAGE_CHANGES, DEAL_EDITS, TOUCHES, ACCOUNTS, PEOPLE, DEAL_PEOPLE, ACTIVITIES, CAMPAIGNS, SPEND, EXCHANGE_RATES]

FEEDS = [
    # Where the status stands beside the stage, open deals stand in the stages of closed ones: then the status is the last stage.
    Feed("deals", """
        select
            deal_id, deal_name, pipeline,
            case
                when bool_or(lower(status) = 'open') over (partition by pipeline, stage) and lower(status) = 'won' then 'Won'
                when bool_or(lower(status) = 'open') over (partition by pipeline, stage) and lower(status) = 'lost' then 'Lost'
                else stage
            end as stage,
            case when lower(status) in ('open', 'won', 'lost') then lower(status) end as crm_status,
            amount, currency, probability, created_at, stage_changed_at,
            coalesce(expected_close_on, closed_at::date) as close_on, closed_at as close_at, updated_at,
            owner as owner_id, owner as owner_name, account_id, account_name, person_id, lead_source, campaign_id, deal_type,
            lost_reason, lower(status) = 'deleted' as is_deleted, lower(status) = 'merged' as is_merged,
            _file as file, _line as line
        from raw.generic_deals
    """),
    Feed("stage_changes", """
        select deal_id, pipeline, stage, from_stage, changed_at, 'history' as evidence
        from raw.generic_stage_changes
    """),
    Feed("stage_changes", """
        with stages as (
            select *, bool_or(lower(status) = 'open') over (partition by pipeline, stage) as has_open
            from raw.generic_deals
        )

        select
            deal_id, pipeline, case lower(status) when 'won' then 'Won' else 'Lost' end as stage, stage as from_stage,
            coalesce(closed_at, expected_close_on::timestamp) as changed_at, 'date column' as evidence
        from stages
        where has_open and lower(status) in ('won', 'lost')
    """),
    Feed("deal_edits", """
        select
            deal_id,
            case lower(field)
                when 'importe' then 'amount' when 'moneda' then 'currency' when 'expected_close_on' then 'close_on'
                when 'fecha_cierre' then 'close_on' when 'responsable' then 'owner' when 'probabilidad' then 'probability'
                else lower(field)
            end as field,
            changed_at, nullif(old_value, '') as old_value, nullif(new_value, '') as new_value, true as knows_old
        from raw.generic_deal_edits
    """),
    Feed("people", """
        select
            person_id, 'contact' as record_type, email, first_name, last_name, account_id, lifecycle, lead_source,
            owner as owner_id, created_at, updated_at
        from raw.generic_people
    """),
    Feed("accounts", """
        select account_id, account_name, website, industry, employees, owner as owner_id, updated_at
        from raw.generic_accounts
    """),
    Feed("deal_people", """
        select deal_id, person_id, is_primary, role, 'contact role' as method
        from raw.generic_deal_people
    """),
    Feed("deal_people", """
        select deal_id, person_id, true as is_primary, 'primary contact' as method
        from raw.generic_deals
    """),
    Feed("touches", """
        select
            touch_id, occurred_at, email, visitor_id, person_id,
            case
                when touch_type is not null then touch_type when attended then 'webinar attended'
                when coalesce(webinar, attended::varchar) is not null then 'webinar registered' when form is not null then 'form'
            end as touch_type,
            channel, source, channel as medium, coalesce(campaign_id, webinar) as campaign_id, coalesce(page, form) as page, referrer, click_id
        from raw.generic_touches
    """),
    Feed("activities", """
        select
            activity_id, activity_type, occurred_at, occurred_at::date as due_on,
            case when lower(activity_type) <> 'meeting' then true end as is_done, deal_id, person_id, owner as owner_id
        from raw.generic_activities
    """),
    Feed("campaigns", """
        select campaign_id, campaign_name, channel, starts_at::date as starts_on, budget
        from raw.generic_campaigns
    """),
    Feed("spend", """
        select spent_on, campaign_id, campaign_id as campaign_name, channel, spend, currency, impressions, clicks
        from raw.generic_spend
    """),
    Feed("exchange_rates", """
        select rate_on, upper(currency) as currency, upper(into_currency) as into_currency, rate
        from raw.generic_exchange_rates
    """),
]  # fmt: skip
