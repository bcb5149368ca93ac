-- One row per pipeline and open stage at as-of: number and value of the deals that stand in it; `all` rows are totals.
--
-- grain: pipeline, stage
-- sum: open_deals, open_amount, weighted_amount, deals_without_amount, deals_without_probability
-- bars: open_deals by pipeline, stage where stage <> 'all' order by pipeline, stage_order
-- check: open_deals >= deals_without_amount

with standing as (
    select
        d.pipeline, d.stage, d.amount, d.probability, d.age_days, d.days_in_stage,
        weighted(d.amount, d.probability) as weighted,
        d.days_in_stage > l.limit_days as is_stalled
    from marts.deals as d
    left join marts.stall_limits as l on l.pipeline = d.pipeline and l.stage = d.stage and l.size_band = d.size_band
    where d.status = 'open'
),

scopes as (
    select s.pipeline, s.stage, s.stage_order, s.pipeline as of_pipeline, s.stage as of_stage, l.limit_days
    from core.stages as s
    left join marts.stall_limits as l on l.pipeline = s.pipeline and l.stage = s.stage and l.size_band = 'all'
    where s.kind = 'open'
    union all
    select s.pipeline, 'all', null, s.pipeline, s.stage, l.limit_days
    from core.stages as s
    left join marts.stall_limits as l on l.pipeline = s.pipeline and l.stage = s.stage and l.size_band = 'all'
    where s.kind = 'open'
    union all
    select 'all', 'all', null, s.pipeline, s.stage, l.limit_days
    from core.stages as s
    left join marts.stall_limits as l on l.pipeline = s.pipeline and l.stage = s.stage and l.size_band = 'all'
    where s.kind = 'open'
),

judged as (
    select pipeline, stage, stage_order, max(limit_days) is not null as has_history
    from scopes
    group by pipeline, stage, stage_order
),

counted as (
    select
        c.pipeline, c.stage,
        count(d.pipeline) as open_deals,
        sum(d.amount) as open_amount,
        count(d.amount) as with_amount,
        sum(d.weighted) as weighted_amount,
        avg(d.age_days) as average_age_days,
        avg(d.days_in_stage) as average_days_in_stage,
        count(*) filter (where d.is_stalled) as stalled_deals,
        sum(d.amount) filter (where d.is_stalled) as stalled_amount,
        count(d.probability) as with_probability
    from scopes as c
    left join standing as d on d.pipeline = c.of_pipeline and d.stage = c.of_stage
    group by c.pipeline, c.stage
)

select
    c.pipeline,                                                                            -- Pipeline, or `all`.
    c.stage,                                                                               -- Open stage, or `all`.
    j.stage_order,                                                                         -- Place of the stage in its pipeline; empty for `all`.
    c.open_deals,                                                                          -- Deals that stand in it.
    coalesce(c.open_amount, 0)::decimal(18, 2) as open_amount,                             -- Value of those that have an amount, in base currency.
    c.open_amount::double / nullif(c.with_amount, 0) as average_amount,                    -- open_amount per deal with an amount.
    coalesce(c.weighted_amount, 0)::decimal(18, 2) as weighted_amount,                     -- Sum of amount × probability, rounded per deal, over deals with both.
    c.average_age_days,                                                                    -- Mean days since the deals' creation.
    c.average_days_in_stage,                                                               -- Mean days since they entered the stage.
    case when j.has_history then c.stalled_deals end as stalled_deals,                     -- Deals longer in the stage than marts.stall_limits allows; empty where history is insufficient.
    case when j.has_history then coalesce(c.stalled_amount, 0)::decimal(18, 2) end as stalled_amount,  -- Value of the stalled deals.
    c.open_deals - c.with_amount as deals_without_amount,                                  -- Deals whose amount is unknown: in no amount here.
    c.open_deals - c.with_probability as deals_without_probability                         -- Deals without a probability: not in weighted_amount.
from counted as c
join judged as j on j.pipeline = c.pipeline and j.stage = c.stage
