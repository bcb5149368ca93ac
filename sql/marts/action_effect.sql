-- One row per pipeline, open stage and kind of action: whether more deals go on after it, by the landmark method; an association, not a cause.
--
-- marts.action_rates holds the counts and says how they are made.
--
-- grain: pipeline, stage, action
-- check: share_with_action between 0 and 1
-- check: difference is null or difference between difference_low - 1e-9 and difference_high + 1e-9
-- check: p_value between 0 and 1
-- check: q_value between p_value - 1e-12 and 1
-- check: verdict in ('more go on', 'fewer go on', 'no clear difference', 'insufficient cases')
-- check: (verdict = 'insufficient cases') = (q_value is null)

with rates as (
    select
        *,
        with_stays - with_resolved as with_open,
        without_stays - without_resolved as without_open,
        with_went_on / nullif(with_resolved, 0)::double as with_rate,
        without_went_on / nullif(without_resolved, 0)::double as without_rate,
        naive_with_went_on / nullif(naive_with_resolved, 0)::double as naive_with_rate,
        naive_without_went_on / nullif(naive_without_resolved, 0)::double as naive_without_rate
    from marts.action_rates
)

select
    r.pipeline,                                                     -- Pipeline.
    r.stage,                                                        -- Open stage.
    r.stage_order,                                                  -- Place of the stage in its pipeline.
    r.action,                                                       -- demo, content, e-mail, call, meeting, task or other; `any` for all of them.
    r.stays,                                                        -- Stays in the stage whose entry was recorded, in systems that record the action.
    r.stays_without_entry_time,                                     -- Stays whose entry was not: in none of these numbers.
    r.stays_with_action,                                            -- Stays in which it was done at any time.
    r.stays_with_action / nullif(r.stays, 0)::double as share_with_action,  -- stays_with_action ÷ stays.
    r.landmark_days,                                                -- Days after the entry at which is asked whether it was done.
    r.landmark_basis,                                               -- How that was chosen.
    r.left_before_landmark,                                         -- Stays that ended up to then: not compared.
    r.before_landmark,                                              -- Stays whose landmark lies after as-of: not compared.
    r.with_stays,                                                   -- Stays still going at the landmark that had the action before it.
    r.with_resolved,                                                -- Those of them that ended later.
    r.with_went_on,                                                 -- Those of them that advanced or were won.
    r.with_open,                                                    -- Those that are still there: in no rate.
    r.with_rate,                                                    -- with_went_on ÷ with_resolved.
    wilson_low(r.with_rate, r.with_resolved::double) as with_rate_low,        -- Low end of its 95 % interval (Wilson).
    wilson_high(r.with_rate, r.with_resolved::double) as with_rate_high,      -- High end of its 95 % interval (Wilson).
    r.with_median_days,                                             -- Days after the entry by which half of them had left, open ones counted as censored.
    r.without_stays,                                                -- Stays still going at the landmark without the action before it.
    r.without_resolved,                                             -- Those of them that ended later.
    r.without_went_on,                                              -- Those of them that advanced or were won.
    r.without_open,                                                 -- Those that are still there: in no rate.
    r.without_rate,                                                 -- without_went_on ÷ without_resolved.
    wilson_low(r.without_rate, r.without_resolved::double) as without_rate_low,    -- Low end of its 95 % interval (Wilson).
    wilson_high(r.without_rate, r.without_resolved::double) as without_rate_high,  -- High end of its 95 % interval (Wilson).
    r.without_median_days,                                          -- Days after the entry by which half of them had left, open ones counted as censored.
    r.with_rate - r.without_rate as difference,                     -- with_rate − without_rate.
    newcombe_low(r.with_rate, r.with_resolved::double, r.without_rate, r.without_resolved::double) as difference_low,    -- Low end of its 95 % interval (Newcombe).
    -newcombe_low(r.without_rate, r.without_resolved::double, r.with_rate, r.with_resolved::double) as difference_high,  -- High end of its 95 % interval (Newcombe).
    t.p_value,                                                      -- Fisher's exact test; empty under ten ended stays on either side.
    t.q_value,                                                      -- The same after Benjamini and Hochberg, over all tested actions of all stages.
    case
        when t.q_value is null then 'insufficient cases'
        when t.q_value > 0.05 then 'no clear difference'
        when r.with_rate > r.without_rate then 'more go on'
        else 'fewer go on'
    end as verdict,                                                 -- more go on, fewer go on (at most one in twenty of both is a false alarm), no clear difference, insufficient cases.
    r.naive_with_resolved,                                          -- Naively: ended stays in which it was done at any time.
    r.naive_with_went_on,                                           -- Those of them that advanced or were won.
    r.naive_with_rate,                                              -- Share of those that went on; misleading, for comparison only.
    r.naive_with_median_days,                                       -- Their median days; misleading, for comparison only.
    r.naive_without_resolved,                                       -- Naively: ended stays in which it was never done.
    r.naive_without_went_on,                                        -- Those of them that advanced or were won.
    r.naive_without_rate,                                           -- Share of those that went on; misleading, for comparison only.
    r.naive_without_median_days,                                    -- Their median days; misleading, for comparison only.
    r.naive_with_rate - r.naive_without_rate as naive_difference,   -- naive_with_rate − naive_without_rate: who stays long has more time for the action.
    concat(
        'Association, not cause: the team may do it where it sees the better chances.',
        case r.with_open + r.without_open
            when 0 then ''
            when 1 then ' 1 of the stays compared is still open and in no rate.'
            else concat(' ', r.with_open + r.without_open, ' of the stays compared are still open and in no rate.')
        end
    ) as note                                                       -- How to read it.
from rates as r
left join marts.action_tests as t on t.pipeline = r.pipeline and t.stage = r.stage and t.action = r.action
