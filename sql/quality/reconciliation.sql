-- One row per law of the run: both sides and their difference, which is 0.
--
-- grain: law
-- check: difference = 0

-- Of the two largest views each is read once.
with walked as materialized (
    select count(distinct touch) as touches, count(*) filter (where deal_id <> '' and (touch is null or touch_number = 1)) as deals
    from marts.journeys
),

credited as materialized (
    select milestone, model, sum(credit) as credit, sum(amount) as amount
    from marts.attribution
    group by milestone, model
),

laws as (
    select
        'rows of all files = kept + rejected + duplicates' as law,
        coalesce(sum(rows), 0)::double as left_side,
        coalesce(sum(kept + rejected + duplicates), 0)::double as right_side
    from quality.files
    union all
    select
        'rejected rows of all files = rows of quality.rejected_rows',
        coalesce((select sum(rejected) from quality.files), 0)::double,
        (select count(*) from quality.rejected_rows)::double
    union all
    select
        'live deals known at as-of = open + won + lost deals',
        (select count(distinct system || ' ' || deal_id) from core.stage_events where record_status = 'live')::double,
        (select count(*) from marts.deals where status in ('open', 'won', 'lost'))::double
    union all
    select
        'open deals = deals that stand in the stages',
        (select count(*) from marts.deals where status = 'open')::double,
        coalesce((select open_deals from marts.stage_snapshot where pipeline = 'all' and stage = 'all'), 0)::double
    union all
    select
        'amount of open deals = amount that stands in the stages',
        coalesce((select sum(amount) from marts.deals where status = 'open'), 0)::double,
        coalesce((select sum(open_amount) from marts.stage_snapshot where stage <> 'all'), 0)::double
    union all
    select
        'amount of open deals = amount in the forecast categories',
        coalesce((select sum(amount) from marts.deals where status = 'open'), 0)::double,
        coalesce((select sum(open_amount) from marts.forecast where pipeline <> 'all' and forecast_category <> 'all'), 0)::double
    union all
    select
        'deals in the stages = history replayed to as-of',
        coalesce((select open_deals from marts.stage_snapshot where pipeline = 'all' and stage = 'all'), 0)::double,
        coalesce((
            select open_deals
            from marts.stage_daily
            where pipeline = 'all' and stage = 'all' and day = (select as_of::date from core.as_of)
        ), 0)::double
    union all
    select
        'touches up to as-of = touches in the journeys',
        (select count(*) from core.touches)::double,
        (select touches from walked)::double
    union all
    select
        'open + won + lost deals = deals in the journeys',
        (select count(*) from marts.deals where status in ('open', 'won', 'lost'))::double,
        (select deals from walked)::double
    union all
    select
        'spend of all days = spend of all channels and campaigns',
        coalesce((select sum(spend) from core.spend), 0)::double,
        coalesce((select sum(spend) from marts.channel_performance where period = 'all' and campaign <> 'all'), 0)::double
    union all
    select
        'amount of won deals = won amount of all channels and campaigns',
        coalesce((select sum(amount) from marts.deals where status = 'won'), 0)::double,
        coalesce((select sum(won_amount) from marts.channel_performance where period = 'all' and campaign <> 'all'), 0)::double
    union all
    select
        'conversions and amounts of the milestones − those that each model credits, without signs = 0',
        coalesce((
            select sum(abs(coalesce(c.amount, 0) - coalesce(a.amount, 0)) + abs(round(c.conversions - a.credit, 6)))
            from (select milestone, count(*) as conversions, sum(amount) as amount from marts.conversions group by milestone) as c
            left join credited as a on a.milestone = c.milestone
        ), 0)::double,
        0::double
    union all
    select
        'amount of won deals = amount credited at `won` by the linear model',
        coalesce((select sum(amount) from marts.deals where status = 'won'), 0)::double,
        coalesce((select amount from credited where milestone = 'won' and model = 'linear'), 0)::double
    union all
    select
        'won amount of all time = amount of won deals',
        coalesce((select won_amount from marts.pipeline_health where period = 'all' and pipeline = 'all'), 0)::double,
        coalesce((select sum(amount) from marts.deals where status = 'won'), 0)::double
    union all
    select
        'entries into stages = advanced + lost + moved back + handed off + still there',
        coalesce((select sum(entered) from marts.stage_conversion), 0)::double,
        coalesce((select sum(advanced + lost + moved_back + handed_off + still_there) from marts.stage_conversion), 0)::double
    union all
    select
        'seconds in stages = seconds from first to last event',
        coalesce((
            select sum(date_diff('second', entered_at, left_at)) from marts.stage_visits where left_at is not null
        ), 0)::double,
        coalesce((
            select sum(date_diff('second', first_at, last_at))
            from (
                select min(entered_at) as first_at, max(entered_at) as last_at
                from core.stage_events
                where record_status = 'live'
                group by system, deal_id
            )
        ), 0)::double
    union all
    select
        'what opening + lines of the waterfalls leave over against closing, without signs = 0',
        coalesce((
            select sum(abs(amount) + abs(deals))
            from (
                select
                    sum(case line when 'closing' then -amount else amount end) as amount,
                    sum(case line when 'closing' then -deals else deals end) as deals
                from marts.pipeline_waterfall
                group by scope, period, period_start, pipeline, owner
            )
        ), 0)::double,
        0::double
)

select
    law,                                                     -- What must hold.
    left_side,                                               -- Its left side.
    right_side,                                              -- Its right side.
    round(left_side - right_side, 2) as difference           -- left_side − right_side; 0.
from laws
