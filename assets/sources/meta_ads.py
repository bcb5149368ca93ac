"""Meta Ads (Facebook, Instagram): reports of Ads Manager (English, Spanish, German, French) and rows of its API and connectors."""

from pipeline_etl import Column, Contract, Date, Feed, Integer, Money, Number, String, Timestamp

DAY = ("Day", "Día", "Tag", "Jour", "date")
STARTS = ("Reporting starts", "Inicio del informe", "Berichtsstart", "Auswertungsbeginn", "Début des rapports", "date_start")

REPORT = Contract(
    "meta_ads_report",
    "One row per day (or range of days) and campaign, ad set or ad.",
    Column("campaign_name", String, "Name of the campaign.", ["Campaign name", "Nombre de la campaña", "Kampagnenname", "Name der Kampagne", "Nom de la campagne", "campaign_name"]),
    # The currency stands in the heading: `Amount spent (USD)`.
    Column("spend", Money, "Amount spent.", ["Amount spent", "Importe gastado", "Ausgegebener Betrag", "Montant dépensé", "spend"], currency="currency"),
    Column("spent_on", Date, "Day, in a report by day.", DAY, nullable=True),
    Column("starts_on", Date, "First day of the report.", STARTS, nullable=True),
    Column("ends_on", Date, "Last day of the report.", ["Reporting ends", "Fin del informe", "Berichtsende", "Auswertungsende", "Fin des rapports", "date_stop"], nullable=True),
    Column("currency", String, "ISO code of the amount's currency.", ["Currency", "Divisa", "Moneda", "Währung", "Devise", "account_currency"], nullable=True),
    Column("campaign_id", String, "Id of the campaign.", ["Campaign ID", "Identificador de la campaña", "Kampagnen-ID", "ID de la campagne", "campaign_id"], nullable=True),
    Column("account", String, "Account, by id or name.", ["Account ID", "Account name", "Nombre de la cuenta", "Kontoname", "Nom du compte", "account_id"], nullable=True),
    Column("ad_set", String, "Ad set, in a report by ad set or ad.", ["Ad set name", "Ad set ID", "Nombre del conjunto de anuncios", "Name der Anzeigengruppe", "Nom de l'ensemble de publicités", "adset_name", "adset_id"], nullable=True),
    Column("ad", String, "Ad, in a report by ad.", ["Ad name", "Ad ID", "Nombre del anuncio", "Name der Anzeige", "Nom de la publicité", "ad_name", "ad_id"], nullable=True),
    Column("impressions", Integer, "Impressions.", ["Impressions", "Impresiones", "Impressionen"], nullable=True),
    Column("clicks", Integer, "Link clicks.", ["Link clicks", "Clics en el enlace", "Link-Klicks", "Clics sur un lien", "inline_link_clicks", "Clicks (all)", "clicks"], nullable=True),
    Column("results", Number, "Results, of the kind that the campaign aims at.", ["Results", "Resultados", "Ergebnisse", "Résultats"], nullable=True),
    key=("spent_on", "starts_on", "ends_on", "account", "campaign_name", "campaign_id", "ad_set", "ad", "currency"),
    marks=((*DAY, *STARTS), ("Amount spent", "Importe gastado", "Ausgegebener Betrag", "Montant dépensé", "account_currency", "inline_link_clicks", "date_stop")),
)

STATS = Contract(
    "meta_ads_stats",
    "One row per day and ad (or country, or region), as connectors land it; the campaign is known by the ad.",
    Column("spent_on", Date, "Day.", ["date"]),
    Column("spend", Money, "Amount spent, in the account's currency.", ["spend"]),
    Column("ad_id", String, "Ad.", ["ad_id"], nullable=True),
    Column("account_id", String, "Account.", ["account_id"]),
    Column("country", String, "Country, in a breakdown by country.", ["country"], nullable=True),
    Column("region", String, "Region, in a breakdown by region.", ["region"], nullable=True),
    Column("impressions", Integer, "Impressions.", ["impressions"], nullable=True),
    Column("clicks", Integer, "Link clicks.", ["inline_link_clicks", "clicks"], nullable=True),
    Column("reach", Integer, "People reached.", ["reach"], nullable=True),
    key=("spent_on", "account_id", "ad_id", "country", "region"),
    marks=(("inline_link_clicks", "reach"),),
)

ADS = Contract(
    "meta_ads_ads",
    "One row per ad, with the campaign it belongs to.",
    Column("ad_id", String, "Id.", ["id"]),
    Column("campaign_id", String, "Campaign.", ["campaign_id"]),
    Column("ad_set_id", String, "Ad set.", ["ad_set_id", "adset_id"], nullable=True),
    Column("creative_id", String, "Creative.", ["creative_id"], nullable=True),
    Column("account_id", String, "Account.", ["account_id"], nullable=True),
    Column("ad_name", String, "Name.", ["name"], nullable=True),
    Column("updated_at", Timestamp, "When it last changed.", ["updated_time"], nullable=True),
    key=("ad_id",),
    latest_by="updated_at",
    marks=(("ad_set_id", "adset_id", "creative_id"),),
)

CAMPAIGNS = Contract(
    "meta_ads_campaigns",
    "One row per campaign.",
    Column("campaign_id", String, "Id.", ["id"]),
    Column("campaign_name", String, "Name.", ["name"]),
    Column("account_id", String, "Account.", ["account_id"]),
    Column("starts_at", Timestamp, "When it begins.", ["start_time"], nullable=True),
    Column("ends_at", Timestamp, "When it ends.", ["stop_time", "end_time"], nullable=True),
    Column("updated_at", Timestamp, "When it last changed.", ["updated_time"]),
    key=("campaign_id",),
    latest_by="updated_at",
    never=("campaign_id", "ad_set_id", "adset_id"),
)

CONTRACTS = [REPORT, STATS, ADS, CAMPAIGNS]

FEEDS = [
    Feed("spend", """
        select
            coalesce(spent_on, starts_on) as spent_on, case when spent_on is null then ends_on else spent_on end as spent_to, account,
            coalesce(campaign_id, campaign_name) as campaign_id, campaign_name, 'meta ads' as channel,
            case when ad is not null then 'ad' when ad_set is not null then 'ad group' else 'campaign' end as level,
            spend, currency, impressions, clicks, results as conversions
        from raw.meta_ads_report
    """),
    Feed("spend", """
        select
            s.spent_on, s.account_id as account, a.campaign_id, c.campaign_name, 'meta ads' as channel,
            case when coalesce(s.country, s.region) is not null then 'breakdown' when s.ad_id is not null then 'ad' else 'account' end as level,
            s.spend, s.impressions, s.clicks
        from raw.meta_ads_stats as s
        left join raw.meta_ads_ads as a on a.ad_id = s.ad_id
        left join raw.meta_ads_campaigns as c on c.campaign_id = a.campaign_id
    """),
    Feed("campaigns", """
        select campaign_id, campaign_name, 'meta ads' as channel, starts_at::date as starts_on, ends_at::date as ends_on, updated_at
        from raw.meta_ads_campaigns
    """),
]  # fmt: skip
