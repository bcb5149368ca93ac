"""Google Ads: the reports of its pages (English, Spanish, German, French) and the rows of its API and of connectors."""

from pipeline_etl import Column, Contract, Date, Feed, Integer, Money, Number, String, Timestamp

REPORT = Contract(
    "google_ads_report",
    "One row per day and campaign (or ad group, or ad) of a report downloaded from Google Ads.",
    Column("spent_on", Date, "Day.", ["Day", "Día", "Tag", "Jour", "Date"]),
    Column("campaign", String, "Name of the campaign.", ["Campaign", "Campaña", "Kampagne", "Campagne"]),
    Column("spend", Money, "Cost.", ["Cost", "Coste", "Costo", "Kosten", "Coût"], currency="currency"),
    Column("currency", String, "ISO code of the cost's currency.", ["Currency code", "Código de moneda", "Währungscode", "Code de devise", "Currency"], nullable=True),
    Column("campaign_id", String, "Id of the campaign.", ["Campaign ID", "ID de campaña", "ID de la campaña", "Kampagnen-ID", "ID de la campagne"], nullable=True),
    Column("account", String, "Account, by id or name.", ["Customer ID", "Account", "Account name", "ID de cliente", "Cuenta", "Kundennummer", "Konto", "Compte"], nullable=True),
    Column("ad_group", String, "Ad group, in a report by ad group or ad.", ["Ad group", "Grupo de anuncios", "Anzeigengruppe", "Groupe d'annonces"], nullable=True),
    Column("ad", String, "Ad, in a report by ad.", ["Ad ID", "Ad", "ID del anuncio", "Anzeigen-ID"], nullable=True),
    Column("keyword", String, "Keyword or search term, in a report by these.", ["Search keyword", "Keyword", "Search term", "Palabra clave", "Keyword der Suche"], nullable=True),
    Column("device", String, "Device.", ["Device", "Dispositivo", "Gerät", "Appareil"], nullable=True),
    Column("network", String, "Network.", ["Network (with search partners)", "Network", "Red", "Werbenetzwerk"], nullable=True),
    Column("clicks", Integer, "Clicks.", ["Clicks", "Clics", "Klicks"], nullable=True),
    Column("impressions", Integer, "Impressions.", ["Impr.", "Impressions", "Impresiones"], nullable=True),
    Column("conversions", Number, "Conversions, as Google counts them.", ["Conversions", "Conversiones"], nullable=True),
    key=("spent_on", "account", "campaign", "campaign_id", "ad_group", "ad", "keyword", "device", "network", "currency"),
    marks=(("Campaign state", "Campaign type", "Impr.", "Campaign status", "Estado de la campaña", "Kampagnenstatus", "Currency code", "Código de moneda", "Währungscode", "Code de devise"),),
)

STATS = Contract(
    "google_ads_stats",
    "One row per day and campaign, ad group, ad, keyword or account, as the API gives it.",
    Column("spent_on", Date, "Day.", ["segments.date", "date"]),
    Column("cost_micros", Integer, "Cost in millionths.", ["metrics.cost_micros", "cost_micros", "metrics.costMicros"]),
    Column("account_id", String, "Account.", ["customer.id", "customer_id"], nullable=True),
    Column("record_id", String, "Id of what the row is about, where the table says no more.", ["id"], nullable=True),
    Column("campaign_id", String, "Campaign.", ["campaign.id", "campaign_id"], nullable=True),
    Column("campaign_name", String, "Name of the campaign.", ["campaign.name", "campaign_name"], nullable=True),
    Column("campaign_path", String, "Campaign, by its resource name.", ["base_campaign", "campaign_base_campaign", "campaign.resource_name", "campaign.resourceName"], nullable=True),
    Column("ad_group_id", String, "Ad group.", ["ad_group.id", "ad_group_id"], nullable=True),
    Column("ad_group_path", String, "Ad group, by its resource name.", ["base_ad_group", "ad_group_base_ad_group", "ad_group"], nullable=True),
    Column("ad_id", String, "Ad.", ["ad_group_ad.ad.id", "ad_id"], nullable=True),
    Column("criterion_id", String, "Keyword.", ["ad_group_criterion_criterion_id", "keyword_ad_group_criterion"], nullable=True),
    Column("search_term", String, "Search term.", ["search_term", "search_term_view.search_term"], nullable=True),
    Column("currency", String, "ISO code, where the row says it.", ["customer.currency_code", "customer.currencyCode", "currency_code"], nullable=True),
    Column("device", String, "Device.", ["segments.device", "device"], nullable=True),
    Column("network", String, "Network.", ["segments.ad_network_type", "ad_network_type"], nullable=True),
    Column("row_id", String, "Id that the connector gives the row.", ["_fivetran_id"], nullable=True),
    Column("clicks", Integer, "Clicks.", ["metrics.clicks", "clicks"], nullable=True),
    Column("impressions", Integer, "Impressions.", ["metrics.impressions", "impressions"], nullable=True),
    Column("conversions", Number, "Conversions, as Google counts them.", ["metrics.conversions", "conversions"], nullable=True),
    key=("spent_on", "account_id", "record_id", "campaign_id", "ad_group_id", "ad_id", "criterion_id", "search_term", "device", "network", "row_id"),
)

CAMPAIGNS = Contract(
    "google_ads_campaigns",
    "One row per campaign, as connectors land it.",
    Column("campaign_id", String, "Id.", ["id", "campaign.id"]),
    Column("campaign_name", String, "Name.", ["name", "campaign.name"]),
    Column("channel_type", String, "SEARCH, DISPLAY, VIDEO …", ["advertising_channel_type", "campaign.advertising_channel_type"], nullable=True),
    Column("starts_on", Date, "First day.", ["start_date"], nullable=True),
    Column("ends_on", Date, "Last day.", ["end_date"], nullable=True),
    Column("updated_at", Timestamp, "When it last changed.", ["updated_at", "_fivetran_start"], nullable=True),
    key=("campaign_id",),
    latest_by="updated_at",
    marks=(("advertising_channel_type", "campaign.advertising_channel_type", "customer_id"), ("advertising_channel_subtype", "serving_status", "advertising_channel_type")),
)

ACCOUNTS = Contract(
    "google_ads_accounts",
    "One row per account: only here stands the currency of its costs.",
    Column("account_id", String, "Id.", ["id", "customer.id"]),
    Column("currency", String, "ISO code.", ["currency_code", "customer.currency_code"]),
    Column("account_name", String, "Name.", ["descriptive_name", "customer.descriptive_name"], nullable=True),
    Column("updated_at", Timestamp, "When it last changed.", ["updated_at", "_fivetran_start"], nullable=True),
    key=("account_id",),
    latest_by="updated_at",
    marks=(("descriptive_name", "customer.descriptive_name", "auto_tagging_enabled", "manager_customer_id"),),
)

CONTRACTS = [REPORT, STATS, CAMPAIGNS, ACCOUNTS]

FEEDS = [
    Feed("spend", """
        select
            spent_on, account, coalesce(campaign_id, campaign) as campaign_id, campaign as campaign_name, 'google ads' as channel,
            case when keyword is not null then 'keyword' when ad is not null then 'ad' when ad_group is not null then 'ad group' else 'campaign' end as level,
            spend, currency, impressions, clicks, conversions
        from raw.google_ads_report
    """),
    Feed("spend", """
        with named as (
            select
                *,
                coalesce(
                    campaign_id, nullif(regexp_extract(campaign_path, 'campaigns/(\\d+)', 1), ''),
                    case when campaign_path is not null then record_id end
                ) as campaign
            from raw.google_ads_stats
        )

        select
            s.spent_on, s.account_id as account, s.campaign as campaign_id, coalesce(s.campaign_name, c.campaign_name) as campaign_name,
            'google ads' as channel,
            case
                when s.ad_id is not null then 'ad' when coalesce(s.criterion_id, s.search_term) is not null then 'keyword'
                when coalesce(s.ad_group_id, s.ad_group_path) is not null then 'ad group' when s.campaign is not null then 'campaign'
                else 'account'
            end as level,
            (s.cost_micros / 1000000)::decimal(18, 4) as spend, coalesce(s.currency, a.currency) as currency, s.impressions, s.clicks,
            s.conversions
        from named as s
        left join raw.google_ads_campaigns as c on c.campaign_id = s.campaign
        left join raw.google_ads_accounts as a on a.account_id = s.account_id
    """),
    Feed("campaigns", """
        select campaign_id, campaign_name, 'google ads' as channel, starts_on, ends_on, updated_at
        from raw.google_ads_campaigns
    """),
]  # fmt: skip
