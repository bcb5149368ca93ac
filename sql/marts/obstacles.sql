-- One row per pipeline (and all), dimension and obstacle: whether deals that have it are lost more often than the rest, and in how many pipelines.
--
-- An association, not a cause. marts.obstacle_rates says what is counted. Across pipelines each is compared with itself, so that an obstacle is not
-- blamed for standing mostly in a pipeline where much is lost anyway.
--
-- grain: pipeline, dimension, obstacle
-- check: with_lost_rate between 0 and 1
-- check: p_value between 0 and 1
-- check: q_value between p_value - 1e-12 and 1
-- check: verdict in ('more lost', 'fewer lost', 'no clear difference', 'insufficient cases', 'in one pipeline only', 'lost deals only')
-- check: pipelines_more_lost between 0 and pipelines_with

with expected as (
    select
        *, with_closed * without_lost / nullif(without_closed, 0)::double as expected_lost,
        -- What the test is of: its sign says which way an obstacle leans, also where the pipelines disagree.
        with_lost - with_closed * (with_lost + without_lost) / (with_closed + without_closed)::double as leaning
    from marts.obstacle_rates
),

scoped as (
    select
        e.pipeline, e.dimension, e.obstacle, e.with_closed, e.with_lost, e.without_closed, e.without_lost, e.leaning,
        case when e.dimension <> 'reason' then e.with_lost - e.expected_lost end as excess_lost
    from expected as e
    union all
    select
        'all', dimension, obstacle, sum(with_closed)::bigint, sum(with_lost)::bigint, sum(without_closed)::bigint, sum(without_lost)::bigint, sum(leaning),
        case when dimension <> 'reason' then sum(with_lost - expected_lost) end
    from expected
    group by dimension, obstacle
),

pipelines as (
    select
        e.dimension, e.obstacle, count(*) as pipelines_with, count(*) filter (where e.without_closed > 0) as pipelines_compared,
        count(*) filter (where t.q_value <= 0.05 and e.leaning > 0) as pipelines_more_lost
    from expected as e
    left join marts.obstacle_tests as t on t.pipeline = e.pipeline and t.dimension = e.dimension and t.obstacle = e.obstacle
    group by e.dimension, e.obstacle
),

rates as (
    select
        s.*, p.pipelines_with, p.pipelines_compared, p.pipelines_more_lost, t.p_value, t.q_value,
        case when s.dimension <> 'reason' then s.with_lost / s.with_closed::double end as with_lost_rate,
        case when s.dimension <> 'reason' then s.without_lost / nullif(s.without_closed, 0)::double end as without_lost_rate
    from scoped as s
    join pipelines as p on p.dimension = s.dimension and p.obstacle = s.obstacle
    left join marts.obstacle_tests as t on t.pipeline = s.pipeline and t.dimension = s.dimension and t.obstacle = s.obstacle
)

select
    pipeline,                                                       -- Pipeline, or `all`.
    dimension,                                                      -- reason, source, size band, product, type or missing step.
    obstacle,                                                       -- Its value, or the stage that was missed; `unknown` where the record has none.
    pipelines_with,                                                 -- Pipelines in which closed deals have it.
    pipelines_more_lost,                                            -- Those of them in which significantly more of these are lost.
    with_closed,                                                    -- Closed deals that have it.
    with_lost,                                                      -- Those of them that were lost.
    with_lost / nullif(with_lost + without_lost, 0)::double as share_of_lost,  -- with_lost ÷ all lost deals that are compared.
    with_lost_rate,                                                 -- with_lost ÷ with_closed; empty for reasons, which only lost deals have.
    wilson_low(with_lost_rate, with_closed::double) as with_lost_rate_low,    -- Low end of its 95 % interval (Wilson).
    wilson_high(with_lost_rate, with_closed::double) as with_lost_rate_high,  -- High end of its 95 % interval (Wilson).
    without_closed,                                                 -- Closed deals of the same pipelines that do not have it.
    without_lost,                                                   -- Those of them that were lost.
    without_lost_rate,                                              -- without_lost ÷ without_closed.
    excess_lost,                                                    -- Deals lost beyond what the rest of each pipeline expects; negative where fewer were.
    p_value,                                                        -- Fisher's exact test in a pipeline, Mantel and Haenszel's across; empty under ten deals on either side.
    q_value,                                                        -- The same after Benjamini and Hochberg, over all tested rows.
    case
        when dimension = 'reason' then 'lost deals only'
        when q_value <= 0.05 and leaning > 0 then 'more lost'
        when q_value <= 0.05 then 'fewer lost'
        when q_value is not null then 'no clear difference'
        when pipeline = 'all' and pipelines_compared = 1 then 'in one pipeline only'
        else 'insufficient cases'
    end as verdict                                                  -- more lost, fewer lost, no clear difference; or why nothing is said.
from rates
