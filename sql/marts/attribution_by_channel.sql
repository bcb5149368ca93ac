-- One row per milestone, channel, campaign and model: what it is credited with, and where the models disagree about it.
--
-- `all` rows are totals: over the campaigns of a channel, and over everything. A wide span from lowest_share to highest_share says that the
-- answer depends on the model, and a decision should not.
--
-- grain: milestone, channel, campaign, model
-- sum: credit, amount
-- apart: milestone, model
-- check: credit >= 0
-- check: share between 0 and 1 + 1e-9
-- check: share between lowest_share and highest_share

with parts as (
    select milestone, model, channel, coalesce(campaign, 'none') as campaign, sum(credit) as credit, sum(amount) as amount
    from marts.attribution
    group by all
),

scoped as (
    select p.milestone, p.model, k.channel, k.campaign, sum(p.credit) as credit, sum(p.amount) as amount
    from parts as p
    cross join lateral (values (p.channel, p.campaign), (p.channel, 'all'), ('all', 'all')) as k (channel, campaign)
    group by all
),

models as (
    select distinct milestone, model
    from parts
),

places as (
    select distinct milestone, channel, campaign
    from scoped
),

-- A model that credits a channel with nothing says so.
filled as (
    select p.milestone, p.channel, p.campaign, m.model, coalesce(s.credit, 0) as credit, s.amount
    from places as p
    join models as m on m.milestone = p.milestone
    left join scoped as s on s.milestone = p.milestone and s.channel = p.channel and s.campaign = p.campaign and s.model = m.model
),

shared as (
    select *, credit / max(case when channel = 'all' then credit end) over (partition by milestone, model) as share
    from filled
)

select
    milestone,                                                                         -- lead, mql, sql, opportunity (the deal was created) or won.
    channel,                                                                           -- Channel, `unattributed`, or `all`.
    campaign,                                                                          -- Campaign, `none` without one, or `all`.
    model,                                                                             -- first_touch, last_touch, linear, position_based, time_decay, u_shaped, w_shaped, full_path or markov.
    credit,                                                                            -- Conversions credited: a sum of shares.
    coalesce(amount, 0)::decimal(18, 2) as amount,                                     -- Deal amounts credited, in base currency.
    share,                                                                             -- credit ÷ all conversions of the milestone, 0..1.
    min(share) over same as lowest_share,                                              -- The least that any model credits it with.
    max(share) over same as highest_share,                                             -- The most that any model credits it with.
    arg_min(model, (round(share, 9), model)) over same as lowest_model,                -- Which model that is.
    arg_max(model, (round(share, 9), model)) over same as highest_model                -- Which model that is.
from shared
window same as (partition by milestone, channel, campaign)
