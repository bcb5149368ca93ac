-- One row per metric that targets and benchmarks can be set on: how it is counted, in what, and which way is the better one.
--
-- grain: metric

select
    metric,          -- Name of the metric, that of its column in marts.pipeline_health or marts.funnel_conversion.
    spanish,         -- The same in Spanish, as a plan may say it.
    definition,      -- How it is counted; a benchmark that says the same can be compared.
    unit,            -- deals, money, rate, days or money per day.
    better,          -- Which way is better: higher or lower.
    basis            -- What is counted: deals, or people.
from (values
    ('deals_created', 'oportunidades_creadas', 'deals created in the period', 'deals', 'higher', 'deals'),
    ('deals_in_pipeline', 'oportunidades_abiertas', 'deals in an open stage at the end of the period', 'deals', 'higher', 'deals'),
    ('open_amount', 'importe_abierto', 'amount of the deals in an open stage at the end of the period', 'money', 'higher', 'deals'),
    ('won', 'ganadas', 'deals won in the period', 'deals', 'higher', 'deals'),
    ('lost', 'perdidas', 'deals lost in the period', 'deals', 'lower', 'deals'),
    ('won_amount', 'importe_ganado', 'amount of the deals won in the period', 'money', 'higher', 'deals'),
    ('lost_amount', 'importe_perdido', 'amount of the deals lost in the period', 'money', 'lower', 'deals'),
    ('win_rate', 'tasa_de_cierre', 'won / (won + lost)', 'rate', 'higher', 'deals'),
    ('win_rate_by_amount', 'tasa_de_cierre_por_importe', 'won_amount / (won_amount + lost_amount)', 'rate', 'higher', 'deals'),
    ('average_deal_size', 'importe_medio', 'won_amount / won deals with an amount', 'money', 'higher', 'deals'),
    ('average_days_to_close', 'días_hasta_el_cierre', 'mean days from creation to closing of won deals', 'days', 'lower', 'deals'),
    ('median_days_to_close', 'mediana_de_días_hasta_el_cierre', 'median days from creation to closing of won deals', 'days', 'lower', 'deals'),
    (
        'velocity_per_day', 'velocidad_por_día', 'deals_in_pipeline * win_rate * average_deal_size / average_days_to_close',
        'money per day', 'higher', 'deals'
    ),
    ('lead_to_mql', 'de_lead_a_mql', 'mqls / leads', 'rate', 'higher', 'people'),
    ('mql_to_sql', 'de_mql_a_sql', 'sqls / mqls', 'rate', 'higher', 'people'),
    ('sql_to_opportunity', 'de_sql_a_oportunidad', 'opportunities / sqls', 'rate', 'higher', 'people'),
    ('opportunity_to_customer', 'de_oportunidad_a_cliente', 'customers / opportunities', 'rate', 'higher', 'people'),
    ('lead_to_customer', 'de_lead_a_cliente', 'customers / leads', 'rate', 'higher', 'people')
) as known (metric, spanish, definition, unit, better, basis)
