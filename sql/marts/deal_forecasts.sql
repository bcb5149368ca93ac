-- One row per open, won or lost deal: what the forecast takes of it, by the CRM's probability and by that of own history.
--
-- grain: system, deal_id
-- sum: amount, crm_weighted_amount, own_weighted_amount
-- check: crm_probability between 0 and 1
-- check: own_probability is null or status = 'open'

with earlier as (
    select
        pipeline, stage, own_probability,
        max(typical_probability) over (
            partition by pipeline order by stage_order rows between unbounded preceding and 1 preceding
        ) as typical_before
    from marts.stage_probabilities
),

worded as (
    select *, replace(replace(lower(forecast_category), '_', ''), ' ', '') as word
    from marts.deals
    where status in ('open', 'won', 'lost')
),

judged as (
    select
        d.system, d.deal_id, d.deal_name, d.pipeline, d.stage, d.status, d.owner, d.amount, d.expected_close_on, d.word,
        case when d.probability between 0 and 1 then d.probability end as crm_probability,
        e.own_probability,
        case
            when d.probability not between 0 and 1 then 'The probability lies outside 0 to 1.'
            when d.status = 'won' and d.probability <> 1 then 'Won, but the probability is not 1.'
            when d.status = 'lost' and d.probability <> 0 then 'Lost, but the probability is not 0.'
            when d.status = 'open' and d.probability = 0 then 'Open, but the probability is 0.'
            when d.status = 'open' and d.probability = 1 then 'Open, but the probability is 1.'
            when d.probability < e.typical_before then 'The probability is below what is typical of an earlier stage.'
        end as conflict
    from worded as d
    left join earlier as e on e.pipeline = d.pipeline and e.stage = d.stage
)

select
    system,                                                                      -- CRM that holds the deal.
    deal_id,                                                                     -- Id of the deal in its CRM.
    deal_name,                                                                   -- Name.
    pipeline,                                                                    -- Pipeline it stands in.
    stage,                                                                       -- Stage it stands in.
    status,                                                                      -- open, won or lost.
    owner,                                                                       -- Owner, by name where known.
    case
        when word in ('pipeline', 'commit', 'closed', 'omitted') then word
        when word = 'bestcase' then 'best case'
        when word = 'mostlikely' then 'most likely'
        when word = 'forecast' then 'commit'
        when word = 'omit' then 'omitted'
        else 'unknown'
    end as category,                                                             -- pipeline, best case, most likely, commit, closed, omitted, or unknown; the CRM's own word is in marts.deals.
    amount,                                                                      -- Value in base currency; empty when unknown.
    expected_close_on,                                                           -- Expected close date; open deals.
    crm_probability,                                                             -- Probability in the CRM; empty where it has none from 0 to 1.
    own_probability,                                                             -- own_probability of its stage; empty for closed deals and without enough history.
    case when status = 'open' then weighted(amount, crm_probability) end::decimal(18, 2) as crm_weighted_amount,  -- amount × crm_probability, to the cent; open deals with both.
    weighted(amount, own_probability)::decimal(18, 2) as own_weighted_amount,  -- amount × own_probability, to the cent; open deals with both.
    conflict                                                                     -- How stage and probability disagree; empty where they do not.
from judged
