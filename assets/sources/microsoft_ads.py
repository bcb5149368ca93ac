"""Microsoft Ads (Bing): performance reports, English and Spanish, and rows of its API and connectors."""

from pipeline_etl import Column, Contract, Date, Feed, Integer, Money, Number, String

REPORT = Contract(
    "microsoft_ads_report",
    "One row per day and campaign (or ad group) of a performance report.",
    Column("spent_on", Date, "Day.", ["Gregorian date", "Time period", "TimePeriod", "Fecha gregoriana", "Período de tiempo", "date"]),
    Column("campaign_name", String, "Name of the campaign.", ["Campaign name", "Campaign", "CampaignName", "Nombre de la campaña"], nullable=True),
    Column("campaign_id", String, "Id of the campaign.", ["Campaign ID", "CampaignId", "Id. de campaña"], otherwise=("campaign_name",)),
    Column("spend", Money, "Spend.", ["Spend", "Gasto"], currency="currency"),
    Column("currency", String, "ISO code.", ["Currency code", "CurrencyCode", "Código de moneda"]),
    Column("account", String, "Account, by name or id.", ["Account name", "AccountName", "Account number", "Account ID", "AccountId", "Nombre de la cuenta"], nullable=True),
    Column("ad_group", String, "Ad group, in a report by ad group.", ["Ad group", "Ad group name", "AdGroupName", "Grupo de anuncios"], nullable=True),
    Column("device", String, "Device.", ["Device type", "DeviceType", "Tipo de dispositivo"], nullable=True),
    Column("network", String, "Network.", ["Network", "Red"], nullable=True),
    Column("impressions", Integer, "Impressions.", ["Impressions", "Impresiones"], nullable=True),
    Column("clicks", Integer, "Clicks.", ["Clicks", "Clics"], nullable=True),
    Column("conversions", Number, "Conversions, as Microsoft counts them.", ["Conversions", "Conversiones"], nullable=True),
    key=("spent_on", "account", "campaign_name", "campaign_id", "ad_group", "device", "network", "currency"),
    marks=(("Gregorian date", "Time period", "Fecha gregoriana", "Período de tiempo", "Campaign status", "Top Vs. Other", "CurrencyCode", "currency_code"), ("Spend", "Gasto")),
)

CONTRACTS = [REPORT]

FEEDS = [
    Feed("spend", """
        select
            spent_on, account, campaign_id, campaign_name, 'microsoft ads' as channel,
            case when ad_group is not null then 'ad group' else 'campaign' end as level, spend, currency, impressions, clicks,
            conversions
        from raw.microsoft_ads_report
    """),
]  # fmt: skip
