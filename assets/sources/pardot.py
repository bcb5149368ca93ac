"""Pardot (Account Engagement): prospects, visitor activities, campaigns and opportunities."""

from pipeline_etl import Boolean, Column, Contract, Email, Feed, Money, Percent, String, Timestamp

DELETED = Column("is_deleted", Boolean, "Deleted.", ["_fivetran_deleted", "is_deleted", "isDeleted"], nullable=True)
CREATED = ("created_at", "createdAt", "Created Date")
UPDATED = Column("updated_at", Timestamp, "When it last changed.", ["updated_at", "updatedAt", "Last Updated"], nullable=True)

PROSPECTS = Contract(
    "pardot_prospects",
    "One row per prospect.",
    Column("person_id", String, "Prospect id.", ["id", "Prospect Id", "Id"]),
    Column("email", Email, "E-mail address.", ["email", "Email"], nullable=True),
    Column("first_name", String, "First name.", ["first_name", "firstName", "First Name"], nullable=True),
    Column("last_name", String, "Last name.", ["last_name", "lastName", "Last Name"], nullable=True),
    Column("company_name", String, "Company.", ["company", "Company"], nullable=True),
    Column("lead_source", String, "Source.", ["source", "Source"], nullable=True),
    Column("crm_contact_id", String, "The same person as a contact of the CRM.", ["crm_contact_fid", "salesforceContactId", "CRM Contact FID"], nullable=True),
    Column("crm_lead_id", String, "The same person as a lead of the CRM.", ["crm_lead_fid", "salesforceLeadId", "CRM Lead FID"], nullable=True),
    Column("created_at", Timestamp, "When it was created.", CREATED, nullable=True),
    UPDATED,
    DELETED,
    key=("person_id",),
    latest_by="updated_at",
    marks=(("prospect_account_id", "crm_contact_fid", "salesforceContactId", "CRM Contact FID", "recent_interaction", "Prospect Id"),),
    never=("list_id", "visitor_id", "page_view_count", "hostname", "opportunity_id"),
)

ACTIVITIES = Contract(
    "pardot_visitor_activities",
    "One row per activity of a visitor.",
    Column("activity_id", String, "Id.", ["id", "Id"]),
    Column("occurred_at", Timestamp, "When.", CREATED),
    Column("activity_type", String, "Number of the kind of activity.", ["type", "Type"]),
    Column("type_name", String, "What it is about: E-mail, Form, Page …", ["type_name", "typeName", "Type Name"]),
    Column("person_id", String, "Prospect.", ["prospect_id", "prospectId", "Prospect Id"], nullable=True),
    Column("visitor_id", String, "Visitor.", ["visitor_id", "visitorId", "Visitor Id"], nullable=True),
    Column("campaign_id", String, "Campaign.", ["campaign_id", "campaignId", "Campaign Id"], nullable=True),
    Column("details", String, "Page, form or e-mail.", ["details", "Details"], nullable=True),
    key=("activity_id",),
)

CAMPAIGNS = Contract(
    "pardot_campaigns",
    "One row per campaign.",
    Column("campaign_id", String, "Id.", ["id", "Id"]),
    Column("campaign_name", String, "Name.", ["name", "Name"]),
    Column("cost", Money, "Cost.", ["cost", "Cost"], nullable=True),
    DELETED,
    key=("campaign_id",),
    marks=(("cost", "Cost"),),
    never=("Unique Id", "Budget", "StartDate", "start_date"),
)

OPPORTUNITIES = Contract(
    "pardot_opportunities",
    "One row per opportunity.",
    Column("deal_id", String, "Id.", ["id", "Id"]),
    Column("stage", String, "Stage.", ["stage", "Stage"]),
    Column("status", String, "Won, Lost or Open.", ["status", "Status"]),
    Column("created_at", Timestamp, "When it was created.", CREATED),
    Column("deal_name", String, "Name.", ["name", "Name"], nullable=True),
    Column("amount", Money, "Value.", ["value", "Value"], nullable=True),
    Column("probability", Percent, "Probability of winning, 0..1.", ["probability", "Probability"], nullable=True, scale=100, between=(0, 1)),
    Column("closed_at", Timestamp, "Close date.", ["closed_at", "closedAt", "Close Date"], nullable=True),
    Column("deal_type", String, "Type.", ["type", "Type"], nullable=True),
    Column("campaign_id", String, "Campaign.", ["campaign_id", "campaignId", "Campaign Id"], nullable=True),
    Column("crm_deal_id", String, "The same deal in the CRM.", ["crm_opportunity_fid", "salesforceId", "CRM Opportunity FID"], nullable=True),
    UPDATED,
    DELETED,
    key=("deal_id",),
    latest_by="updated_at",
    marks=(("closed_at", "closedAt", "Close Date"), ("campaign_id", "campaignId", "Campaign Id")),
)

OPPORTUNITY_PROSPECTS = Contract(
    "pardot_opportunity_prospects",
    "One row per prospect of an opportunity.",
    Column("deal_id", String, "Opportunity.", ["opportunity_id", "opportunityId", "Opportunity Id"]),
    Column("person_id", String, "Prospect.", ["prospect_id", "prospectId", "Prospect Id"]),
    key=("deal_id", "person_id"),
)

CONTRACTS = [PROSPECTS, ACTIVITIES, CAMPAIGNS, OPPORTUNITIES, OPPORTUNITY_PROSPECTS]

VERBS = """case activity_type
    when '1' then 'click' when '2' then 'view' when '4' then 'form success' when '6' then 'sent' when '11' then 'open'
    when '12' then 'unsubscribe' when '13' then 'bounce' when '14' then 'spam complaint' when '20' then 'visit' when '35' then 'bounce'
    when '36' then 'bounce'
end"""
"""Pardot's numbers for kinds of visitor activity (its API reference, `Visitor Activity Types`)."""

FEEDS = [
    Feed("people", """
        select
            person_id, 'lead' as record_type, email, first_name, last_name, company_name, lead_source, created_at, updated_at,
            coalesce(crm_contact_id, crm_lead_id) as same_as
        from raw.pardot_prospects
        where not coalesce(is_deleted, false)
    """),
    Feed("touches", f"""
        select
            a.activity_id as touch_id, a.occurred_at, p.email, a.person_id, a.visitor_id,
            concat_ws(' ', lower(a.type_name), coalesce({VERBS}, 'activity ' || a.activity_type)) as touch_type,
            case when lower(a.type_name) like '%mail%' then 'email' else 'website' end as channel, a.campaign_id, a.details as page
        from raw.pardot_visitor_activities as a
        left join raw.pardot_prospects as p on p.person_id = a.person_id
    """),
    Feed("campaigns", "select campaign_id, campaign_name, cost from raw.pardot_campaigns where not coalesce(is_deleted, false)"),
    # An opportunity that a CRM synchronises is that CRM's deal: counted there, not here.
    Feed("deals", """
        select
            deal_id, deal_name, regexp_replace(stage, '^\\d+ - ', '') as stage,
            case lower(status) when 'won' then 'won' when 'lost' then 'lost' when 'open' then 'open' end as crm_status, amount,
            probability, created_at, closed_at::date as close_on, closed_at as close_at, updated_at, campaign_id, deal_type, is_deleted,
            _file as file, _line as line
        from raw.pardot_opportunities
        where crm_deal_id is null
    """),
    Feed("deal_people", "select deal_id, person_id, 'opportunity prospect' as method from raw.pardot_opportunity_prospects"),
]  # fmt: skip
