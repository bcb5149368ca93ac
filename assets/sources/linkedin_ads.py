"""LinkedIn Ads: performance reports of Campaign Manager (English, Spanish) and rows of its API and connectors."""

from pipeline_etl import Column, Contract, Date, Feed, Integer, Money, Number, String, Timestamp

REPORT = Contract(
    "linkedin_ads_report",
    "One row per day and campaign (or ad) of a performance report.",
    Column("spent_on", Date, "Day, or first day of the range.", ["Start Date (in UTC)", "Start Date", "Fecha de inicio (en UTC)", "Fecha de inicio (UTC)"]),
    Column("campaign_name", String, "Name of the campaign.", ["Campaign Name", "Nombre de la campaña"]),
    Column("spend", Money, "Total spent.", ["Total Spent", "Total gastado", "Gasto total"], currency="currency"),
    Column("spent_to", Date, "Last day of the range.", ["End Date (in UTC)", "End Date", "Fecha de finalización (en UTC)", "Fecha de finalización (UTC)"], nullable=True),
    Column("currency", String, "ISO code.", ["Currency", "Divisa", "Moneda"], nullable=True),
    Column("campaign_id", String, "Id of the campaign.", ["Campaign ID", "Identificador de la campaña", "ID de la campaña"], nullable=True),
    Column("campaign_group", String, "Campaign group: what other platforms call a campaign.", ["Campaign Group Name", "Nombre del grupo de campañas"], nullable=True),
    Column("account", String, "Account.", ["Account Name", "Nombre de la cuenta"], nullable=True),
    Column("ad", String, "Ad, in a report by ad.", ["Creative Name", "Ad ID", "Nombre de la creatividad"], nullable=True),
    Column("impressions", Integer, "Impressions.", ["Impressions", "Impresiones"], nullable=True),
    Column("clicks", Integer, "Clicks.", ["Clicks", "Clics"], nullable=True),
    Column("conversions", Number, "Conversions, as LinkedIn counts them.", ["Conversions", "Conversiones"], nullable=True),
    key=("spent_on", "spent_to", "account", "campaign_name", "campaign_id", "ad", "currency"),
)

STATS = Contract(
    "linkedin_ads_stats",
    "One row per day and campaign, as the API gives it.",
    Column("spent_on", Date, "Day.", ["day", "date", "date_range.start"]),
    Column("spend", Money, "Cost in the account's currency.", ["cost_in_local_currency", "costInLocalCurrency"]),
    Column("spend_in_usd", Money, "The same in US dollars, as LinkedIn converts it.", ["cost_in_usd", "costInUsd"], nullable=True),
    Column("campaign_id", String, "Campaign.", ["campaign_id", "campaign"]),
    Column("impressions", Integer, "Impressions.", ["impressions"], nullable=True),
    Column("clicks", Integer, "Clicks.", ["clicks"], nullable=True),
    Column("conversions", Number, "Conversions on the company's site.", ["external_website_conversions", "externalWebsiteConversions"], nullable=True),
    key=("spent_on", "campaign_id"),
)

CAMPAIGNS = Contract(
    "linkedin_ads_campaigns",
    "One row per campaign.",
    Column("campaign_id", String, "Id.", ["id"]),
    Column("campaign_name", String, "Name.", ["name"]),
    Column("currency", String, "ISO code of its budget and its costs.", ["unit_cost_currency_code", "daily_budget_currency_code"], nullable=True),
    Column("campaign_group_id", String, "Campaign group.", ["campaign_group_id"]),
    Column("updated_at", Timestamp, "When it last changed.", ["last_modified_time", "last_modified_at"], nullable=True),
    key=("campaign_id",),
    latest_by="updated_at",
)

CONTRACTS = [REPORT, STATS, CAMPAIGNS]

FEEDS = [
    Feed("spend", """
        select
            spent_on, spent_to, account, coalesce(campaign_id, campaign_name) as campaign_id, campaign_name,
            'linkedin ads' as channel, case when ad is not null then 'ad' else 'campaign' end as level, spend, currency, impressions,
            clicks, conversions
        from raw.linkedin_ads_report
    """),
    Feed("spend", """
        select
            s.spent_on, s.campaign_id, c.campaign_name, 'linkedin ads' as channel, s.spend,
            case when s.spend = s.spend_in_usd and s.spend <> 0 then 'USD' else c.currency end as currency, s.impressions, s.clicks,
            s.conversions
        from raw.linkedin_ads_stats as s
        left join raw.linkedin_ads_campaigns as c on c.campaign_id = s.campaign_id
    """),
    Feed("campaigns", """
        select campaign_id, campaign_name, 'linkedin ads' as channel, currency, updated_at
        from raw.linkedin_ads_campaigns
    """),
]  # fmt: skip
