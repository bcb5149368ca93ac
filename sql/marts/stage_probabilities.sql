-- One row per pipeline and open stage: how likely a deal that stands in it is won, by own history and by what the CRM says.
--
-- Own history: of the deals that ever stood in the stage and are closed at as-of, wherever they closed, the share that is won.
--
-- grain: pipeline, stage
-- check: own_probability between 0 and 1
-- check: (own_probability is not null) = (closed_deals >= 20)
-- check: closed_deals = won + lost

with stood as (
    select distinct pipeline, stage, system, deal_id
    from marts.stage_visits
    where stage_kind = 'open'
),

ended as (
    select
        s.pipeline, s.stage,
        count(*) as deals_entered,
        count(*) filter (where d.status = 'won') as won,
        count(*) filter (where d.status = 'lost') as lost
    from stood as s
    join marts.deals as d on d.system = s.system and d.deal_id = s.deal_id
    group by s.pipeline, s.stage
),

standing as (
    select
        pipeline, stage,
        count(*) as open_deals,
        count(*) filter (where probability between 0 and 1) as deals_with_probability,
        avg(probability) filter (where probability between 0 and 1) as average_probability,
        median(probability) filter (where probability between 0 and 1) as median_probability
    from marts.deals
    where status = 'open'
    group by pipeline, stage
),

counted as (
    select
        s.pipeline, s.stage, s.stage_order,
        coalesce(e.deals_entered, 0) as deals_entered,
        coalesce(e.won, 0) as won,
        coalesce(e.lost, 0) as lost,
        coalesce(e.won + e.lost, 0) as closed_deals,
        case when e.won + e.lost >= 20 then e.won::double / (e.won + e.lost) end as own_probability,
        coalesce(h.open_deals, 0) as open_deals,
        coalesce(h.deals_with_probability, 0) as deals_with_probability,
        h.average_probability,
        case when h.deals_with_probability >= 5 then h.median_probability end as typical_probability
    from core.stages as s
    left join ended as e on e.pipeline = s.pipeline and e.stage = s.stage
    left join standing as h on h.pipeline = s.pipeline and h.stage = s.stage
    where s.kind = 'open'
)

select
    pipeline,                                                                        -- Pipeline.
    stage,                                                                           -- Open stage.
    stage_order,                                                                     -- Place of the stage in its pipeline.
    deals_entered,                                                                   -- Different deals that ever stood in it.
    won,                                                                             -- Those of them that are won.
    lost,                                                                            -- Those of them that are lost.
    closed_deals,                                                                    -- won + lost.
    own_probability,                                                                 -- won ÷ closed_deals; empty under 20 closed deals.
    wilson_low(own_probability, closed_deals::double) as own_probability_low,    -- Low end of its 95 % interval (Wilson).
    wilson_high(own_probability, closed_deals::double) as own_probability_high,  -- High end of its 95 % interval (Wilson).
    case when own_probability is null then 'insufficient history' else 'enough' end as history,  -- enough, or insufficient history: under 20 closed deals.
    open_deals,                                                                      -- Deals that stand in it at as-of.
    deals_with_probability,                                                          -- Those with a probability from 0 to 1 in the CRM.
    average_probability,                                                             -- Mean of those probabilities.
    typical_probability                                                              -- Their median; empty under 5 of them.
from counted
