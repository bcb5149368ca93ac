"""Pipedrive: the CSV exports of its lists (`Deal - Title`, `Person - Name*`), its API records and its deal flow."""

from pipeline_etl import Boolean, Column, Contract, Date, Email, Feed, Integer, Money, Percent, String, Timestamp

DEAL = ("Deal", "Negocio", "Trato", "Deal", "Affaire", "Obchod", "Negócio")
PERSON = ("Person", "Persona", "Contact person", "Persona de contacto", "Personne", "Osoba", "Pessoa")
COMPANY = ("Organization", "Organización", "Organisation", "Organizace", "Organização", "Empresa")


def _of(prefixes: tuple[str, ...], *names: str) -> list[str]:
    """The heading of a field in a list's export: `Deal - Title`, with and without the prefix."""
    return [f"{p} - {n}" for p in dict.fromkeys(prefixes) for n in names]


DELETED = Column("is_deleted", Boolean, "Deleted.", ["is_deleted", "_fivetran_deleted"], nullable=True)

DEALS = Contract(
    "pipedrive_deals",
    "One row per deal.",
    Column("deal_id", String, "Deal id.", [*_of(DEAL, "ID", "Pipedrive System ID"), "id"]),
    Column("title", String, "Title.", [*_of(DEAL, "Title", "Título", "Titel", "Titre", "Název"), "title"]),
    Column("stage", String, "Stage, by name or id.", [*_of(DEAL, "Stage", "Stage (pipeline)", "Etapa", "Phase", "Étape", "Fáze"), "stage_id"]),
    Column("status", String, "Open, won, lost or deleted.", [*_of(DEAL, "Status", "Estado", "Statut", "Stav"), "status"]),
    Column("created_at", Timestamp, "When it was created.", [*_of(DEAL, "Deal created", "Creation date", "Deal created on", "Negocio creado", "Trato creado", "Fecha de creación", "Deal erstellt", "Deal erstellt am", "Erstellt am", "Affaire créée", "Affaire créée le", "Date de création", "Negócio criado", "Negócio criado em", "Data de criação", "Obchod vytvořen", "Datum vytvoření"), "add_time"]),
    Column("pipeline", String, "Pipeline, by name or id.", [*_of(DEAL, "Pipeline", "Embudo", "Pipeline (embudo)"), "pipeline_id"], nullable=True),
    Column("amount", Money, "Value.", [*_of(DEAL, "Value", "Deal value", "Valor", "Wert", "Valeur", "Hodnota"), "value"], currency="currency", nullable=True),
    Column("currency", String, "ISO code.", [*_of(DEAL, "Currency", "Currency of value", "Currency of Value", "Moneda", "Divisa", "Währung", "Devise", "Moeda", "Měna"), "currency"], nullable=True),
    Column("probability", Percent, "Probability of winning, 0..1.", [*_of(DEAL, "Probability", "Probabilidad"), "probability"], nullable=True, scale=100, between=(0, 1)),
    Column("expected_close_on", Date, "Day on which it is expected to close.", [*_of(DEAL, "Expected close date", "Fecha prevista de cierre", "Fecha de cierre prevista", "Erwartetes Abschlussdatum"), "expected_close_date"], nullable=True),
    Column("won_at", Timestamp, "When it was won.", [*_of(DEAL, "Won time", "Hora en que se ganó", "Gewonnen am"), "won_time"], nullable=True),
    Column("lost_at", Timestamp, "When it was lost.", [*_of(DEAL, "Lost time", "Hora en que se perdió", "Verloren am"), "lost_time"], nullable=True),
    Column("closed_at", Timestamp, "When it was won or lost.", [*_of(DEAL, "Deal closed on", "Negocio cerrado el"), "close_time"], nullable=True),
    Column("stage_changed_at", Timestamp, "When it entered its stage.", [*_of(DEAL, "Last stage change", "Último cambio de etapa"), "stage_change_time"], nullable=True),
    Column("updated_at", Timestamp, "When it last changed.", [*_of(DEAL, "Update time", "Hora de actualización"), "update_time"], nullable=True),
    Column("lost_reason", String, "Why it was lost.", [*_of(DEAL, "Lost reason", "Motivo de la pérdida", "Verlustgrund"), "lost_reason"], nullable=True),
    Column("label", String, "Label.", [*_of(DEAL, "Label", "Etiqueta"), "label_ids"], nullable=True),
    Column("owner", String, "Owner, by name or id.", [*_of(DEAL, "Owner", "Propietario", "Besitzer", "Propriétaire", "Proprietário", "Vlastník"), "owner_id", "user_id", "user_id.id", "user_id.value"], nullable=True),
    Column("account", String, "Organization, by id or name.", ["org_id", "org_id.value", *_of(DEAL, "Organization", "Organización", "Organisation"), *_of(COMPANY, "ID", "Name", "Nombre", "Nom", "Nome", "Název")], nullable=True),
    Column("person", String, "Contact person, by id or name.", ["person_id", "person_id.value", *_of(DEAL, "Contact person", "Persona de contacto"), *_of(PERSON, "ID", "Name", "Nombre", "Nom", "Nome", "Jméno")], nullable=True),
    Column("email", Email, "E-mail address of the contact person.", _of(PERSON, "Email", "E-mail", "Correo electrónico"), nullable=True),
    Column("origin", String, "How it came into Pipedrive.", [*_of(DEAL, "Source origin", "Source channel"), "origin", "channel"], nullable=True),
    DELETED,
    key=("deal_id",),
    latest_by="updated_at",
    marks=((*_of(DEAL, "ID", "Pipedrive System ID"), "add_time"),),
)

FLOW = Contract(
    "pipedrive_flow",
    "One row per change of a deal's field (deal flow, change log).",
    Column("change_id", String, "Id of the change.", ["id"], otherwise=("deal_id", "field", "old_value", "new_value", "changed_at")),
    Column("deal_id", String, "Deal.", ["item_id", "deal_id"]),
    Column("field", String, "Field that changed.", ["field_key"]),
    Column("old_value", String, "Value before.", ["old_value"], nullable=True),
    Column("new_value", String, "Value after.", ["new_value"], nullable=True),
    Column("changed_at", Timestamp, "When.", ["log_time", "time"]),
    key=("change_id",),
)

STAGES = Contract(
    "pipedrive_stages",
    "One row per stage.",
    Column("stage_id", String, "Id.", ["id"]),
    Column("stage", String, "Name.", ["name"]),
    Column("pipeline_id", String, "Pipeline.", ["pipeline_id"]),
    Column("position", Integer, "Place in the pipeline.", ["order_nr"]),
    Column("probability", Percent, "Usual probability, 0..1.", ["deal_probability"], nullable=True, scale=100),
    key=("stage_id",),
)

PIPELINES = Contract(
    "pipedrive_pipelines",
    "One row per pipeline.",
    Column("pipeline_id", String, "Id.", ["id"]),
    Column("pipeline", String, "Name.", ["name"]),
    Column("position", Integer, "Place in the list.", ["order_nr"]),
    Column("has_probability", Boolean, "Whether deals have a probability.", ["is_deal_probability_enabled", "deal_probability", "url_title"], nullable=True),
    key=("pipeline_id",),
    marks=(("is_deal_probability_enabled", "url_title"),),
)

PERSONS = Contract(
    "pipedrive_persons",
    "One row per person.",
    Column("person_id", String, "Id.", [*_of(PERSON, "ID"), "id"]),
    Column("person_name", String, "Name.", [*_of(PERSON, "Name", "Nombre", "Jméno"), "name"]),
    Column("email", Email, "E-mail address.", [*_of(PERSON, "Email", "Email - Work", "Correo electrónico", "Correo electrónico - Trabajo"), "email", "primary_email"], nullable=True),
    Column("account", String, "Organization, by id or name.", [*_of(PERSON, "Organization", "Organización"), "org_id"], nullable=True),
    Column("owner", String, "Owner, by name or id.", [*_of(PERSON, "Owner", "Propietario"), "owner_id"], nullable=True),
    Column("created_at", Timestamp, "When it was created.", [*_of(PERSON, "Person created", "Persona creada"), "add_time"], nullable=True),
    Column("updated_at", Timestamp, "When it last changed.", [*_of(PERSON, "Update time", "Hora de actualización"), "update_time"], nullable=True),
    DELETED,
    key=("person_id",),
    latest_by="updated_at",
    marks=((*_of(PERSON, "ID"), "org_id"), (*_of(PERSON, "Email", "Email - Work", "Correo electrónico", "Correo electrónico - Trabajo"), "email", "primary_email", "open_deals_count")),
)

ORGANIZATIONS = Contract(
    "pipedrive_organizations",
    "One row per organization.",
    Column("account_id", String, "Id.", [*_of(COMPANY, "ID"), "id"]),
    Column("account_name", String, "Name.", [*_of(COMPANY, "Name", "Nombre", "Název"), "name"]),
    Column("website", String, "Web site.", [*_of(COMPANY, "Website", "Sitio web"), "website"], nullable=True),
    Column("owner", String, "Owner, by name or id.", [*_of(COMPANY, "Owner", "Propietario"), "owner_id"], nullable=True),
    Column("updated_at", Timestamp, "When it last changed.", [*_of(COMPANY, "Update time", "Hora de actualización"), "update_time"], nullable=True),
    DELETED,
    key=("account_id",),
    latest_by="updated_at",
    marks=((*_of(COMPANY, "ID"), "people_count", "address", "cc_email"),),
)

USERS = Contract(
    "pipedrive_users",
    "One row per user.",
    Column("owner_id", String, "Id.", ["id"]),
    Column("owner_name", String, "Name.", ["name"]),
    Column("email", Email, "E-mail address.", ["email"], nullable=True),
    Column("is_active", Boolean, "Whether the user is active.", ["active_flag"], nullable=True),
    key=("owner_id",),
    marks=(("active_flag", "icon_url", "is_you"),),
)

ACTIVITIES = Contract(
    "pipedrive_activities",
    "One row per activity.",
    Column("activity_id", String, "Id.", ["Activity - ID", "Actividad - ID", "id"]),
    Column("activity_type", String, "call, meeting, task, e-mail …", ["Activity - Type", "Actividad - Tipo", "type"]),
    Column("due_on", Date, "Day on which it is due.", ["Activity - Due date", "Actividad - Fecha de vencimiento", "due_date"], nullable=True),
    Column("is_done", Boolean, "Whether it is done.", ["Activity - Done", "Actividad - Completada", "done"], nullable=True),
    Column("done_at", Timestamp, "When it was marked as done.", ["Activity - Marked as done time", "Actividad - Hora de finalización", "marked_as_done_time"], nullable=True),
    Column("subject", String, "Subject.", ["Activity - Subject", "Actividad - Asunto", "subject"], nullable=True),
    Column("deal_id", String, "Deal.", ["Deal - ID", "Negocio - ID", "deal_id"], nullable=True),
    Column("person_id", String, "Person.", ["Person - ID", "Persona - ID", "person_id"], nullable=True),
    Column("account_id", String, "Organization.", ["Organization - ID", "Organización - ID", "org_id"], nullable=True),
    Column("owner", String, "Who does it, by name or id.", ["Activity - Assigned to user", "Actividad - Asignada al usuario", "owner_id", "user_id"], nullable=True),
    Column("created_at", Timestamp, "When it was created.", ["Activity - Add time", "Actividad - Hora de creación", "add_time"], nullable=True),
    Column("updated_at", Timestamp, "When it last changed.", ["Activity - Update time", "Actividad - Hora de actualización", "update_time"], nullable=True),
    key=("activity_id",),
    latest_by="updated_at",
    marks=(("Activity - Due date", "Actividad - Fecha de vencimiento", "due_date"),),
)

CONTRACTS = [DEALS, FLOW, STAGES, PIPELINES, PERSONS, ORGANIZATIONS, USERS, ACTIVITIES]

# Won and lost are a status beside the stage: here the end of a deal is an entry into a stage of that name, after its last one.
STATUS = """case
    when lower(status) in ('won', 'ganado', 'ganada', 'gewonnen', 'gagné', 'gagnée', 'ganho', 'vyhraný', 'vyhráno') then 'won'
    when lower(status) in ('lost', 'perdido', 'perdida', 'verloren', 'perdu', 'perdue', 'prohraný', 'prohráno') then 'lost'
    when lower(status) in ('open', 'abierto', 'abierta', 'offen', 'ouvert', 'ouverte', 'aberto', 'otevřený', 'otevřeno') then 'open'
end"""
ENDED = "coalesce(won_at, lost_at, closed_at)"

FEEDS = [
    Feed("deals", f"""
        select
            deal_id, title as deal_name, pipeline, case {STATUS} when 'won' then 'Won' when 'lost' then 'Lost' else stage end as stage,
            {STATUS} as crm_status, amount, currency, probability, created_at,
            case when {STATUS} = 'open' then stage_changed_at end as stage_changed_at, {ENDED} as close_at,
            coalesce({ENDED}::date, expected_close_on) as close_on, updated_at, owner as owner_id, owner as owner_name,
            account as account_id, account as account_name, person as person_id, origin as lead_source, lost_reason,
            coalesce(is_deleted, false) or lower(status) in ('deleted', 'eliminado', 'eliminada') as is_deleted,
            _file as file, _line as line
        from raw.pipedrive_deals
    """),
    Feed("stage_changes", f"""
        select
            deal_id, pipeline, case {STATUS} when 'won' then 'Won' else 'Lost' end as stage, stage as from_stage,
            {ENDED} as changed_at, 'date column' as evidence
        from raw.pipedrive_deals
        where {STATUS} in ('won', 'lost')
    """),
    Feed("stage_changes", """
        with flow as (
            select
                *,
                last_value(case when field = 'stage_id' then new_value end ignore nulls)
                    over (partition by deal_id order by changed_at, change_id rows unbounded preceding) as last_stage
            from raw.pipedrive_flow
        )

        select
            f.deal_id, case f.new_value when 'won' then 'Won' when 'lost' then 'Lost' else coalesce(f.last_stage, d.stage) end as stage,
            case f.old_value when 'won' then 'Won' when 'lost' then 'Lost' else coalesce(f.last_stage, d.stage) end as from_stage,
            f.changed_at, 'history' as evidence
        from flow as f
        left join raw.pipedrive_deals as d on d.deal_id = f.deal_id
        where f.field = 'status' and f.new_value in ('won', 'lost', 'open')
    """),
    Feed("stages", """
        select s.pipeline_id, p.pipeline, s.stage_id, s.stage, s.position, s.probability, 'open' as kind
        from raw.pipedrive_stages as s
        left join raw.pipedrive_pipelines as p on p.pipeline_id = s.pipeline_id
    """),
    Feed("stage_changes", """
        select deal_id, new_value as stage, old_value as from_stage, changed_at, 'history' as evidence
        from raw.pipedrive_flow
        where field = 'stage_id' and new_value <> ''
    """),
    Feed("deal_edits", """
        select
            deal_id,
            case field
                when 'value' then 'amount' when 'currency' then 'currency' when 'expected_close_date' then 'close_on'
                when 'user_id' then 'owner'
            end as field,
            changed_at, nullif(old_value, '') as old_value, nullif(new_value, '') as new_value, true as knows_old, change_id as sequence
        from raw.pipedrive_flow
        where field in ('value', 'currency', 'expected_close_date', 'user_id')
    """),
    Feed("deal_edits", """
        select
            deal_id, 'probability' as field, changed_at, cast(try_cast(old_value as double) / 100 as varchar) as old_value,
            cast(try_cast(new_value as double) / 100 as varchar) as new_value, true as knows_old, change_id as sequence
        from raw.pipedrive_flow
        where field = 'probability'
    """),
    Feed("people", """
        select
            person_id, 'contact' as record_type, email, person_name as last_name, account as account_id, owner as owner_id, created_at,
            updated_at
        from raw.pipedrive_persons
        where not coalesce(is_deleted, false)
    """),
    Feed("accounts", """
        select account_id, account_name, website, owner as owner_id, updated_at
        from raw.pipedrive_organizations
        where not coalesce(is_deleted, false)
    """),
    Feed("people", """
        select person as person_id, 'contact' as record_type, email, person as last_name, account as account_id, 2 as precedence
        from raw.pipedrive_deals
        where email is not null
        qualify row_number() over (partition by person order by updated_at desc nulls last, _file, _line) = 1
    """),
    Feed("deal_people", """
        select deal_id, person as person_id, true as is_primary, 'primary contact' as method
        from raw.pipedrive_deals
    """),
    Feed("owners", "select owner_id, owner_name, email, is_active from raw.pipedrive_users"),
    Feed("merges", """
        select 'deal' as entity, deal_id as record_id, new_value as into_id, changed_at as merged_at
        from raw.pipedrive_flow
        where field = 'merge_what_id' and new_value <> ''
    """),
    Feed("activities", """
        select
            activity_id, activity_type, case when is_done then coalesce(done_at, due_on::timestamp) end as occurred_at, due_on, is_done,
            deal_id, person_id, account_id, owner as owner_id, subject, created_at
        from raw.pipedrive_activities
    """),
]  # fmt: skip
