-- Waterfalls that do not close, do not begin where the period before ended, or do not end where the stages stand now.
--
-- severity: error

with sides as (
    select
        'opening + lines <> closing' as fault, scope, period, period_start, pipeline, owner,
        case line when 'closing' then -1 else 1 end as sign, deals, amount, deals_without_amount
    from marts.pipeline_waterfall

    union all

    select
        'closing <> opening of the next period', w.scope, w.period, p.period_start, w.pipeline, w.owner,
        1, w.deals, w.amount, w.deals_without_amount
    from marts.pipeline_waterfall as w
    join core.periods as p on p.period = w.period and p.previous_start = w.period_start
    where w.scope = 'open' and w.line = 'closing'

    union all

    select
        'closing <> opening of the next period', w.scope, w.period, w.period_start, w.pipeline, w.owner,
        -1, w.deals, w.amount, w.deals_without_amount
    from marts.pipeline_waterfall as w
    join core.periods as p on p.period = w.period and p.period_start = w.period_start and p.previous_start is not null
    where w.scope = 'open' and w.line = 'opening'

    union all

    select
        'closing of the running period <> open deals', w.scope, w.period, w.period_start, w.pipeline, w.owner,
        1, w.deals, w.amount, w.deals_without_amount
    from marts.pipeline_waterfall as w
    join core.periods as p on p.period = w.period and p.period_start = w.period_start and p.is_running
    where w.scope = 'open' and w.line = 'closing' and w.owner = 'all'

    union all

    select
        'closing of the running period <> open deals', 'open', p.period, p.period_start, s.pipeline, 'all',
        -1, s.open_deals, s.open_amount, s.deals_without_amount
    from marts.stage_snapshot as s
    join core.periods as p on p.is_running
    where s.stage = 'all'
)

select
    fault, scope, period, period_start, pipeline, owner, sum(sign * deals) as deals_too_many, sum(sign * amount) as amount_too_much,
    sum(sign * deals_without_amount) as deals_without_amount_too_many
from sides
group by fault, scope, period, period_start, pipeline, owner
having sum(sign * deals) <> 0 or sum(sign * amount) <> 0 or sum(sign * deals_without_amount) <> 0
