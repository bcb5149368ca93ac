"""Plans: the small tables that a business person edits: targets, capacities, outside benchmarks, names of channels. See docs/plans.md."""

import polars as pl

from pipeline_etl import Column, Contract, Date, Feed, Integer, Money, Number, String

PERIODS = {
    "monthly": "month", "mes": "month", "mensual": "month", "quarterly": "quarter", "trimestre": "quarter", "trimestral": "quarter",
    "yearly": "year", "annual": "year", "año": "year", "anual": "year",
}
EVERYBODY = ("", "all", "total", "*", "todos", "todas", "todo")
"""How a plan says that a target is not that of one pipeline, owner or team."""


def _period(text: pl.Expr) -> pl.Expr:
    return text.str.to_lowercase().replace(PERIODS)


def _name(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.to_lowercase().is_in(EVERYBODY)).then(None).otherwise(text)


def _metric(text: pl.Expr) -> pl.Expr:
    return text.str.to_lowercase().str.replace_all(r"[\s_-]+", "_")


PERIOD = Column("period", String, "month, quarter or year.", ["period_type", "periodo", "tipo_de_periodo"], clean=_period, one_of=("month", "quarter", "year"))
PERIOD_START = Column("period_start", Date, "First day of the period.", ["period start", "starts_on", "inicio_del_periodo", "inicio"])
OWNER = Column("owner", String, "Owner, by name, e-mail or id; empty for everybody.", ["rep", "sales_rep", "responsable", "propietario", "comercial"], nullable=True, clean=_name)
TEAM = Column("team", String, "Team; empty for all.", ["department", "equipo"], nullable=True, clean=_name)
METRIC = Column("metric", String, "Metric, by its name in marts.", ["kpi", "metrica", "indicador"], clean=_metric)

TARGETS = Contract(
    "plans_targets",
    "One row per target: what a metric is to reach in a period, for the company, a pipeline, a team or an owner.",
    PERIOD,
    PERIOD_START,
    METRIC,
    Column("target", Money, "What is to be reached; a rate as 0.25 or 25.", ["quota", "goal", "objetivo", "cuota", "meta"], currency="currency"),
    Column("currency", String, "ISO code of a target in money; the base currency where it is empty.", ["currency_code", "moneda", "divisa"], nullable=True),
    Column("pipeline", String, "Pipeline; empty for all.", ["pipeline_name", "embudo", "pipeline de ventas"], nullable=True, clean=_name),
    OWNER,
    TEAM,
    key=("period", "period_start", "metric", "pipeline", "owner", "team"),
)

CAPACITIES = Contract(
    "plans_capacities",
    "One row per capacity: what an owner, a team or the company can work on, and deliver, in a period.",
    PERIOD,
    PERIOD_START,
    Column("open_deals_capacity", Number, "Open deals that can be worked at the same time.", ["open_deals", "max_open_deals", "oportunidades_abiertas", "capacidad_de_venta"], nullable=True, between=(0, 1e9)),
    Column("delivery_capacity", Number, "Won deals that can be delivered in the period.", ["deliverable_deals", "deliveries", "entregas", "capacidad_de_entrega"], nullable=True, between=(0, 1e9)),
    OWNER,
    TEAM,
    key=("period", "period_start", "owner", "team"),
    marks=(("open_deals", "open_deals_capacity", "max_open_deals", "oportunidades_abiertas", "capacidad_de_venta", "delivery_capacity", "deliverable_deals", "deliveries", "entregas", "capacidad_de_entrega"),),
)

BENCHMARKS = Contract(
    "plans_benchmarks",
    "One row per outside benchmark: what others say a metric is, with source, year and definition.",
    METRIC,
    Column("source", String, "Who says it.", ["fuente", "origen"]),
    Column("definition", String, "How they count it; comparable where it is the definition of docs/plans.md.", ["definicion", "formula"]),
    Column("value", Number, "Their value; a rate as 0.25 or 25.", ["benchmark", "valor", "referencia"], nullable=True),
    Column("low", Number, "Low end of their range.", ["from", "minimo", "desde"], nullable=True),
    Column("high", Number, "High end of their range.", ["to", "maximo", "hasta"], nullable=True),
    Column("year", Integer, "Year that it describes; empty where nobody says it.", ["año", "ejercicio"], nullable=True),
    Column("currency", String, "ISO code of a value in money; the base currency where it is empty.", ["currency_code", "moneda", "divisa"], nullable=True),
    Column("note", String, "What else is to be known.", ["comment", "nota", "comentario"], nullable=True),
    Column("url", String, "Where it stands.", ["link", "enlace"], nullable=True),
    key=("metric", "source", "year", "definition"),
)

CHANNELS = Contract(
    "plans_channels",
    "One row per rule that names a channel by source, medium, campaign, referrer or the system's own word; the first that fits names it.",
    Column("rule", Integer, "Its place: rules are tried from the smallest on.", ["channel_rule", "regla"]),
    Column("channel", String, "Channel that it names.", ["canal"]),
    Column("word", String, "The system's own word, a channel or a lead source; patterns with * and |, as in all that follows.", ["crm_source", "lead_source", "origen del lead"], nullable=True),
    Column("source", String, "Source, as in utm_source.", ["utm_source", "fuente"], nullable=True),
    Column("medium", String, "Medium, as in utm_medium.", ["utm_medium", "medio"], nullable=True),
    Column("campaign", String, "Campaign.", ["utm_campaign", "campaña"], nullable=True),
    Column("referrer", String, "Domain of the page it came from.", ["referrer_domain", "dominio de referencia"], nullable=True),
    Column("click_id", String, "Name of the click id, such as gclid.", ["click_id_name"], nullable=True),
    key=("rule",),
)

CONTRACTS = [TARGETS, CAPACITIES, BENCHMARKS, CHANNELS]

FEEDS = [
    Feed("targets", """
        select period, period_start, pipeline, owner, team, metric, target, currency, _file as file, _line as line
        from raw.plans_targets
    """),
    Feed("capacities", """
        select period, period_start, owner, team, open_deals_capacity, delivery_capacity, _file as file, _line as line
        from raw.plans_capacities
    """),
    Feed("channel_rules", """
        select rule, channel, word, source, medium, campaign, referrer, click_id, _file as file, _line as line
        from raw.plans_channels
    """),
    Feed("benchmarks", """
        select metric, value, low, high, currency, source, year, definition, note, url, _file as file, _line as line
        from raw.plans_benchmarks
    """),
]  # fmt: skip
