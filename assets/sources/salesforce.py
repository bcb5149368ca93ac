"""Salesforce: objects by API name (Data Loader, weekly export) and reports by label, in English and Spanish."""

import polars as pl

from pipeline_etl import Boolean, Column, Contract, Date, Email, Feed, Integer, Money, Number, Percent, String, Timestamp


def record_id(value: pl.Expr) -> pl.Expr:
    """The 18-character form of a record id, so that a report's 15 characters and the API's 18 are one record.

    The three added characters say which of the 15 are capitals, five by five (Salesforce help, "Salesforce IDs").
    """
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    suffix = [
        sum(
            (
                value.str.slice(block * 5 + i, 1).str.contains("[A-Z]").cast(pl.Int32) * (1 << i)
                for i in range(5)
            ),
            start=pl.lit(0, pl.Int32),
        ).replace_strict(list(range(32)), list(alphabet), return_dtype=pl.String)
        for block in range(3)
    ]
    return pl.when(value.str.contains("^[a-zA-Z0-9]{15}$")).then(pl.concat_str([value, *suffix])).otherwise(value)


def _id(name: str, meaning: str, *reads: str, nullable: bool = False) -> Column:
    return Column(name, String, meaning, reads, nullable=nullable, clean=record_id)


DELETED = Column("is_deleted", Boolean, "In the recycle bin.", ["IsDeleted", "Deleted", "Eliminado", "_fivetran_deleted"], nullable=True)
CREATED = Column("created_at", Timestamp, "When the record was created.", ["CreatedDate", "Created Date", "Create Date", "Fecha de creación"])
# Stitch lands one column per type of value; stages and statuses are texts.
OLD_VALUE = Column("old_value", String, "Value before.", ["OldValue", "oldvalue__st"], nullable=True)
NEW_VALUE = Column("new_value", String, "Value after.", ["NewValue", "newvalue__st"], nullable=True)
UPDATED = Column(
    "updated_at", Timestamp, "When the record last changed.",
    ["SystemModstamp", "LastModifiedDate", "Last Modified Date", "Fecha de la última modificación"], nullable=True,
)  # fmt: skip
MERGED = _id("merged_into_id", "Record that it was merged into.", "MasterRecordId", nullable=True)


def _owner(*labels: str) -> Column:
    return _id("owner_id", "User who owns it: by id, by name where a report has only that.", "OwnerId", "Owner ID", "Id. del propietario", *labels, nullable=True)


OWNER = _owner()

OPPORTUNITIES = Contract(
    "salesforce_opportunities",
    "One row per opportunity in a Salesforce Opportunity export.",
    _id("deal_id", "Opportunity id, 18 characters.", "Id", "Opportunity ID", "Id. de oportunidad", "Id. de la oportunidad"),
    Column("deal_name", String, "Name of the opportunity.", ["Name", "Opportunity Name", "Nombre de la oportunidad"], nullable=True),
    Column("stage", String, "Stage it stands in.", ["StageName", "Stage", "Etapa"]),
    Column("amount", Money, "Value in its own currency.", ["Amount", "Importe", "Cantidad"], currency="currency", nullable=True),
    Column("currency", String, "ISO code of the amount's currency.", ["CurrencyIsoCode", "Amount Currency", "Currency", "Divisa"], nullable=True),
    Column("probability", Percent, "Probability of winning, 0..1.", ["Probability", "Probability (%)", "Probabilidad (%)"], nullable=True, scale=100, between=(0, 1)),
    Column("close_on", Date, "Close date: expected while open, actual once closed.", ["CloseDate", "Close Date", "Fecha de cierre"], nullable=True),
    CREATED,
    UPDATED,
    Column("stage_changed_at", Timestamp, "When the stage last changed.", ["LastStageChangeDate", "Last Stage Change Date"], nullable=True),
    Column("deal_type", String, "New or existing business, as the company calls it.", ["Type", "Tipo"], nullable=True),
    Column("lead_source", String, "Where the lead came from.", ["LeadSource", "Lead Source", "Origen del candidato"], nullable=True),
    Column("is_closed", Boolean, "Whether its stage is a closed one.", ["IsClosed", "Closed", "Cerrada"], nullable=True),
    Column("is_won", Boolean, "Whether its stage is a won one.", ["IsWon", "Won", "Ganada"], nullable=True),
    Column("forecast_category", String, "Forecast category.", ["ForecastCategory", "ForecastCategoryName", "Forecast Category"], nullable=True),
    Column("lost_reason", String, "Why it was lost.", ["Loss_Reason__c", "Loss Reason", "Closed Lost Reason", "Lost Reason"], nullable=True),
    _id("account_id", "Account id.", "AccountId", "Account ID", "Id. de la cuenta", nullable=True),
    Column("account_name", String, "Account, where a report names it.", ["Account Name", "Nombre de la cuenta"], nullable=True),
    _id("campaign_id", "Primary campaign.", "CampaignId", "Primary Campaign Source ID", nullable=True),
    _id("person_id", "Contact, where the opportunity was made from one.", "ContactId", nullable=True),
    OWNER,
    Column("owner_name", String, "Owner, where a report names it.", ["Opportunity Owner", "Owner", "Propietario de la oportunidad"], nullable=True),
    DELETED,
    key=("deal_id",),
    latest_by="updated_at",
    marks=(
        ("StageName", "Opportunity ID", "Id. de oportunidad", "Id. de la oportunidad", "ForecastCategory"),
        # An OpportunityHistory has a stage and an opportunity's id too, but neither name nor owner.
        ("Name", "Opportunity Name", "Nombre de la oportunidad", "OwnerId", "Opportunity Owner", "AccountId", "Account Name"),
    ),
)

OPPORTUNITY_HISTORY = Contract(
    "salesforce_opportunity_history",
    "One row per change of an opportunity's stage, amount, probability or close date (OpportunityHistory).",
    Column("history_id", String, "Id of the history row.", ["Id"], otherwise=("deal_id", "changed_at", "stage", "amount", "close_on"), clean=record_id),
    _id("deal_id", "Opportunity id.", "OpportunityId", "Opportunity ID", "Id. de la oportunidad"),
    # A report's Created Date is the opportunity's own, so its Last Modified comes first.
    Column("changed_at", Timestamp, "When it changed.", ["Last Modified", "Última modificación", "CreatedDate"]),
    Column("stage", String, "Stage after the change.", ["StageName", "To Stage", "A etapa"]),
    Column("from_stage", String, "Stage before it, where a report says so.", ["From Stage", "De etapa"], nullable=True),
    Column("amount", Money, "Amount after the change.", ["Amount"], currency="currency", nullable=True),
    Column("probability", Percent, "Probability after the change, 0..1.", ["Probability"], nullable=True, scale=100, between=(0, 1)),
    Column("close_on", Date, "Close date after the change.", ["CloseDate"], nullable=True),
    Column("currency", String, "ISO code of the amount's currency.", ["CurrencyIsoCode"], nullable=True),
    Column("forecast_category", String, "Forecast category after the change.", ["ForecastCategory"], nullable=True),
    Column("expected_revenue", Money, "Expected revenue after the change.", ["ExpectedRevenue"], nullable=True),
    UPDATED,
    DELETED,
    key=("history_id",),
    marks=(("OpportunityId", "Id. de la oportunidad"),),
)

FIELD_HISTORY_REPORT = Contract(
    "salesforce_field_history_report",
    "One row per event of the report type Opportunity Field History, the opportunity's present fields repeated on each.",
    _id("deal_id", "Opportunity id.", "Opportunity ID", "Id. de la oportunidad"),
    Column("changed_at", Timestamp, "When the field was edited.", ["Edit Date", "Fecha de edición", "Fecha de modificación"]),
    Column("field", String, "Field that changed, or `Created.`", ["Field / Event", "Campo / Evento"]),
    Column("old_value", String, "Value before.", ["Old Value", "Valor anterior"], nullable=True),
    Column("new_value", String, "Value after.", ["New Value", "Nuevo valor", "Valor nuevo"], nullable=True),
    Column("edited_by", String, "Who edited it.", ["Edited By", "Editado por"], nullable=True),
    Column("deal_name", String, "Name of the opportunity.", ["Opportunity Name", "Nombre de la oportunidad"], nullable=True),
    Column("stage", String, "Stage it stands in now.", ["Stage", "Etapa"], nullable=True),
    Column("amount", Money, "Its amount now.", ["Amount", "Importe"], currency="currency", nullable=True),
    Column("currency", String, "ISO code of the amount's currency.", ["Amount Currency", "Currency"], nullable=True),
    Column("created_at", Timestamp, "When the opportunity was created.", ["Created Date", "Fecha de creación"], nullable=True),
    Column("close_on", Date, "Its close date now.", ["Close Date", "Fecha de cierre"], nullable=True),
    Column("owner_name", String, "Its owner now.", ["Opportunity Owner", "Propietario de la oportunidad"], nullable=True),
    key=("deal_id", "changed_at", "field", "old_value", "new_value"),
)

OPPORTUNITY_FIELD_HISTORY = Contract(
    "salesforce_opportunity_field_history",
    "One row per edit of a tracked field (OpportunityFieldHistory).",
    Column("history_id", String, "Id of the history row.", ["Id"], otherwise=("deal_id", "changed_at", "field", "old_value", "new_value"), clean=record_id),
    _id("deal_id", "Opportunity id.", "OpportunityId"),
    Column("changed_at", Timestamp, "When the field was edited.", ["CreatedDate"]),
    Column("field", String, "API name of the field.", ["Field"]),
    OLD_VALUE,
    NEW_VALUE,
    DELETED,
    key=("history_id",),
    marks=(NEW_VALUE.reads,),
)

ACCOUNTS = Contract(
    "salesforce_accounts",
    "One row per account in a Salesforce Account export.",
    _id("account_id", "Account id.", "Id", "Account ID", "Id. de la cuenta"),
    Column("account_name", String, "Name of the company.", ["Name", "Account Name", "Nombre de la cuenta"]),
    Column("website", String, "Web site.", ["Website", "Sitio web"], nullable=True),
    Column("industry", String, "Industry.", ["Industry", "Sector"], nullable=True),
    Column("employees", Integer, "Number of employees.", ["NumberOfEmployees", "Employees", "Empleados"], nullable=True),
    Column("created_at", Timestamp, "When the record was created.", CREATED.reads, nullable=True),
    UPDATED,
    _owner("Account Owner", "Propietario de la cuenta"),
    MERGED,
    DELETED,
    key=("account_id",),
    latest_by="updated_at",
    marks=(("Account Owner", "BillingCity", "BillingStreet", "BillingCountry", "AccountSource", "AccountNumber", "Account Name", "Industry", "NumberOfEmployees", "Sitio web", "Sector", "Empleados"),),
)

CONTACTS = Contract(
    "salesforce_contacts",
    "One row per contact in a Salesforce Contact export.",
    _id("person_id", "Contact id.", "Id", "Contact ID", "Id. del contacto"),
    Column("last_name", String, "Last name.", ["LastName", "Last Name", "Apellidos"], nullable=True),
    Column("first_name", String, "First name.", ["FirstName", "First Name", "Nombre"], nullable=True),
    Column("email", Email, "E-mail address, lower case.", ["Email", "Correo electrónico"], nullable=True),
    Column("job_title", String, "Job title.", ["Title", "Cargo"], nullable=True),
    Column("lead_source", String, "Where the person came from.", ["LeadSource", "Lead Source"], nullable=True),
    _id("account_id", "Account id.", "AccountId", "Account ID", nullable=True),
    Column("created_at", Timestamp, "When the record was created.", CREATED.reads, nullable=True),
    UPDATED,
    _owner("Contact Owner", "Propietario del contacto"),
    MERGED,
    DELETED,
    key=("person_id",),
    latest_by="updated_at",
    # A report of campaign members has the contact's id and e-mail address too.
    never=("CampaignId", "Campaign Name", "Member Status"),
    marks=(("AccountId", "MailingCity", "MailingCountry", "ReportsToId", "Contact ID", "Id. del contacto"), ("Email", "LastName", "Correo electrónico", "Apellidos")),
)

LEADS = Contract(
    "salesforce_leads",
    "One row per lead in a Salesforce Lead export.",
    _id("person_id", "Lead id.", "Id", "Lead ID", "Id. de candidato"),
    Column("status", String, "Lead status.", ["Status", "Lead Status", "Estado de candidato"]),
    Column("last_name", String, "Last name.", ["LastName", "Last Name", "Apellidos"], nullable=True),
    Column("first_name", String, "First name.", ["FirstName", "First Name", "Nombre"], nullable=True),
    Column("email", Email, "E-mail address, lower case.", ["Email", "Correo electrónico"], nullable=True),
    Column("company_name", String, "Company as typed on the lead.", ["Company", "Company / Account", "Compañía"], nullable=True),
    Column("job_title", String, "Job title.", ["Title", "Cargo"], nullable=True),
    Column("lead_source", String, "Where the lead came from.", ["LeadSource", "Lead Source", "Origen del candidato"], nullable=True),
    Column("is_converted", Boolean, "Whether it became a contact.", ["IsConverted", "Converted", "Convertido"], nullable=True),
    Column("converted_on", Date, "Day of the conversion.", ["ConvertedDate", "Converted Date"], nullable=True),
    _id("converted_account_id", "Account made or found at conversion.", "ConvertedAccountId", nullable=True),
    _id("converted_contact_id", "Contact made or found at conversion.", "ConvertedContactId", nullable=True),
    _id("converted_deal_id", "Opportunity made at conversion.", "ConvertedOpportunityId", nullable=True),
    Column("created_at", Timestamp, "When the record was created.", CREATED.reads, nullable=True),
    UPDATED,
    _owner("Lead Owner", "Propietario del candidato"),
    MERGED,
    DELETED,
    key=("person_id",),
    latest_by="updated_at",
    never=("CampaignId", "Campaign Name", "Member Status"),
    marks=(("IsConverted", "ConvertedDate", "Lead ID", "Id. de candidato", "ConvertedContactId", "Lead Status"),),
)

CAMPAIGNS = Contract(
    "salesforce_campaigns",
    "One row per campaign in a Salesforce Campaign export.",
    _id("campaign_id", "Campaign id.", "Id", "Campaign ID", "Id. de la campaña"),
    Column("campaign_name", String, "Name of the campaign.", ["Name", "Campaign Name", "Nombre de la campaña"]),
    Column("campaign_type", String, "Kind of campaign.", ["Type", "Tipo"], nullable=True),
    Column("status", String, "Status.", ["Status", "Estado"], nullable=True),
    Column("starts_on", Date, "First day.", ["StartDate", "Start Date", "Fecha de inicio"], nullable=True),
    Column("ends_on", Date, "Last day.", ["EndDate", "End Date", "Fecha de fin"], nullable=True),
    Column("budget", Money, "Budgeted cost.", ["BudgetedCost", "Budgeted Cost", "Budgeted Cost in Campaign"], nullable=True),
    Column("cost", Money, "Actual cost.", ["ActualCost", "Actual Cost", "Actual Cost in Campaign"], nullable=True),
    UPDATED,
    DELETED,
    key=("campaign_id",),
    latest_by="updated_at",
    marks=(
        ("NumberSent", "BudgetedCost", "ActualCost", "ExpectedResponse", "NumberOfResponses", "Nombre de la campaña", "Num Sent",
         "Budgeted Cost in Campaign", "Actual Cost in Campaign", "Num Sent in Campaign", "Leads in Campaign", "Total Leads"),
    ),
)

CAMPAIGN_MEMBERS = Contract(
    "salesforce_campaign_members",
    "One row per lead or contact in a campaign (CampaignMember).",
    Column("member_id", String, "Id of the membership.", ["Id", "Campaign Member ID"], otherwise=("campaign_id", "lead_id", "contact_id", "email"), clean=record_id),
    _id("campaign_id", "Campaign id.", "CampaignId", "Campaign ID"),
    _id("lead_id", "Lead id.", "LeadId", nullable=True),
    _id("contact_id", "Contact id.", "ContactId", nullable=True),
    Column("email", Email, "E-mail address of the member.", ["Email"], nullable=True),
    Column("status", String, "Member status, such as Sent or Responded.", ["Status", "Member Status"], nullable=True),
    Column("has_responded", Boolean, "Whether the status counts as a response.", ["HasResponded", "Responded"], nullable=True),
    Column("responded_on", Date, "Day of the first response.", ["FirstRespondedDate", "Member First Responded Date"], nullable=True),
    Column("created_at", Timestamp, "When the member was added.", ["Member First Associated Date", *CREATED.reads]),
    UPDATED,
    DELETED,
    key=("member_id",),
    latest_by="updated_at",
    marks=(("LeadOrContactId", "HasResponded", "FirstRespondedDate", "Member Status", "Campaign Member ID"),),
)

CONTACT_ROLES = Contract(
    "salesforce_contact_roles",
    "One row per contact who has a part in an opportunity (OpportunityContactRole).",
    Column("role_id", String, "Id of the role.", ["Id"], otherwise=("deal_id", "person_id"), clean=record_id),
    _id("deal_id", "Opportunity id.", "OpportunityId", "Opportunity ID"),
    _id("person_id", "Contact id.", "ContactId", "Contact ID"),
    Column("role", String, "Part of the person in the decision.", ["Role", "Función"], nullable=True),
    Column("is_primary", Boolean, "Whether it is the main contact.", ["IsPrimary", "Primary"], nullable=True),
    Column("created_at", Timestamp, "When the role was given.", CREATED.reads, nullable=True),
    UPDATED,
    DELETED,
    key=("role_id",),
    latest_by="updated_at",
    marks=(("IsPrimary", "Role", "Función"), ("Id", "CreatedDate", "SystemModstamp", "IsDeleted", "Opportunity Name", "Contact Name")),
)

TASKS = Contract(
    "salesforce_tasks",
    "One row per task: a call, an e-mail or a to-do (Task).",
    _id("activity_id", "Task id.", "Id", "Task ID", "Activity ID"),
    Column("subject", String, "Subject.", ["Subject", "Asunto"], nullable=True),
    Column("status", String, "Task status.", ["Status", "Estado"]),
    Column("activity_type", String, "Call, e-mail, or as the company calls it.", ["Type", "TaskSubtype", "Tipo"], nullable=True),
    Column("is_closed", Boolean, "Whether the task is done.", ["IsClosed"], nullable=True),
    Column("due_on", Date, "Day on which it is due.", ["ActivityDate", "Due Date", "Date", "Fecha de vencimiento"], nullable=True),
    Column("completed_at", Timestamp, "When it was done.", ["CompletedDateTime", "Completed Date"], nullable=True),
    _id("person_id", "Lead or contact it is about.", "WhoId", "Contact/Lead ID", "Contact ID", "Lead ID", nullable=True),
    _id("about_id", "Opportunity or other record it is about.", "WhatId", "Related To ID", "Opportunity ID", nullable=True),
    _id("account_id", "Account id.", "AccountId", nullable=True),
    CREATED,
    UPDATED,
    _owner("Assigned", "Assigned To", "Asignado"),
    DELETED,
    key=("activity_id",),
    latest_by="updated_at",
    marks=(("Assigned", "WhoId", "TaskSubtype", "CallType", "CallDisposition", "CompletedDateTime"),),
)

EVENTS = Contract(
    "salesforce_events",
    "One row per meeting or appointment (Event).",
    _id("activity_id", "Event id.", "Id", "Event ID", "Activity ID"),
    Column("starts_at", Timestamp, "When it begins.", ["StartDateTime", "ActivityDateTime", "Start"]),
    Column("ends_at", Timestamp, "When it ends.", ["EndDateTime", "End"], nullable=True),
    Column("subject", String, "Subject.", ["Subject", "Asunto"], nullable=True),
    Column("activity_type", String, "Kind of event.", ["Type", "EventSubtype"], nullable=True),
    _id("person_id", "Lead or contact it is about.", "WhoId", nullable=True),
    _id("about_id", "Opportunity or other record it is about.", "WhatId", nullable=True),
    _id("account_id", "Account id.", "AccountId", nullable=True),
    CREATED,
    UPDATED,
    OWNER,
    DELETED,
    key=("activity_id",),
    latest_by="updated_at",
    marks=(("EndDateTime", "EventSubtype", "DurationInMinutes", "GroupEventType", "IsAllDayEvent"),),
)

USERS = Contract(
    "salesforce_users",
    "One row per user (User).",
    _id("owner_id", "User id.", "Id", "User ID", "Id. de usuario"),
    Column("username", String, "Login name.", ["Username", "Nombre de usuario"]),
    Column("owner_name", String, "Name.", ["Name", "Full Name", "Nombre completo"], nullable=True),
    Column("first_name", String, "First name.", ["FirstName", "First Name", "Nombre"], nullable=True),
    Column("last_name", String, "Last name.", ["LastName", "Last Name", "Apellidos"], nullable=True),
    Column("email", Email, "E-mail address.", ["Email", "Correo electrónico"], nullable=True),
    Column("is_active", Boolean, "Whether the user can log in.", ["IsActive", "Active", "Activo"], nullable=True),
    Column("team", String, "Department.", ["Department", "Departamento"], nullable=True),
    Column("time_zone", String, "Time zone, such as Europe/Madrid.", ["TimeZoneSidKey"], nullable=True),
    UPDATED,
    key=("owner_id",),
    latest_by="updated_at",
)

LINE_ITEMS = Contract(
    "salesforce_line_items",
    "One row per product of an opportunity (OpportunityLineItem).",
    Column("line_item_id", String, "Id of the line.", ["Id", "Line Item ID"], otherwise=("deal_id", "product", "quantity", "amount", "service_on"), clean=record_id),
    _id("deal_id", "Opportunity id.", "OpportunityId", "Opportunity ID"),
    Column("product", String, "Product, by name or code.", ["Name", "Product Name", "ProductCode", "Product2Id"], nullable=True),
    Column("quantity", Number, "Quantity.", ["Quantity", "Cantidad"], nullable=True),
    Column("amount", Money, "Price of all of it, in the opportunity's currency.", ["TotalPrice", "Total Price", "Precio total"], nullable=True),
    Column("service_on", Date, "Day of delivery.", ["ServiceDate", "Product Date"], nullable=True),
    UPDATED,
    DELETED,
    key=("line_item_id",),
    latest_by="updated_at",
    marks=(("TotalPrice", "UnitPrice", "Total Price", "Precio total"),),
)

STAGES = Contract(
    "salesforce_stages",
    "One row per stage that opportunities may have (OpportunityStage).",
    Column("stage", String, "Value that opportunities hold.", ["ApiName", "MasterLabel"]),
    Column("position", Integer, "Place in the list.", ["SortOrder"]),
    Column("is_closed", Boolean, "Whether it ends the deal.", ["IsClosed"]),
    Column("is_won", Boolean, "Whether it wins it.", ["IsWon"]),
    Column("probability", Percent, "Usual probability, 0..1.", ["DefaultProbability"], nullable=True, scale=100),
    Column("is_active", Boolean, "Whether it can still be chosen.", ["IsActive"], nullable=True),
    key=("stage",),
)

RATES = Contract(
    "salesforce_exchange_rates",
    "One row per currency and day from which its rate holds (DatedConversionRate, CurrencyType).",
    Column("currency", String, "ISO code.", ["IsoCode", "CurrencyIsoCode"]),
    Column("rate", Number, "Units of it for one unit of the corporate currency.", ["ConversionRate"]),
    Column("rate_on", Date, "First day on which the rate holds.", ["StartDate"], nullable=True),
    Column("is_corporate", Boolean, "Whether it is the corporate currency.", ["IsCorporate"], nullable=True),
    key=("currency", "rate_on"),
)

LEAD_HISTORY = Contract(
    "salesforce_lead_history",
    "One row per edit of a tracked field of a lead (LeadHistory).",
    Column("history_id", String, "Id of the history row.", ["Id"], otherwise=("person_id", "changed_at", "field", "old_value", "new_value"), clean=record_id),
    _id("person_id", "Lead id.", "LeadId"),
    Column("changed_at", Timestamp, "When the field was edited.", ["CreatedDate"]),
    Column("field", String, "API name of the field.", ["Field"]),
    OLD_VALUE,
    NEW_VALUE,
    DELETED,
    key=("history_id",),
    marks=(NEW_VALUE.reads,),
)

CONTRACTS = [
    OPPORTUNITIES, OPPORTUNITY_HISTORY, FIELD_HISTORY_REPORT, OPPORTUNITY_FIELD_HISTORY, ACCOUNTS, CONTACTS, LEADS,
    CAMPAIGNS, CAMPAIGN_MEMBERS, CONTACT_ROLES, TASKS, EVENTS, USERS,
    LINE_ITEMS, STAGES, RATES, LEAD_HISTORY,
]  # fmt: skip

FEEDS = [
    Feed("deals", """
        select
            deal_id, deal_name, stage,
            case when is_won then 'won' when is_closed then 'lost' when is_closed is null then null else 'open' end as crm_status,
            amount, currency, probability, created_at, stage_changed_at, close_on, updated_at, owner_id, owner_name,
            account_id, account_name, person_id, lead_source, campaign_id, deal_type, lost_reason, forecast_category, is_deleted,
            _file as file, _line as line
        from raw.salesforce_opportunities
    """),
    # A history without the opportunities themselves still knows where each of them stands.
    Feed("deals", """
        with history as (
            select *, min(changed_at) over (partition by deal_id) as begun_at
            from raw.salesforce_opportunity_history
            where not coalesce(is_deleted, false)
            qualify row_number() over (partition by deal_id order by changed_at desc, _file desc, _line desc) = 1
        )

        select
            r.deal_id, r.deal_name, coalesce(r.stage, h.stage) as stage, coalesce(r.amount, h.amount) as amount, r.currency,
            h.probability, coalesce(r.created_at, h.begun_at) as created_at, coalesce(r.close_on, h.close_on) as close_on,
            r.owner_name, 2 as precedence, r._file as file, r._line as line
        from raw.salesforce_field_history_report as r
        left join history as h on h.deal_id = r.deal_id
        where coalesce(r.stage, h.stage) is not null and coalesce(r.created_at, h.begun_at) is not null
        qualify row_number() over (partition by r.deal_id order by r.changed_at desc, r._file desc, r._line desc) = 1
    """),
    Feed("deals", """
        select
            deal_id, stage, amount, probability, min(changed_at) over (partition by deal_id) as created_at, close_on,
            3 as precedence, _file as file, _line as line
        from raw.salesforce_opportunity_history
        where not coalesce(is_deleted, false) and not exists (select 1 from raw.salesforce_opportunities)
        qualify row_number() over (partition by deal_id order by changed_at desc, _file desc, _line desc) = 1
    """),
    Feed("stage_changes", """
        select deal_id, stage, from_stage, changed_at, 'history' as evidence
        from raw.salesforce_opportunity_history
    """),
    Feed("stage_changes", """
        select deal_id, new_value as stage, old_value as from_stage, changed_at, 'history' as evidence
        from raw.salesforce_field_history_report
        where lower(field) in ('stage', 'stagename', 'etapa') and new_value is not null
    """),
    Feed("stage_changes", """
        select deal_id, new_value as stage, old_value as from_stage, changed_at, 'history' as evidence
        from raw.salesforce_opportunity_field_history
        where field = 'StageName' and new_value is not null
    """),
    # Each row says all of them, as they were then; a file without such a column says nothing.
    Feed("deal_edits", """
        with rows as (
            select
                *, count(amount) over (partition by _file) > 0 as has_amount, count(close_on) over (partition by _file) > 0 as has_close,
                count(probability) over (partition by _file) > 0 as has_probability,
                count(forecast_category) over (partition by _file) > 0 as has_category,
                count(currency) over (partition by _file) > 0 as has_currency
            from raw.salesforce_opportunity_history
        )

        select deal_id, 'amount' as field, changed_at, cast(amount as varchar) as new_value, history_id as sequence from rows where has_amount
        union all
        select deal_id, 'close_on', changed_at, cast(close_on as varchar), history_id from rows where has_close
        union all
        select deal_id, 'probability', changed_at, cast(probability as varchar), history_id from rows where has_probability
        union all
        select deal_id, 'forecast_category', changed_at, forecast_category, history_id from rows where has_category
        union all
        select deal_id, 'currency', changed_at, currency, history_id from rows where has_currency
    """),
    Feed("deal_edits", """
        select
            deal_id,
            case field
                when 'Amount' then 'amount' when 'CloseDate' then 'close_on' when 'Owner' then 'owner'
                when 'CurrencyIsoCode' then 'currency' when 'ForecastCategoryName' then 'forecast_category'
            end as field,
            changed_at, old_value, new_value, true as knows_old, history_id as sequence
        from raw.salesforce_opportunity_field_history
        where field in ('Amount', 'CloseDate', 'Owner', 'CurrencyIsoCode', 'ForecastCategoryName')
    """),
    Feed("deal_edits", """
        select
            deal_id, 'probability' as field, changed_at, cast(try_cast(old_value as double) / 100 as varchar) as old_value,
            cast(try_cast(new_value as double) / 100 as varchar) as new_value, true as knows_old, history_id as sequence
        from raw.salesforce_opportunity_field_history
        where field = 'Probability'
    """),
    # A report writes values as its reader sees them; only what can be read in one way is used: names, and plain or US amounts.
    Feed("deal_edits", r"""
        with rows as (
            select
                deal_id, changed_at, lower(field) as field, nullif(trim(old_value), '') as old_value, nullif(trim(new_value), '') as new_value,
                '^([A-Z]{3}|[$€£])? ?[0-9]{1,3}(,[0-9]{3})*(\.[0-9]{1,2})?$|^[0-9]+(\.[0-9]+)?$' as plain
            from raw.salesforce_field_history_report
        )

        select
            deal_id, 'amount' as field, changed_at, regexp_replace(old_value, '[^0-9.]', '', 'g') as old_value,
            regexp_replace(new_value, '[^0-9.]', '', 'g') as new_value, true as knows_old
        from rows
        where field in ('amount', 'importe')
            and coalesce(regexp_matches(old_value, plain), true) and coalesce(regexp_matches(new_value, plain), true)
        union all
        select deal_id, 'owner', changed_at, old_value, new_value, true
        from rows
        where field in ('owner', 'opportunity owner', 'propietario', 'propietario de la oportunidad')
    """),
    Feed("people", """
        select
            person_id, 'contact' as record_type, email, first_name, last_name, account_id, lead_source, owner_id, created_at,
            updated_at
        from raw.salesforce_contacts
        where not coalesce(is_deleted, false)
    """),
    Feed("people", """
        select
            person_id, 'lead' as record_type, email, first_name, last_name, converted_account_id as account_id, company_name,
            status as lifecycle, lead_source, owner_id, created_at, updated_at,
            converted_contact_id as converted_person_id, converted_deal_id
        from raw.salesforce_leads
        where not coalesce(is_deleted, false)
    """),
    Feed("accounts", """
        select account_id, account_name, website, industry, employees, owner_id, updated_at
        from raw.salesforce_accounts
        where not coalesce(is_deleted, false)
    """),
    Feed("deal_people", """
        select deal_id, person_id, is_primary, role, 'contact role' as method
        from raw.salesforce_contact_roles
        where not coalesce(is_deleted, false)
    """),
    Feed("deal_people", """
        select converted_deal_id as deal_id, unnest([person_id, converted_contact_id]) as person_id, true as is_primary,
            'converted lead' as method
        from raw.salesforce_leads
        where converted_deal_id is not null
    """),
    Feed("owners", """
        select
            owner_id, coalesce(owner_name, nullif(trim(concat_ws(' ', first_name, last_name)), '')) as owner_name, email, team, is_active,
            time_zone, updated_at
        from raw.salesforce_users
    """),
    Feed("touches", """
        select
            member_id as touch_id, coalesce(responded_on::timestamp, created_at) as occurred_at, email,
            coalesce(contact_id, lead_id) as person_id, 'campaign: ' || coalesce(status, 'member') as touch_type,
            'campaign' as channel, campaign_id
        from raw.salesforce_campaign_members
        where not coalesce(is_deleted, false)
    """),
    Feed("activities", """
        select
            activity_id, coalesce(activity_type, 'task') as activity_type,
            coalesce(completed_at, case when is_closed then due_on::timestamp end) as occurred_at, due_on,
            coalesce(is_closed, status = 'Completed') as is_done, case when about_id like '006%' then about_id end as deal_id,
            person_id, account_id, owner_id, subject, created_at
        from raw.salesforce_tasks
        where not coalesce(is_deleted, false)
    """),
    Feed("activities", """
        select
            activity_id, coalesce(activity_type, 'meeting') as activity_type, starts_at as occurred_at, starts_at::date as due_on,
            case when about_id like '006%' then about_id end as deal_id, person_id, account_id, owner_id, subject, created_at
        from raw.salesforce_events
        where not coalesce(is_deleted, false)
    """),
    Feed("campaigns", """
        select campaign_id, campaign_name, campaign_type as channel, starts_on, ends_on, cost, budget, updated_at
        from raw.salesforce_campaigns
        where not coalesce(is_deleted, false)
    """),
    Feed("line_items", """
        select deal_id, product, quantity, amount
        from raw.salesforce_line_items
        where not coalesce(is_deleted, false)
    """),
    # One process is the list of all opportunities; which record type uses which stages no export says.
    Feed("stages", """
        select
            stage as stage_id, stage, position, probability,
            case when is_won then 'won' when is_closed then 'lost' else 'open' end as kind
        from raw.salesforce_stages
    """),
    # Rates are units per one of the corporate currency, whose own rate is always 1.
    Feed("exchange_rates", """
        with corporate as (
            select currency from raw.salesforce_exchange_rates
            group by currency
            having bool_or(is_corporate) or bool_and(rate = 1)
        )

        select coalesce(r.rate_on, date '1900-01-01') as rate_on, upper(r.currency) as currency,
            upper(c.currency) as into_currency, 1 / r.rate as rate
        from raw.salesforce_exchange_rates as r
        join (select currency from corporate where (select count(*) from corporate) = 1) as c on c.currency <> r.currency
        where r.rate > 0
    """),
    # A new owner is two rows, one with the names and one with the ids; a queue (00G) is nobody yet.
    Feed("assignments", """
        select person_id, new_value as owner_id, changed_at as assigned_at
        from raw.salesforce_lead_history
        where field = 'Owner' and new_value like '005%' and not coalesce(is_deleted, false)
    """),
    Feed("lifecycle_changes", """
        select person_id, new_value as stage, changed_at, 'history' as evidence
        from raw.salesforce_lead_history
        where field = 'Status' and not coalesce(is_deleted, false)
    """),
    Feed("merges", """
        select 'account' as entity, account_id as record_id, merged_into_id as into_id, updated_at as merged_at
        from raw.salesforce_accounts
        where merged_into_id is not null
    """),
    Feed("merges", """
        select 'person' as entity, person_id as record_id, merged_into_id as into_id, updated_at as merged_at
        from raw.salesforce_contacts
        where merged_into_id is not null
    """),
    Feed("merges", """
        select 'person' as entity, person_id as record_id, merged_into_id as into_id, updated_at as merged_at
        from raw.salesforce_leads
        where merged_into_id is not null
    """),
]  # fmt: skip
