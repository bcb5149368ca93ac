"""HubSpot: exports by label (old and new, in the eleven languages it exports in), by API name, and as connectors land them."""

import re

from pipeline_etl import (
    Boolean,
    Column,
    Contract,
    Date,
    Email,
    Feed,
    Integer,
    Money,
    Number,
    Percent,
    Spread,
    String,
    Timestamp,
)

LABELS = {
    "record": "ID de registro|ID del registro|Datensatz-ID|ID de fiche d'informations|ID de la fiche d'informations|ID de l'enregistrement|ID record|ID oggetto|レコードID|Record-ID|Identyfikator rekordu|ID rekordu|ID do registro|ID do registo|Post-ID|Tietueen tunnus|Tietue-ID",
    "created": "Fecha de creación|Erstellungsdatum|Erstelldatum|Date de création|Data di creazione|作成日|Aanmaakdatum|Data utworzenia|Data de criação|Skapandedatum|Skapad den|Luontipäivämäärä|Luontipäivä",
    "updated": "Fecha de la última modificación|Fecha de última modificación|Datum der letzten Änderung|Zuletzt geändert am|Date de dernière modification|Date de la dernière modification|Data ultima modifica|Data dell'ultima modifica|最終更新日|最終変更日|Datum laatst gewijzigd|Data ostatniej modyfikacji|Data da última modificação|Senast ändrad|Datum för senaste ändring|Viimeisin muokkauspäivä",
    "deal_name": "Nombre del negocio|Deal-Name|Nom de la transaction|Nome trattativa|Nome della trattativa|Nome dell'offerta|取引名|Dealnaam|Nazwa transakcji|Nazwa deala|Nome do negócio|Affärens namn|Affärsnamn|Kaupan nimi",
    "pipeline": "パイプライン|Lejek|Myyntiputki",
    "stage": "Etapa del negocio|Deal-Phase|Deal-Stage|Phase de la transaction|Étape de la transaction|Fase trattativa|Fase della trattativa|取引ステージ|Dealfase|Etap transakcji|Etap deala|Etapa do negócio|Fase do negócio|Affärsfas|Affärssteg|Kaupan vaihe",
    "amount": "Importe|Valor|Betrag|Montant|Importo|金額|Bedrag|Kwota|Montante|Belopp|Summa",
    "currency": "Moneda|Divisa|Währung|Devise|Valuta|通貨|Waluta|Moeda|Valuutta",
    "close": "Fecha de cierre|Abschlussdatum|Date de fermeture|Date de clôture|Data di chiusura|クローズ日|完了予定日|Sluitingsdatum|Data zamknięcia|Data de fechamento|Data de fecho|Slutdatum|Avslutsdatum|Sulkemispäivä|Päättymispäivä",
    "deal_type": "Tipo de negocio|Deal-Typ|Type de transaction|Tipo di trattativa|取引タイプ|Dealtype|Typ transakcji|Tipo de negócio|Affärstyp|Kaupan tyyppi",
    "deal_owner": "Propietario del negocio|Deal-Besitzer|Deal-Inhaber|Für Deal zuständiger Mitarbeiter|Propriétaire de la transaction|Proprietario trattativa|Proprietario della trattativa|取引担当者|Dealeigenaar|Eigenaar deal|Właściciel transakcji|Właściciel deala|Proprietário do negócio|Affärsägare|Kaupan omistaja",
    "first_name": "Nombre|Vorname|Prénom|Nome|名|Voornaam|Imię|Förnamn|Etunimi",
    "last_name": "Apellidos|Nachname|Nom|Nom de famille|Cognome|姓|Achternaam|Nazwisko|Sobrenome|Apelido|Efternamn|Sukunimi",
    "email": "Correo|Correo electrónico|E-Mail|E-Mail-Adresse|Adresse e-mail|Indirizzo e-mail|Eメール|E-mailadres|Adres e-mail|E-post|Sähköposti",
    "company": "Nombre de la empresa|Unternehmensname|Nom de l'entreprise|Nome azienda|Nome dell'azienda|会社名|Bedrijfsnaam|Nazwa firmy|Nome da empresa|Företagsnamn|Yrityksen nimi",
    "job_title": "Cargo|Jobtitel|Position|Intitulé du poste|Qualifica|役職|Functie|Stanowisko|Jobbtitel|Befattning|Ammattinimike",
    "lifecycle": "Etapa del ciclo de vida|Lifecycle-Phase|Lifecycle-Stage|Phase du cycle de vie|Étape du cycle de vie|Fase del ciclo di vita|ライフサイクルステージ|Levenscyclusfase|Etap cyklu życia|Estágio do ciclo de vida|Fase do ciclo de vida|Livscykelfas|Livscykelsteg|Elinkaaren vaihe",
    "lead_status": "Estado del lead|Lead-Status|Statut du lead|Stato del lead|リードステータス|Leadstatus|Status leada|Status do lead|Estado do lead|Liidin tila",
    "contact_owner": "Propietario del contacto|Kontakt-Besitzer|Kontakt-Inhaber|Für Kontakt zuständiger Mitarbeiter|Propriétaire du contact|Proprietario del contatto|コンタクト担当者|Contacteigenaar|Właściciel kontaktu|Proprietário do contato|Proprietário do contacto|Kontaktägare|Kontaktin omistaja|Yhteyshenkilön omistaja",
}
"""Labels of one field in ES, DE, FR, IT, JA, NL, PL, PT, SV and FI, the drifts of years among them."""


def _reads(*names: str, label: str = "") -> list[str]:
    """Aliases: those given, its labels in other languages, and each API name under the prefixes of API and connectors."""
    prefixed = [prefix + n for n in names if re.fullmatch("[a-z0-9_]+", n) for prefix in ("property_", "properties.")]
    return [*names, *(LABELS[label].split("|") if label else []), *prefixed]


CREATED = _reads("Create Date", "createdate", "hs_createdate", label="created")
UPDATED = _reads("Last Modified Date", "hs_lastmodifieddate", "lastmodifieddate", "_fivetran_start", label="updated")
RECORD = _reads("Record ID", "hs_object_id", label="record")
DELETED = Column("is_deleted", Boolean, "Deleted or archived.", ["is_deleted", "_fivetran_deleted", "archived"], nullable=True)

ENTRY = (
    r"(?:Date entered|Fecha de (?:entrada|ingreso) (?:a|en)(?: la etapa)?|Eingangsdatum(?: in)?|Eintrittsdatum(?: in)?|"
    r"Date d['’]entrée (?:dans|en)(?: la phase)?|Data di (?:ingresso|entrata) (?:in|nella fase)|Datum van binnenkomst in|"
    r"Datum van invoer in|Data wejścia (?:do|w)|Data de entrada (?:em|na etapa)|Datum för inträde i|Siirtymispäivä vaiheeseen)"
)
ENTERED = (
    ENTRY + r' ["“«„](?P<stage>.+) \((?P<pipeline>(?:[^()]|\([^()]*\))+)\)["”»“]',
    ENTRY + r" (?P<stage>.+) \((?P<pipeline>(?:[^()]|\([^()]*\))+)\)",
    r"(?:property_|properties\.)?hs_(?:v2_)?date_entered_(?!current_stage$)(?P<stage>.+)",
)

THEIRS = tuple(
    [*RECORD, *(prefix + n for prefix in ("property_", "properties.") for n in ("createdate", "email", "name", "domain", "firstname", "hs_object_id"))]
)
"""A file with a plain `id` is HubSpot's only where its other headings say so."""
STAGE_LABELS = tuple(_reads("Deal Stage", "dealstage", "deal_pipeline_stage_id", label="stage"))
DEALS = Contract(
    "hubspot_deals",
    "One row per deal in a HubSpot deals export.",
    Column("deal_id", String, "HubSpot record id.", [*RECORD, "Deal ID", "deal_id", "ID del negocio", "id"]),
    Column("deal_name", String, "Name of the deal.", _reads("Deal Name", "dealname", label="deal_name"), nullable=True),
    Column("pipeline", String, "Pipeline, by label or id.", _reads("Pipeline", "pipeline", "hs_pipeline", "deal_pipeline_id", label="pipeline"), nullable=True),
    Column("stage", String, "Stage it stands in, by label or id.", STAGE_LABELS),
    Column("amount", Money, "Value in its own currency.", _reads("Amount", "amount", label="amount"), currency="currency", nullable=True),
    Column("currency", String, "ISO code of the amount's currency.", _reads("Currency", "deal_currency_code", label="currency"), nullable=True),
    Column("company_amount", Money, "Value in the company's currency.", _reads("Amount in company currency", "amount_in_home_currency", "Importe en la moneda de la empresa"), nullable=True),
    Column("probability", Percent, "Probability of winning, 0..1.", _reads("Deal probability", "hs_deal_stage_probability", "Probabilidad del negocio"), nullable=True, between=(0, 1)),
    Column("created_at", Timestamp, "When the deal was created.", CREATED),
    Column("close_at", Timestamp, "Close date: expected while open, actual once closed.", _reads("Close Date", "closedate", label="close"), nullable=True),
    Column("close_on", Date, "Its day, as the portal shows it.", nullable=True, day_of="close_at"),
    Column("updated_at", Timestamp, "When the deal last changed.", UPDATED, nullable=True),
    Column("stage_changed_at", Timestamp, "When it entered the stage it stands in.", _reads("Date entered current stage", "hs_v2_date_entered_current_stage"), nullable=True),
    Column("deal_type", String, "New or existing business.", _reads("Deal Type", "dealtype", label="deal_type"), nullable=True),
    Column("lead_source", String, "Original traffic source.", _reads("Original Traffic Source", "hs_analytics_source", "Original Source Type", "Original Source", "Fuente original de tráfico"), nullable=True),
    Column("campaign", String, "HubSpot campaign.", _reads("HubSpot Campaign", "hs_campaign"), nullable=True),
    Column("is_closed", Boolean, "Whether its stage is a closed one.", _reads("Is Deal Closed?", "hs_is_closed"), nullable=True),
    Column("is_won", Boolean, "Whether its stage is a won one.", _reads("Is Closed Won", "hs_is_closed_won"), nullable=True),
    Column("forecast_category", String, "Forecast category.", _reads("Forecast category", "hs_manual_forecast_category"), nullable=True),
    Column("lost_reason", String, "Why it was lost.", _reads("Closed Lost Reason", "closed_lost_reason", "Motivo de negocio perdido"), nullable=True),
    Column("owner", String, "Owner, by name or id.", _reads("Deal owner", "hubspot_owner_id", "owner_id", label="deal_owner"), nullable=True),
    Column("account_id", String, "Ids of the associated companies, `;`-joined, the first one the primary.", ["Associated Company IDs", "Associated Company ID"], nullable=True),
    Column("account_name", String, "Associated company.", ["Associated Company", "Associated Company (Primary)", "Empresa asociada"], nullable=True),
    Column("person_ids", String, "Ids of the associated contacts, `;`-joined.", ["Associated Contact IDs", "Associated Contact ID"], nullable=True),
    Column("merged_deal_ids", String, "Ids of the deals merged into this one, `;`-joined.", _reads("Merged Deal IDs", "Merged object IDs", "hs_merged_object_ids"), nullable=True),
    DELETED,
    key=("deal_id",),
    latest_by="updated_at",
    marks=(STAGE_LABELS,),
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
    Column("person_id", String, "HubSpot record id.", [*RECORD, "ID del contacto", "id"]),
    Column("email", Email, "E-mail address, lower case.", _reads("Email", "email", label="email"), nullable=True),
    Column("first_name", String, "First name.", _reads("First Name", "firstname", label="first_name"), nullable=True),
    Column("last_name", String, "Last name.", _reads("Last Name", "lastname", label="last_name"), nullable=True),
    Column("company_name", String, "Company as typed on the contact.", _reads("Company Name", "company", label="company"), nullable=True),
    Column("job_title", String, "Job title.", _reads("Job Title", "jobtitle", label="job_title"), nullable=True),
    Column("lifecycle", String, "Lifecycle stage.", _reads("Lifecycle Stage", "lifecyclestage", label="lifecycle"), nullable=True),
    Column("lead_status", String, "Lead status.", _reads("Lead Status", "hs_lead_status", label="lead_status"), nullable=True),
    Column("lead_source", String, "Original traffic source.", _reads("Original Source", "Original Traffic Source", "Original Source Type", "hs_analytics_source", "Fuente original"), nullable=True),
    Column("owner", String, "Owner, by name or id.", _reads("Contact owner", "hubspot_owner_id", label="contact_owner"), nullable=True),
    Column("account_id", String, "Id of the primary company.", ["Primary Associated Company ID", "Associated Company ID", "Associated Company IDs", "associatedcompanyid"], nullable=True),
    Column("merged_ids", String, "Ids of the contacts merged into this one, `;`-joined.", _reads("Merged object IDs", "Merged Contact IDs", "hs_merged_object_ids"), nullable=True),
    DELETED,
    Column("created_at", Timestamp, "When the contact was created.", CREATED, nullable=True),
    Column("updated_at", Timestamp, "When the contact last changed.", UPDATED, nullable=True),
    key=("person_id",),
    latest_by="updated_at",
    marks=(
        (*_reads("Lifecycle Stage", "lifecyclestage", label="lifecycle"), *_reads("Lead Status", "hs_lead_status", label="lead_status"),
         *_reads("Contact owner", label="contact_owner"), *_reads("First Name", "firstname"), *_reads("lastname", "jobtitle")),
        THEIRS,
    ),
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
    Column("account_id", String, "HubSpot record id.", [*RECORD, "ID de la empresa", "id"]),
    Column("account_name", String, "Name of the company.", _reads("Company name", "name", "Nombre de la empresa")),
    Column("website", String, "Domain.", _reads("Company Domain Name", "domain", "Website URL", "website", "Nombre de dominio de la empresa"), nullable=True),
    Column("industry", String, "Industry.", _reads("Industry", "industry", "Sector"), nullable=True),
    Column("employees", Integer, "Number of employees.", _reads("Number of Employees", "numberofemployees", "Número de empleados"), nullable=True),
    Column("owner", String, "Owner, by name or id.", _reads("Company owner", "hubspot_owner_id", "Propietario de la empresa"), nullable=True),
    Column("merged_ids", String, "Ids of the companies merged into this one, `;`-joined.", _reads("Merged object IDs", "Merged Company IDs", "hs_merged_object_ids"), nullable=True),
    DELETED,
    Column("created_at", Timestamp, "When the record was created.", CREATED, nullable=True),
    Column("updated_at", Timestamp, "When the record last changed.", UPDATED, nullable=True),
    key=("account_id",),
    latest_by="updated_at",
    marks=(("Company Domain Name", "Company owner", "domain", "properties.domain", "property_domain", "property_industry", "Number of Employees", "Nombre de dominio de la empresa"), THEIRS),
)

ACTIVITIES = Contract(
    "hubspot_activities",
    "One row per engagement: a call, an e-mail, a meeting, a note or a task.",
    Column("activity_id", String, "HubSpot record id.", ["engagement_id", *RECORD, "Activity ID", "ID de la actividad"]),
    Column("activity_type", String, "Kind of engagement.", _reads("Activity type", "type", "hs_engagement_type", "Tipo de actividad")),
    Column("occurred_at", Timestamp, "When it took place.", _reads("Activity date", "hs_timestamp", "Fecha de la actividad")),
    Column("owner", String, "Who did it, by name or id.", _reads("Activity assigned to", "hubspot_owner_id", "Actividad asignada a"), nullable=True),
    Column("subject", String, "Subject or title.", _reads("Subject", "Asunto", "hs_title", "hs_email_subject", "hs_call_title", "hs_meeting_title", "hs_task_subject"), nullable=True),
    Column("deal_ids", String, "Ids of the associated deals, `;`-joined.", ["Associated Deal IDs", "Associated Deal ID"], nullable=True),
    Column("person_ids", String, "Ids of the associated contacts, `;`-joined.", ["Associated Contact IDs", "Associated Contact ID"], nullable=True),
    Column("duration_minutes", Number, "Duration in minutes.", ["Duration (minutes)"], nullable=True),
    Column("direction", String, "Inbound or outbound, as HubSpot says.", _reads("Direction", "hs_call_direction", "hs_email_direction"), nullable=True),
    DELETED,
    Column("updated_at", Timestamp, "When the record last changed.", UPDATED, nullable=True),
    key=("activity_id",),
    latest_by="updated_at",
)

STAGE_HISTORY = Contract(
    "hubspot_deal_stage_history",
    "One row per stage that a deal entered.",
    Column("deal_id", String, "Deal.", ["deal_id", "Deal ID", *RECORD]),
    Column("stage", String, "Stage, by id.", ["value", "stage_id", "dealstage", "Deal Stage"]),
    Column("entered_at", Timestamp, "When it entered the stage.", ["date_entered", "_fivetran_start", "Date entered"]),
    Column("source", String, "What changed it.", ["source", "sourceType"], nullable=True),
    key=("deal_id", "stage", "entered_at"),
    marks=(("date_entered", "Date entered"),),
)

DEAL_PROPERTY_HISTORY = Contract(
    "hubspot_deal_property_history",
    "One row per change of a property of a deal.",
    Column("deal_id", String, "Deal.", ["deal_id", "Deal ID", "objectId"]),
    Column("property", String, "API name of the property.", ["name", "property", "Property name"]),
    Column("value", String, "Value after the change.", ["value"], nullable=True),
    Column("changed_at", Timestamp, "When it changed.", ["timestamp", "changed_at"]),
    Column("source", String, "What changed it.", ["source", "sourceType"], nullable=True),
    key=("deal_id", "property", "changed_at", "value"),
    marks=(("source", "sourceType"),),
)

CONTACT_PROPERTY_HISTORY = Contract(
    "hubspot_contact_property_history",
    "One row per change of a property of a contact.",
    Column("person_id", String, "Contact.", ["contact_id", "vid", "Contact ID"]),
    Column("property", String, "API name of the property.", ["name", "property", "Property name"]),
    Column("value", String, "Value after the change.", ["value"], nullable=True),
    Column("changed_at", Timestamp, "When it changed.", ["timestamp", "changed_at"]),
    Column("source", String, "What changed it.", ["source", "sourceType"], nullable=True),
    key=("person_id", "property", "changed_at", "value"),
    marks=(("source", "sourceType"),),
)

PIPELINES = Contract(
    "hubspot_pipelines",
    "One row per pipeline of deals.",
    Column("pipeline_id", String, "Id.", ["pipeline_id", "pipelineId"]),
    Column("label", String, "Name.", ["label"]),
    Column("position", Integer, "Place in the list.", ["display_order", "displayOrder"], nullable=True),
    Column("object_type", String, "Kind of record that it is for; 0-3 for deals.", ["object_type_id", "objectTypeId"], nullable=True),
    DELETED,
    # Pipelines of tickets and of deals may have one id.
    key=("pipeline_id", "object_type"),
    never=("stage_id", "stageId", "ticket_state"),
)

STAGES = Contract(
    "hubspot_stages",
    "One row per stage of a pipeline of deals.",
    Column("stage_id", String, "Id.", ["stage_id", "stageId"]),
    Column("label", String, "Name.", ["label"]),
    Column("pipeline_id", String, "Pipeline.", ["pipeline_id", "pipelineId"], nullable=True),
    Column("position", Integer, "Place in the pipeline.", ["display_order", "displayOrder"], nullable=True),
    Column("probability", Percent, "Usual probability, 0..1.", ["probability", "metadata.probability"], nullable=True),
    Column("is_closed", Boolean, "Whether it ends the deal.", ["is_closed", "isClosed", "metadata.isClosed"], nullable=True),
    Column("is_won", Boolean, "Whether it wins it.", ["closed_won", "closedWon"], nullable=True),
    DELETED,
    key=("pipeline_id", "stage_id"),
    marks=(("probability", "metadata.probability", "closed_won", "closedWon", "is_closed"),),
    never=("ticket_state",),
)

OWNERS = Contract(
    "hubspot_owners",
    "One row per owner.",
    Column("owner_id", String, "Id that records name.", ["owner_id", "ownerId", "id"]),
    Column("email", Email, "E-mail address.", ["email"], nullable=True),
    Column("first_name", String, "First name.", ["first_name", "firstName"], nullable=True),
    Column("last_name", String, "Last name.", ["last_name", "lastName"], nullable=True),
    DELETED,
    Column("updated_at", Timestamp, "When the record last changed.", ["updated_at", "updatedAt"], nullable=True),
    key=("owner_id",),
    latest_by="updated_at",
    marks=(("portal_id", "active_user_id", "userId", "portalId"),),
)

DEAL_CONTACTS = Contract(
    "hubspot_deal_contacts",
    "One row per contact associated with a deal.",
    Column("deal_id", String, "Deal.", ["deal_id", "dealId"]),
    Column("person_id", String, "Contact.", ["contact_id", "contactId"]),
    Column("type_id", String, "Kind of association.", ["type_id", "typeId", "category"]),
    key=("deal_id", "person_id", "type_id"),
)

DEAL_COMPANIES = Contract(
    "hubspot_deal_companies",
    "One row per company associated with a deal.",
    Column("deal_id", String, "Deal.", ["deal_id", "dealId"]),
    Column("account_id", String, "Company.", ["company_id", "companyId"]),
    Column("type_id", String, "Kind of association.", ["type_id", "typeId"]),
    key=("deal_id", "account_id", "type_id"),
)

ENGAGEMENT_DEALS = Contract(
    "hubspot_engagement_deals",
    "One row per deal that an engagement is about.",
    Column("activity_id", String, "Engagement.", ["engagement_id", "engagementId"]),
    Column("deal_id", String, "Deal.", ["deal_id", "dealId"]),
    key=("activity_id", "deal_id"),
)

ENGAGEMENT_CONTACTS = Contract(
    "hubspot_engagement_contacts",
    "One row per contact that an engagement is with.",
    Column("activity_id", String, "Engagement.", ["engagement_id", "engagementId"]),
    Column("person_id", String, "Contact.", ["contact_id", "contactId"]),
    key=("activity_id", "person_id"),
)

ENGAGEMENT_COMPANIES = Contract(
    "hubspot_engagement_companies",
    "One row per company that an engagement is with.",
    Column("activity_id", String, "Engagement.", ["engagement_id", "engagementId"]),
    Column("account_id", String, "Company.", ["company_id", "companyId"]),
    key=("activity_id", "account_id"),
)

EMAIL_EVENTS = Contract(
    "hubspot_email_events",
    "One row per event of a marketing e-mail: sent, delivered, opened, clicked …",
    Column("event_id", String, "Id.", ["id"]),
    Column("event_type", String, "SENT, DELIVERED, OPEN, CLICK …", ["type"]),
    Column("occurred_at", Timestamp, "When.", ["created"]),
    Column("email", Email, "Recipient.", ["recipient"], nullable=True),
    Column("campaign_id", String, "E-mail campaign.", ["email_campaign_id", "emailCampaignId"], nullable=True),
    Column("is_filtered", Boolean, "Whether HubSpot takes it for a machine's.", ["filtered_event", "filteredEvent"], nullable=True),
    key=("event_id",),
    marks=(("recipient", "email_campaign_id", "emailCampaignId"),),
)

EMAIL_CAMPAIGNS = Contract(
    "hubspot_email_campaigns",
    "One row per e-mail campaign.",
    Column("campaign_id", String, "Id.", ["id"]),
    Column("campaign_name", String, "Name.", ["name"]),
    Column("subject", String, "Subject.", ["subject"], nullable=True),
    key=("campaign_id",),
    marks=(("app_id", "appId", "content_id", "contentId"),),
)

FORM_SUBMISSIONS = Contract(
    "hubspot_form_submissions",
    "One row per form that a contact sent.",
    Column("submission_id", String, "Id.", ["conversion_id", "conversionId"], otherwise=("person_id", "form_id", "submitted_at")),
    Column("submitted_at", Timestamp, "When.", ["timestamp", "submittedAt", "Conversion date"]),
    Column("form_id", String, "Form.", ["form_id", "formId", "guid"]),
    Column("person_id", String, "Contact.", ["contact_id", "contactId"], nullable=True),
    Column("email", Email, "E-mail address, where the submission has it.", ["email"], nullable=True),
    Column("page", String, "Page.", ["page_url", "pageUrl"], nullable=True),
    Column("title", String, "Title of the form or page.", ["title"], nullable=True),
    key=("submission_id",),
)

MERGED_DEALS = Contract(
    "hubspot_merged_deals",
    "One row per deal that was merged into another.",
    Column("deal_id", String, "Deal that lives on.", ["deal_id"]),
    Column("merged_deal_id", String, "Deal that ended.", ["merged_deal_id"]),
    key=("merged_deal_id", "deal_id"),
)

CONTACT_MERGES = Contract(
    "hubspot_contact_merges",
    "One row per contact that was merged into another.",
    Column("person_id", String, "Contact that lives on.", ["canonical_vid", "canonicalVid", "contact_id"]),
    Column("merged_person_id", String, "Contact that ended.", ["vid_to_merge", "vidToMerge"]),
    Column("merged_at", Timestamp, "When.", ["timestamp"], nullable=True),
    key=("merged_person_id", "person_id"),
)

MEETINGS = Contract(
    "hubspot_meetings",
    "One row per meeting, where connectors land meetings apart.",
    Column("activity_id", String, "Engagement.", ["engagement_id", "engagementId"]),
    Column("starts_at", Timestamp, "When it begins.", ["start_time", "startTime", "hs_meeting_start_time"]),
    Column("ends_at", Timestamp, "When it ends.", ["end_time", "endTime", "hs_meeting_end_time"]),
    Column("outcome", String, "What came of it.", ["meeting_outcome", "meetingOutcome", "hs_meeting_outcome"], nullable=True),
    Column("subject", String, "Title.", ["title"], nullable=True),
    DELETED,
    key=("activity_id",),
)

CONTRACTS = [
    DEALS, CONTACTS, COMPANIES, ACTIVITIES, STAGE_HISTORY, DEAL_PROPERTY_HISTORY, CONTACT_PROPERTY_HISTORY, PIPELINES, STAGES,
    OWNERS, DEAL_CONTACTS, DEAL_COMPANIES, ENGAGEMENT_DEALS, ENGAGEMENT_CONTACTS, ENGAGEMENT_COMPANIES, EMAIL_EVENTS,
    EMAIL_CAMPAIGNS, FORM_SUBMISSIONS, MERGED_DEALS, CONTACT_MERGES, MEETINGS,
]  # fmt: skip

FEEDS = [
    Feed("deals", """
        select
            deal_id, deal_name, pipeline, stage,
            case when is_won then 'won' when is_closed then 'lost' when is_closed is null then null else 'open' end as crm_status,
            amount, currency, company_amount, probability, created_at, stage_changed_at,
            close_on, close_at, updated_at, owner as owner_id, owner as owner_name,
            coalesce(trim(split_part(account_id, ';', 1)), l.linked_account_id) as account_id, account_name,
            trim(split_part(person_ids, ';', 1)) as person_id, lead_source, campaign as campaign_id, deal_type,
            lost_reason, forecast_category, is_deleted, _file as file, _line as line
        from raw.hubspot_deals
        left join (
            select deal_id, arg_max(account_id, type_id = '5') as linked_account_id
            from raw.hubspot_deal_companies
            group by deal_id
        ) as l using (deal_id)
    """),
    Feed("stages", """
        select
            s.pipeline_id, p.label as pipeline, s.stage_id, s.label as stage, s.position, s.probability,
            case
                when s.is_won or (s.is_closed and s.probability = 1) then 'won' when s.is_closed then 'lost'
                when s.is_closed is not null then 'open'
            end as kind
        from raw.hubspot_stages as s
        left join raw.hubspot_pipelines as p on p.pipeline_id = s.pipeline_id and coalesce(p.object_type, '0-3') = '0-3'
    """),
    Feed("stage_changes", """
        select deal_id, stage, entered_at as changed_at, 'history' as evidence
        from raw.hubspot_deal_stage_history
    """),
    Feed("stage_changes", """
        select deal_id, value as stage, changed_at, 'history' as evidence
        from raw.hubspot_deal_property_history
        where property in ('dealstage', 'Deal Stage') and value <> ''
    """),
    Feed("deal_edits", """
        select
            deal_id,
            case lower(property)
                when 'amount' then 'amount' when 'deal_currency_code' then 'currency' when 'closedate' then 'close_on'
                when 'hubspot_owner_id' then 'owner' when 'hs_deal_stage_probability' then 'probability'
                when 'hs_manual_forecast_category' then 'forecast_category'
            end as field,
            changed_at,
            case
                when lower(property) <> 'closedate' then nullif(value, '')
                when length(value) = 13 and try_cast(value as bigint) is not null
                    then cast(cast(make_timestamp(cast(value as bigint) * 1000) as date) as varchar)
                else cast(try_cast(left(value, 10) as date) as varchar)
            end as new_value
        from raw.hubspot_deal_property_history
        where lower(property) in (
            'amount', 'deal_currency_code', 'closedate', 'hubspot_owner_id', 'hs_deal_stage_probability', 'hs_manual_forecast_category'
        )
    """),
    Feed("lifecycle_changes", """
        select person_id, value as stage, changed_at, 'history' as evidence
        from raw.hubspot_contact_property_history
        where property in ('lifecyclestage', 'Lifecycle Stage') and value <> ''
    """),
    Feed("assignments", """
        select person_id, value as owner_id, changed_at as assigned_at
        from raw.hubspot_contact_property_history
        where property in ('hubspot_owner_id', 'Contact owner') and value <> ''
    """),
    Feed("owners", """
        select
            owner_id, nullif(trim(concat_ws(' ', first_name, last_name)), '') as owner_name, email,
            not coalesce(is_deleted, false) as is_active, updated_at
        from raw.hubspot_owners
    """),
    Feed("deal_people", "select deal_id, person_id, 'associated contact' as method from raw.hubspot_deal_contacts"),
    Feed("merges", "select 'deal' as entity, merged_deal_id as record_id, deal_id as into_id from raw.hubspot_merged_deals"),
    Feed("merges", """
        select 'person' as entity, merged_person_id as record_id, person_id as into_id, merged_at
        from raw.hubspot_contact_merges
    """),
    Feed("merges", """
        select 'person' as entity, trim(unnest(string_split(merged_ids, ';'))) as record_id, person_id as into_id
        from raw.hubspot_contacts
    """),
    Feed("merges", """
        select 'account' as entity, trim(unnest(string_split(merged_ids, ';'))) as record_id, account_id as into_id
        from raw.hubspot_companies
    """),
    Feed("touches", """
        select
            event_id as touch_id, occurred_at, email, 'email ' || lower(event_type) as touch_type, 'email' as channel, campaign_id
        from raw.hubspot_email_events
        where not coalesce(is_filtered, false)
    """),
    Feed("touches", """
        select
            submission_id as touch_id, submitted_at as occurred_at, email, person_id, 'form' as touch_type,
            'website' as channel, page
        from raw.hubspot_form_submissions
    """),
    Feed("activities", """
        select
            m.activity_id, 'meeting' as activity_type, m.starts_at as occurred_at, m.starts_at::date as due_on,
            case when lower(m.outcome) = 'completed' then true when lower(m.outcome) in ('no_show', 'no show', 'canceled') then false end as is_done,
            d.deal_id, p.person_id, c.account_id, m.subject
        from raw.hubspot_meetings as m
        left join (select activity_id, min(deal_id) as deal_id from raw.hubspot_engagement_deals group by all) as d using (activity_id)
        left join (select activity_id, min(person_id) as person_id from raw.hubspot_engagement_contacts group by all) as p using (activity_id)
        left join (select activity_id, min(account_id) as account_id from raw.hubspot_engagement_companies group by all) as c using (activity_id)
        where not coalesce(m.is_deleted, false)
    """),
    Feed("campaigns", "select campaign_id, campaign_name, 'email' as channel from raw.hubspot_email_campaigns"),
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
        where not coalesce(is_deleted, false)
    """),
    Feed("lifecycle_changes", """
        select person_id, stage, entered_at as changed_at, 'date column' as evidence
        from raw.hubspot_contact_stage_dates
    """),
    Feed("accounts", """
        select account_id, account_name, website, industry, employees, owner as owner_id, updated_at
        from raw.hubspot_companies
        where not coalesce(is_deleted, false)
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
            coalesce(trim(split_part(deal_ids, ';', 1)), d.deal_id) as deal_id,
            coalesce(trim(split_part(person_ids, ';', 1)), p.person_id) as person_id,
            c.account_id, owner as owner_id, subject, case when lower(direction) like '%in%' then 'inbound' when direction <> '' then 'outbound' end as direction
        from raw.hubspot_activities
        left join (select activity_id, min(deal_id) as deal_id from raw.hubspot_engagement_deals group by all) as d using (activity_id)
        left join (select activity_id, min(person_id) as person_id from raw.hubspot_engagement_contacts group by all) as p using (activity_id)
        left join (select activity_id, min(account_id) as account_id from raw.hubspot_engagement_companies group by all) as c using (activity_id)
        where not coalesce(is_deleted, false)
    """),
]  # fmt: skip
