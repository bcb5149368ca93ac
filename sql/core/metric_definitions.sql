-- One row per metric that targets and benchmarks can be set on: how it is counted, in what, and which way is the better one.
--
-- grain: metric

select
    metric,          -- Name of the metric, that of its column in marts.pipeline_health.
    spanish,         -- The same in Spanish, as a plan may say it.
    definition,      -- How it is counted; a benchmark that says the same can be compared.
    unit,            -- deals, money, rate, days or money per day.
    better           -- Which way is better: higher or lower.
from (values
    ('deals_created', 'oportunidades_creadas', 'deals created in the period', 'deals', 'higher'),
    ('deals_in_pipeline', 'oportunidades_abiertas', 'deals in an open stage at the end of the period', 'deals', 'higher'),
    ('open_amount', 'importe_abierto', 'amount of the deals in an open stage at the end of the period', 'money', 'higher'),
    ('won', 'ganadas', 'deals won in the period', 'deals', 'higher'),
    ('lost', 'perdidas', 'deals lost in the period', 'deals', 'lower'),
    ('won_amount', 'importe_ganado', 'amount of the deals won in the period', 'money', 'higher'),
    ('lost_amount', 'importe_perdido', 'amount of the deals lost in the period', 'money', 'lower'),
    ('win_rate', 'tasa_de_cierre', 'won / (won + lost)', 'rate', 'higher'),
    ('win_rate_by_amount', 'tasa_de_cierre_por_importe', 'won_amount / (won_amount + lost_amount)', 'rate', 'higher'),
    ('average_deal_size', 'importe_medio', 'won_amount / won deals with an amount', 'money', 'higher'),
    ('average_days_to_close', 'días_hasta_el_cierre', 'mean days from creation to closing of won deals', 'days', 'lower'),
    ('median_days_to_close', 'mediana_de_días_hasta_el_cierre', 'median days from creation to closing of won deals', 'days', 'lower'),
    (
        'velocity_per_day', 'velocidad_por_día', 'deals_in_pipeline * win_rate * average_deal_size / average_days_to_close',
        'money per day', 'higher'
    )
) as known (metric, spanish, definition, unit, better)
