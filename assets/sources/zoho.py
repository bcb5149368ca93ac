"""Zoho CRM: module exports (English, Spanish), its stage history, and API names."""

from pipeline_etl import Boolean, Column, Contract, Date, Email, Feed, Integer, Money, Percent, String, Timestamp

RECORD = ("Record Id", "Record ID", "Id. de registro", "ID de registro")
CREATED = ("Created Time", "Hora de creación", "Created_Time")
UPDATED = ("Modified Time", "Hora de modificación", "Modified_Time")
LEAD_SOURCE = ("Lead Source", "Fuente de Posible cliente", "Origen del posible cliente", "Lead_Source")

DEALS = Contract(
    "zoho_deals",
    "One row per deal (potential).",
    Column("deal_id", String, "Record id.", [*RECORD, "Deal Id", "Potential Id", "id"]),
    Column("deal_name", String, "Name.", ["Deal Name", "Potential Name", "Nombre del trato", "Nombre de la oportunidad", "Deal_Name"]),
    Column("stage", String, "Stage.", ["Stage", "Fase", "Etapa"]),
    Column("created_at", Timestamp, "When it was created.", CREATED),
    Column("pipeline", String, "Pipeline.", ["Pipeline", "Canalización"], nullable=True),
    Column("amount", Money, "Amount.", ["Amount", "Importe", "Cantidad"], currency="currency", nullable=True),
    Column("currency", String, "ISO code.", ["Currency", "Moneda", "Divisa"], nullable=True),
    Column("probability", Percent, "Probability of winning, 0..1.", ["Probability (%)", "Probability", "Probabilidad (%)"], nullable=True, scale=100, between=(0, 1)),
    Column("close_on", Date, "Closing date: expected while open, actual once closed.", ["Closing Date", "Fecha de cierre", "Closing_Date"], nullable=True),
    Column("updated_at", Timestamp, "When it last changed.", UPDATED, nullable=True),
    Column("stage_changed_at", Timestamp, "When its stage last changed.", ["Stage Modified Time", "Stage_Modified_Time"], nullable=True),
    Column("deal_type", String, "New or existing business.", ["Type", "Tipo"], nullable=True),
    Column("lead_source", String, "Where it came from.", LEAD_SOURCE, nullable=True),
    Column("campaign", String, "Campaign it came from.", ["Campaign Source", "Campaign Source.id", "Fuente de campaña"], nullable=True),
    Column("lost_reason", String, "Why it was lost.", ["Reason For Loss", "Reason For Loss s", "Reason_For_Loss__s", "Motivo de la pérdida"], nullable=True),
    Column("owner_id", String, "Owner, by id.", ["Deal Owner.id", "Potential Owner Id", "Owner.id"], nullable=True),
    Column("owner_name", String, "Owner, by name.", ["Deal Owner", "Potential Owner", "Propietario de Trato", "Propietario del trato", "Owner.name"], nullable=True),
    Column("account_id", String, "Account, by id.", ["Account Name.id", "Account_Name.id"], nullable=True),
    Column("account_name", String, "Account, by name.", ["Account Name", "Nombre de Cuenta", "Nombre de la cuenta", "Account_Name.name"], nullable=True),
    Column("person_id", String, "Contact, by id.", ["Contact Name.id", "Contact_Name.id"], nullable=True),
    key=("deal_id",),
    latest_by="updated_at",
    marks=(("Closing Date", "Fecha de cierre", "Closing_Date"), ("Deal Name", "Potential Name", "Nombre del trato", "Deal_Name")),
)

STAGE_HISTORY = Contract(
    "zoho_stage_history",
    "One row per stage that a deal entered (Stage History).",
    Column("history_id", String, "Id of the row.", ["Id", "Stage History Id"], otherwise=("deal_id", "stage", "changed_at")),
    Column("deal_id", String, "Deal.", ["Deal Name.id", "Potential Id", "Deal Id", "Deal_Name.id", "Parent Id"]),
    Column("stage", String, "Stage entered.", ["Stage", "Fase"]),
    Column("changed_at", Timestamp, "When.", ["Modified Time", "Last Modified Time", "Hora de modificación", "Modified_Time"]),
    Column("amount", Money, "Amount then.", ["Amount", "Importe"], nullable=True),
    Column("days", Integer, "Days in the stage, as Zoho counts them.", ["Stage Duration (Calendar Days)", "Stage Duration", "Duration (Days)", "Duración de la fase (días naturales)"], nullable=True),
    key=("history_id",),
    marks=(("Stage Duration (Calendar Days)", "Stage Duration", "Duration (Days)", "Duración de la fase (días naturales)"),),
)

LEADS = Contract(
    "zoho_leads",
    "One row per lead.",
    Column("person_id", String, "Record id.", [*RECORD, "Lead Id", "id"]),
    Column("last_name", String, "Last name.", ["Last Name", "Apellidos", "Last_Name"]),
    Column("status", String, "Lead status.", ["Lead Status", "Estado de Posible cliente", "Estado del posible cliente", "Lead_Status"], nullable=True),
    Column("first_name", String, "First name.", ["First Name", "Nombre", "First_Name"], nullable=True),
    Column("email", Email, "E-mail address.", ["Email", "Correo electrónico"], nullable=True),
    Column("company_name", String, "Company.", ["Company", "Empresa"], nullable=True),
    Column("lead_source", String, "Where it came from.", LEAD_SOURCE, nullable=True),
    Column("owner", String, "Owner.", ["Lead Owner.id", "Lead Owner", "Propietario de Posible cliente", "Propietario del posible cliente", "Owner.id"], nullable=True),
    Column("created_at", Timestamp, "When it was created.", CREATED, nullable=True),
    Column("updated_at", Timestamp, "When it last changed.", UPDATED, nullable=True),
    Column("is_converted", Boolean, "Whether it became a contact.", ["Is Converted", "Converted", "Converted__s"], nullable=True),
    Column("converted_contact_id", String, "Contact it became.", ["Converted Contact.id", "Converted Contact", "Converted_Contact.id"], nullable=True),
    Column("converted_deal_id", String, "Deal it became.", ["Converted Deal.id", "Converted Deal", "Converted_Deal.id"], nullable=True),
    key=("person_id",),
    latest_by="updated_at",
    marks=(("Lead Owner", "Lead Owner.id", "Propietario de Posible cliente", "Propietario del posible cliente", "Lead_Status"),),
)

CONTACTS = Contract(
    "zoho_contacts",
    "One row per contact.",
    Column("person_id", String, "Record id.", [*RECORD, "Contact Id", "id"]),
    Column("last_name", String, "Last name.", ["Last Name", "Apellidos", "Last_Name"]),
    Column("first_name", String, "First name.", ["First Name", "Nombre", "First_Name"], nullable=True),
    Column("email", Email, "E-mail address.", ["Email", "Correo electrónico"], nullable=True),
    Column("job_title", String, "Job title.", ["Title", "Cargo"], nullable=True),
    Column("account_id", String, "Account, by id.", ["Account Name.id", "Account_Name.id"], nullable=True),
    Column("lead_source", String, "Where it came from.", LEAD_SOURCE, nullable=True),
    Column("owner", String, "Owner.", ["Contact Owner.id", "Contact Owner", "Propietario de Contacto", "Propietario del contacto"]),
    Column("created_at", Timestamp, "When it was created.", CREATED, nullable=True),
    Column("updated_at", Timestamp, "When it last changed.", UPDATED, nullable=True),
    key=("person_id",),
    latest_by="updated_at",
    marks=(CREATED,),
)

ACCOUNTS = Contract(
    "zoho_accounts",
    "One row per account.",
    Column("account_id", String, "Record id.", [*RECORD, "Account Id", "id"]),
    Column("account_name", String, "Name.", ["Account Name", "Nombre de Cuenta", "Nombre de la cuenta", "Account_Name"]),
    Column("website", String, "Web site.", ["Website", "Sitio web"], nullable=True),
    Column("industry", String, "Industry.", ["Industry", "Sector"], nullable=True),
    Column("employees", Integer, "Number of employees.", ["Employees", "Empleados"], nullable=True),
    Column("owner", String, "Owner.", ["Account Owner.id", "Account Owner", "Propietario de Cuenta", "Propietario de la cuenta"]),
    Column("created_at", Timestamp, "When it was created.", CREATED, nullable=True),
    Column("updated_at", Timestamp, "When it last changed.", UPDATED, nullable=True),
    key=("account_id",),
    latest_by="updated_at",
)

CONTRACTS = [DEALS, STAGE_HISTORY, LEADS, CONTACTS, ACCOUNTS]

FEEDS = [
    Feed("deals", """
        select
            deal_id, deal_name, pipeline, stage, amount, currency, probability, created_at, stage_changed_at, close_on, updated_at,
            coalesce(owner_id, owner_name) as owner_id, owner_name, account_id, account_name, person_id, lead_source,
            campaign as campaign_id, deal_type, lost_reason, _file as file, _line as line
        from raw.zoho_deals
    """),
    Feed("stage_changes", "select deal_id, stage, changed_at, 'history' as evidence from raw.zoho_stage_history"),
    Feed("deal_edits", """
        select deal_id, 'amount' as field, changed_at, cast(amount as varchar) as new_value, history_id as sequence
        from (select *, count(amount) over (partition by _file) > 0 as has_amount from raw.zoho_stage_history)
        where has_amount
    """),
    Feed("people", """
        select
            person_id, 'lead' as record_type, email, first_name, last_name, company_name, status as lifecycle, lead_source,
            owner as owner_id, created_at, updated_at, converted_contact_id as converted_person_id, converted_deal_id
        from raw.zoho_leads
    """),
    Feed("people", """
        select
            person_id, 'contact' as record_type, email, first_name, last_name, account_id, lead_source, owner as owner_id, created_at,
            updated_at
        from raw.zoho_contacts
    """),
    Feed("accounts", """
        select account_id, account_name, website, industry, employees, owner as owner_id, updated_at
        from raw.zoho_accounts
    """),
    Feed("deal_people", "select deal_id, person_id, true as is_primary, 'primary contact' as method from raw.zoho_deals"),
    Feed("deal_people", """
        select converted_deal_id as deal_id, unnest([person_id, converted_contact_id]) as person_id, true as is_primary,
            'converted lead' as method
        from raw.zoho_leads
        where converted_deal_id is not null
    """),
]  # fmt: skip
