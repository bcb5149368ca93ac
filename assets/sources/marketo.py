"""Marketo: leads, activities, programs, merged leads, as its bulk export and connectors give them."""

from pipeline_etl import Column, Contract, Date, Email, Feed, String, Timestamp

LEADS = Contract(
    "marketo_leads",
    "One row per lead (person).",
    Column("person_id", String, "Lead id.", ["id", "Id", "marketo_id", "Marketo ID"]),
    Column("email", Email, "E-mail address.", ["email", "Email Address"], nullable=True),
    Column("first_name", String, "First name.", ["first_name", "firstName", "First Name"], nullable=True),
    Column("last_name", String, "Last name.", ["last_name", "lastName", "Last Name"], nullable=True),
    Column("company_name", String, "Company.", ["company", "Company Name", "inferred_company", "inferredCompany"], nullable=True),
    Column("status", String, "Lead status.", ["lead_status", "leadStatus", "Lead Status"], nullable=True),
    Column("lead_source", String, "Where the lead came from.", ["lead_source", "leadSource", "original_source_type", "originalSourceType"], nullable=True),
    Column("created_at", Timestamp, "When it was created.", ["created_at", "createdAt", "Created At"]),
    Column("updated_at", Timestamp, "When it last changed.", ["updated_at", "updatedAt", "Updated At"]),
    key=("person_id",),
    latest_by="updated_at",
    marks=(("email", "Email Address"), ("first_name", "firstName", "inferred_company", "inferredCompany", "marketo_id", "Marketo ID", "lead_status", "leadStatus")),
)

ACTIVITIES = Contract(
    "marketo_activities",
    "One row per activity of a lead: e-mail sent, opened, clicked, form filled, page visited, data changed …",
    Column("activity_id", String, "Id.", ["id", "marketoGUID"], otherwise=("lead_id", "activity_type", "occurred_at", "asset")),
    Column("lead_id", String, "Lead.", ["lead_id", "leadId"]),
    Column("occurred_at", Timestamp, "When.", ["activity_date", "activityDate"]),
    Column("activity_type", String, "Number of the kind of activity.", ["activity_type_id", "activityTypeId"]),
    Column("campaign_id", String, "Campaign that did it.", ["campaign_id", "campaignId"], nullable=True),
    Column("asset", String, "E-mail, form or page.", ["primary_attribute_value", "primaryAttributeValue"], nullable=True),
    Column("asset_id", String, "Its id.", ["primary_attribute_value_id", "primaryAttributeValueId"], nullable=True),
    Column("link", String, "Link that was clicked.", ["link", "link_id"], nullable=True),
    Column("field", String, "Field whose value changed.", ["attribute_name", "attributeName"], nullable=True),
    Column("new_value", String, "Its value after.", ["new_value", "newValue"], nullable=True),
    Column("old_value", String, "Its value before.", ["old_value", "oldValue"], nullable=True),
    Column("merge_ids", String, "Leads that were merged into this one, as `[1, 2]`.", ["merge_ids", "mergeIds"], nullable=True),
    Column("attributes", String, "What the kind of activity adds, as JSON, in the bulk export.", ["attributes"], nullable=True),
    Column("connector_id", String, "Id that a connector gives the row.", ["_fivetran_id"], nullable=True),
    key=("activity_id",),
)

PROGRAMS = Contract(
    "marketo_programs",
    "One row per program.",
    Column("program_id", String, "Id.", ["id"]),
    Column("program_name", String, "Name.", ["name"]),
    Column("channel", String, "Channel.", ["channel"]),
    Column("program_type", String, "Type.", ["type"], nullable=True),
    Column("starts_on", Date, "First day.", ["start_date", "startDate"], nullable=True),
    Column("ends_on", Date, "Last day.", ["end_date", "endDate"], nullable=True),
    Column("updated_at", Timestamp, "When it last changed.", ["updated_at", "updatedAt"], nullable=True),
    Column("sfdc_id", String, "Its campaign in Salesforce.", ["sfdc_id", "sfdcId"], nullable=True),
    key=("program_id",),
    latest_by="updated_at",
    marks=(("workspace", "sfdc_id", "sfdcId"),),
)

CONTRACTS = [LEADS, ACTIVITIES, PROGRAMS]

KINDS = """case activity_type
    when '1' then 'visit' when '2' then 'form' when '3' then 'click' when '6' then 'email sent' when '7' then 'email delivered'
    when '8' then 'email bounce' when '9' then 'email unsubscribe' when '10' then 'email open' when '11' then 'email click'
    when '27' then 'email bounce' when '46' then 'interesting moment'
end"""
"""Marketo's numbers for what a person did or got (its list of activity types); the others are changes of data."""

FEEDS = [
    Feed("people", """
        select
            person_id, 'lead' as record_type, email, first_name, last_name, company_name, status as lifecycle, lead_source, created_at,
            updated_at
        from raw.marketo_leads
    """),
    Feed("touches", f"""
        select
            activity_id as touch_id, a.occurred_at, l.email, a.lead_id as person_id, {KINDS} as touch_type,
            case when a.activity_type in ('1', '2', '3') then 'website' else 'email' end as channel, a.campaign_id,
            coalesce(a.link, a.asset) as page
        from raw.marketo_activities as a
        left join raw.marketo_leads as l on l.person_id = a.lead_id
        where {KINDS} is not null
    """),
    Feed("lifecycle_changes", """
        select
            lead_id as person_id, coalesce(new_value, json_extract_string(attributes, '$."New Value"')) as stage, occurred_at as changed_at,
            'history' as evidence
        from raw.marketo_activities
        where activity_type = '13' and coalesce(new_value, json_extract_string(attributes, '$."New Value"')) <> ''
            and regexp_replace(lower(coalesce(field, asset)), '[^a-z]', '', 'g') in ('leadstatus', 'lifecyclestage', 'lifecyclestatus', 'revenuestage')
    """),
    Feed("merges", """
        select
            'person' as entity, lead_id as into_id, occurred_at as merged_at,
            unnest(regexp_extract_all(coalesce(merge_ids, json_extract_string(attributes, '$."Merge IDs"')), '\\d+')) as record_id
        from raw.marketo_activities
        where activity_type = '32'
    """),
    Feed("campaigns", """
        select program_id as campaign_id, program_name as campaign_name, channel, starts_on, ends_on, updated_at
        from raw.marketo_programs
    """),
]  # fmt: skip
