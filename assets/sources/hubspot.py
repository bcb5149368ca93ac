"""HubSpot: exports by label (English and Spanish, old and new) and by API name."""

from pipeline_etl import Boolean, Column, Contract, Email, Feed, Integer, Money, Number, Percent, Spread, String, Timestamp

CREATED = ("Create Date", "createdate", "hs_createdate", "Fecha de creación")
UPDATED = ("Last Modified Date", "hs_lastmodifieddate", "lastmodifieddate", "Fecha de la última modificación", "Fecha de última modificación")
RECORD = ("Record ID", "hs_object_id", "ID de registro", "ID del registro")

ENTERED = (
    r'(?:Date entered|Fecha de (?:entrada|ingreso) (?:a|en)(?: la etapa)?) ["“«](?P<stage>.+) \((?P<pipeline>(?:[^()]|\([^()]*\))+)\)["”»]',
    r"(?:Date entered|Fecha de (?:entrada|ingreso) (?:a|en)(?: la etapa)?) (?P<stage>.+) \((?P<pipeline>(?:[^()]|\([^()]*\))+)\)",
    r"hs_(?:v2_)?date_entered_(?!current_stage$)(?P<stage>.+)",
)

DEALS = Contract(
    "hubspot_deals",
    "One row per deal in a HubSpot deals export.",
    Column("deal_id", String, "HubSpot record id.", [*RECORD, "Deal ID", "ID del negocio"]),
    Column("deal_name", String, "Name of the deal.", ["Deal Name", "dealname", "Nombre del negocio"], nullable=True),
    Column("pipeline", String, "Pipeline, by label or id.", ["Pipeline", "hs_pipeline"], nullable=True),
    Column("stage", String, "Stage it stands in, by label or id.", ["Deal Stage", "dealstage", "Etapa del negocio"]),
    Column("amount", Money, "Value in its own currency.", ["Amount", "Importe", "Valor"], currency="currency", nullable=True),
    Column("currency", String, "ISO code of the amount's currency.", ["Currency", "deal_currency_code", "Moneda", "Divisa"], nullable=True),
    Column("company_amount", Money, "Value in the company's currency.", ["Amount in company currency", "amount_in_home_currency", "Importe en la moneda de la empresa"], nullable=True),
    Column("probability", Percent, "Probability of winning, 0..1.", ["Deal probability", "hs_deal_stage_probability", "Probabilidad del negocio"], nullable=True, between=(0, 1)),
    Column("created_at", Timestamp, "When the deal was created.", CREATED),
    Column("close_at", Timestamp, "Close date: expected while open, actual once closed.", ["Close Date", "closedate", "Fecha de cierre"], nullable=True),
    Column("updated_at", Timestamp, "When the deal last changed.", UPDATED, nullable=True),
    Column("stage_changed_at", Timestamp, "When it entered the stage it stands in.", ["Date entered current stage", "hs_v2_date_entered_current_stage"], nullable=True),
    Column("deal_type", String, "New or existing business.", ["Deal Type", "dealtype", "Tipo de negocio"], nullable=True),
    Column("lead_source", String, "Original traffic source.", ["Original Traffic Source", "hs_analytics_source", "Original Source Type", "Original Source", "Fuente original de tráfico"], nullable=True),
    Column("campaign", String, "HubSpot campaign.", ["HubSpot Campaign", "hs_campaign"], nullable=True),
    Column("is_closed", Boolean, "Whether its stage is a closed one.", ["Is Deal Closed?", "hs_is_closed"], nullable=True),
    Column("is_won", Boolean, "Whether its stage is a won one.", ["Is Closed Won", "hs_is_closed_won"], nullable=True),
    Column("forecast_category", String, "Forecast category.", ["Forecast category", "hs_manual_forecast_category"], nullable=True),
    Column("lost_reason", String, "Why it was lost.", ["Closed Lost Reason", "closed_lost_reason", "Motivo de negocio perdido"], nullable=True),
    Column("owner", String, "Owner, by name or id.", ["Deal owner", "hubspot_owner_id", "Propietario del negocio"], nullable=True),
    Column("account_id", String, "Ids of the associated companies, `;`-joined, the first one the primary.", ["Associated Company IDs", "Associated Company ID"], nullable=True),
    Column("account_name", String, "Associated company.", ["Associated Company", "Associated Company (Primary)", "Empresa asociada"], nullable=True),
    Column("person_ids", String, "Ids of the associated contacts, `;`-joined.", ["Associated Contact IDs", "Associated Contact ID"], nullable=True),
    Column("merged_deal_ids", String, "Ids of the deals merged into this one, `;`-joined.", ["Merged Deal IDs", "Merged object IDs", "hs_merged_object_ids"], nullable=True),
    key=("deal_id",),
    latest_by="updated_at",
    marks=(("Deal Stage", "dealstage", "Etapa del negocio"),),
    spread=Spread(
        "hubspot_deal_stage_dates",
        "One row per deal and stage it entered, from the columns that hold the date of entry; older copies of a deal keep theirs.",
        ENTERED,
        Column("entered_at", Timestamp, "When the deal last entered the stage."),
        carries=("deal_id",),
        groups={"stage": "Stage, from the heading.", "pipeline": "Pipeline, from the heading."},
    ),
)

CONTACTS = Contract(
    "hubspot_contacts",
    "One row per contact in a HubSpot contacts export.",
    Column("person_id", String, "HubSpot record id.", [*RECORD, "ID del contacto"]),
    Column("email", Email, "E-mail address, lower case.", ["Email", "email", "Correo", "Correo electrónico"], nullable=True),
    Column("first_name", String, "First name.", ["First Name", "firstname", "Nombre"], nullable=True),
    Column("last_name", String, "Last name.", ["Last Name", "lastname", "Apellidos"], nullable=True),
    Column("company_name", String, "Company as typed on the contact.", ["Company Name", "company", "Nombre de la empresa"], nullable=True),
    Column("job_title", String, "Job title.", ["Job Title", "jobtitle", "Cargo"], nullable=True),
    Column("lifecycle", String, "Lifecycle stage.", ["Lifecycle Stage", "lifecyclestage", "Etapa del ciclo de vida"], nullable=True),
    Column("lead_status", String, "Lead status.", ["Lead Status", "hs_lead_status", "Estado del lead"], nullable=True),
    Column("lead_source", String, "Original traffic source.", ["Original Source", "Original Traffic Source", "Original Source Type", "hs_analytics_source", "Fuente original"], nullable=True),
    Column("owner", String, "Owner, by name or id.", ["Contact owner", "hubspot_owner_id", "Propietario del contacto"], nullable=True),
    Column("account_id", String, "Id of the primary company.", ["Primary Associated Company ID", "Associated Company ID", "Associated Company IDs", "associatedcompanyid"], nullable=True),
    Column("created_at", Timestamp, "When the contact was created.", CREATED, nullable=True),
    Column("updated_at", Timestamp, "When the contact last changed.", UPDATED, nullable=True),
    key=("person_id",),
    latest_by="updated_at",
    marks=(("Lifecycle Stage", "lifecyclestage", "Etapa del ciclo de vida", "Contact owner", "Lead Status", "First Name", "firstname", "Propietario del contacto"),),
    spread=Spread(
        "hubspot_contact_stage_dates",
        "One row per contact and lifecycle stage it entered, from the columns that hold the date of entry.",
        ENTERED,
        Column("entered_at", Timestamp, "When the contact last entered the stage."),
        carries=("person_id",),
        groups={"stage": "Lifecycle stage, from the heading.", "pipeline": "Lifecycle pipeline, from the heading."},
    ),
)

COMPANIES = Contract(
    "hubspot_companies",
    "One row per company in a HubSpot companies export.",
    Column("account_id", String, "HubSpot record id.", [*RECORD, "ID de la empresa"]),
    Column("account_name", String, "Name of the company.", ["Company name", "name", "Nombre de la empresa"]),
    Column("website", String, "Domain.", ["Company Domain Name", "domain", "Website URL", "Nombre de dominio de la empresa"], nullable=True),
    Column("industry", String, "Industry.", ["Industry", "industry", "Sector"], nullable=True),
    Column("employees", Integer, "Number of employees.", ["Number of Employees", "numberofemployees", "Número de empleados"], nullable=True),
    Column("owner", String, "Owner, by name or id.", ["Company owner", "hubspot_owner_id", "Propietario de la empresa"], nullable=True),
    Column("created_at", Timestamp, "When the record was created.", CREATED, nullable=True),
    Column("updated_at", Timestamp, "When the record last changed.", UPDATED, nullable=True),
    key=("account_id",),
    latest_by="updated_at",
    marks=(("Company Domain Name", "Company owner", "domain", "Number of Employees", "Nombre de dominio de la empresa"),),
)

ACTIVITIES = Contract(
    "hubspot_activities",
    "One row per engagement: a call, an e-mail, a meeting, a note or a task.",
    Column("activity_id", String, "HubSpot record id.", [*RECORD, "Activity ID", "engagement_id", "ID de la actividad"]),
    Column("activity_type", String, "Kind of engagement.", ["Activity type", "type", "hs_engagement_type", "Tipo de actividad"]),
    Column("occurred_at", Timestamp, "When it took place.", ["Activity date", "property_hs_timestamp", "hs_timestamp", "Fecha de la actividad"]),
    Column("owner", String, "Who did it, by name or id.", ["Activity assigned to", "property_hubspot_owner_id", "hubspot_owner_id", "Actividad asignada a"], nullable=True),
    Column("subject", String, "Subject or title.", ["Subject", "Asunto", "hs_title"], nullable=True),
    Column("deal_ids", String, "Ids of the associated deals, `;`-joined.", ["Associated Deal IDs", "Associated Deal ID"], nullable=True),
    Column("person_ids", String, "Ids of the associated contacts, `;`-joined.", ["Associated Contact IDs", "Associated Contact ID"], nullable=True),
    Column("duration_minutes", Number, "Duration in minutes.", ["Duration (minutes)"], nullable=True),
    Column("updated_at", Timestamp, "When the record last changed.", UPDATED, nullable=True),
    key=("activity_id",),
    latest_by="updated_at",
)

CONTRACTS = [DEALS, CONTACTS, COMPANIES, ACTIVITIES]

FEEDS = [
    Feed("deals", """
        select
            deal_id, deal_name, pipeline, stage,
            case when is_won then 'won' when is_closed then 'lost' when is_closed is null then null else 'open' end as crm_status,
            amount, currency, company_amount, probability, created_at, stage_changed_at,
            close_at::date as close_on, close_at, updated_at, owner as owner_id, owner as owner_name,
            trim(split_part(account_id, ';', 1)) as account_id, account_name,
            trim(split_part(person_ids, ';', 1)) as person_id, lead_source, campaign as campaign_id, deal_type,
            lost_reason, forecast_category, _file as file, _line as line
        from raw.hubspot_deals
    """),
    Feed("stage_changes", """
        select deal_id, pipeline, stage, entered_at as changed_at, 'date column' as evidence, position
        from raw.hubspot_deal_stage_dates
    """),
    Feed("people", """
        select
            person_id, 'contact' as record_type, email, first_name, last_name,
            trim(split_part(account_id, ';', 1)) as account_id, company_name, coalesce(lifecycle, lead_status) as lifecycle,
            lead_source, owner as owner_id, created_at, updated_at
        from raw.hubspot_contacts
    """),
    Feed("lifecycle_changes", """
        select person_id, stage, entered_at as changed_at, 'date column' as evidence
        from raw.hubspot_contact_stage_dates
    """),
    Feed("accounts", """
        select account_id, account_name, website, industry, employees, owner as owner_id, updated_at
        from raw.hubspot_companies
    """),
    Feed("deal_people", """
        select deal_id, trim(unnest(string_split(person_ids, ';'))) as person_id, 'associated contact' as method
        from raw.hubspot_deals
    """),
    Feed("merges", """
        select 'deal' as entity, trim(unnest(string_split(merged_deal_ids, ';'))) as record_id, deal_id as into_id
        from raw.hubspot_deals
    """),
    Feed("activities", """
        select
            activity_id, activity_type, occurred_at, occurred_at::date as due_on,
            case when lower(activity_type) <> 'meeting' then true end as is_done,
            trim(split_part(deal_ids, ';', 1)) as deal_id, trim(split_part(person_ids, ';', 1)) as person_id,
            owner as owner_id, subject
        from raw.hubspot_activities
    """),
]  # fmt: skip
