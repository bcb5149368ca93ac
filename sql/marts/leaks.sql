-- One row per pipeline, open stage, dimension, segment and reason: what is lost from the stage or stalls there, in deals and in money.
--
-- reason: why deals were lost (core.loss_reasons); `stalled` for open deals that stand too long; `all` for all losses, without what is
-- stalled, against the rest of the stage. Deals count as in marts.stage_endings.
--
-- grain: pipeline, stage, dimension, segment, reason
-- check: deals >= deals_without_amount
-- check: lost_rate between 0 and 1
-- check: p_value between 0 and 1
-- check: q_value between p_value - 1e-12 and 1
-- check: (reason = 'all') = (resolved is not null)

with deals as (
    select pipeline, stage, stage_order, reason, lost_reason, amount, owner, team, size_band, lead_source, product, deal_type
    from marts.stage_endings
    where is_lost
    union all
    select
        s.pipeline, s.stage, s.stage_order, 'stalled', null, d.amount, d.owner, d.team, d.size_band, d.lead_source, d.product, d.deal_type
    from marts.stalled_deals as s
    join marts.deals as d on d.system = s.system and d.deal_id = s.deal_id
    where s.is_over_limit
),

placed as (
    select
        d.pipeline, d.stage, d.stage_order, k.dimension, d.reason, d.lost_reason, d.amount,
        coalesce(case k.dimension
            when 'all' then 'all' when 'owner' then d.owner when 'team' then d.team when 'size band' then d.size_band
            when 'source' then d.lead_source when 'product' then d.product else d.deal_type
        end, 'unknown') as segment
    from deals as d
    cross join (values ('all'), ('owner'), ('team'), ('size band'), ('source'), ('product'), ('type')) as k (dimension)
),

texts as (
    select pipeline, stage, dimension, segment, reason, lost_reason, count(*) as times
    from placed
    where lost_reason <> ''
    group by pipeline, stage, dimension, segment, reason, lost_reason
    qualify row_number() over (partition by pipeline, stage, dimension, segment, reason order by count(*) desc, lost_reason) <= 3
),

samples as (
    select pipeline, stage, dimension, segment, reason, string_agg(lost_reason, ' | ' order by times desc, lost_reason) as reason_sample
    from texts
    group by all
),

reasons as (
    select
        pipeline, stage, stage_order, dimension, segment, reason,
        count(*) as deals, coalesce(sum(amount), 0)::decimal(18, 2) as amount, count(*) - count(amount) as deals_without_amount
    from placed
    group by all
),

rates as (
    select
        *,
        lost / resolved::double as lost_rate,
        rest_lost / nullif(rest_resolved, 0)::double as baseline_rate,
        -- In whole cents and with one division, so that half a cent is half a cent.
        (
            round(
                (lost * rest_resolved - resolved * rest_lost)::double * (resolved_amount * 100)::double
                / nullif((rest_resolved * resolved_with_amount)::double, 0)
            ) / 100
        )::decimal(18, 2) as excess_amount
    from marts.leak_rates
),

rows_of_both as (
    select
        r.pipeline, r.stage, r.stage_order, r.dimension, r.segment, r.reason, r.deals, r.amount, r.deals_without_amount, s.reason_sample,
        null::bigint as resolved, null::double as lost_rate, null::bigint as rest_resolved, null::double as baseline_rate,
        null::double as excess_lost, null::decimal(18, 2) as excess_amount, null::double as p_value, null::double as q_value
    from reasons as r
    left join samples as s
        on s.pipeline = r.pipeline and s.stage = r.stage and s.dimension = r.dimension and s.segment = r.segment and s.reason = r.reason
    union all
    select
        a.pipeline, a.stage, a.stage_order, a.dimension, a.segment, 'all', a.lost, a.lost_amount, a.lost_without_amount, null,
        a.resolved, a.lost_rate, case when a.dimension <> 'all' then a.rest_resolved end, a.baseline_rate,
        a.lost - a.resolved * a.baseline_rate, a.excess_amount, t.p_value, t.q_value
    from rates as a
    left join marts.leak_tests as t
        on t.pipeline = a.pipeline and t.stage = a.stage and t.dimension = a.dimension and t.segment = a.segment
)

select
    row_number() over (
        partition by dimension, reason = 'all'
        order by
            case when reason = 'all' and dimension <> 'all' then excess_amount else amount end desc nulls last,
            deals desc, pipeline, stage, segment, reason
    ) as money_rank,                                             -- 1, 2, 3 … within its dimension: rows of reason `all` by excess_amount (of dimension `all` by amount), the others by amount.
    pipeline,                                                    -- Pipeline.
    stage,                                                       -- Open stage.
    stage_order,                                                 -- Place of the stage in its pipeline.
    dimension,                                                   -- all, owner, team, size band, source, product or type.
    segment,                                                     -- Its value; `unknown` where the record has none.
    reason,                                                      -- Why deals were lost; `stalled`; `all` for all losses.
    deals,                                                       -- Deals that were lost from the stage for that reason, or that are stalled.
    amount,                                                      -- Value of those that have an amount, in base currency.
    deals_without_amount,                                        -- Those without an amount: in no value here.
    reason_sample,                                               -- The three most frequent texts of the CRM behind the reason.
    resolved,                                                    -- Deals that left the stage in any way; reason `all` only, as all that follows.
    lost_rate,                                                   -- deals ÷ resolved.
    wilson_low(lost_rate, resolved::double) as lost_rate_low,    -- Low end of its 95 % interval (Wilson).
    wilson_high(lost_rate, resolved::double) as lost_rate_high,  -- High end of its 95 % interval (Wilson).
    rest_resolved,                                               -- Deals of the other segments that left the stage.
    baseline_rate,                                               -- Share of those that was lost; empty for dimension `all` and without others.
    excess_lost,                                                 -- Deals lost beyond what the baseline expects; negative where fewer were.
    excess_amount,                                               -- The same in money: excess_lost × mean value of the segment's deals that left the stage.
    p_value,                                                     -- Fisher's exact test against the rest of the stage; empty under ten deals on either side.
    q_value,                                                     -- The same after Benjamini and Hochberg, over all tested segments.
    q_value <= 0.05 as is_significant                            -- Whether it differs, chance aside: at most one in twenty such rows is a false alarm.
from rows_of_both
