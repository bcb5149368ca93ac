-- Stages of which the snapshot counts other stalled deals than marts.stalled_deals lists.
--
-- severity: error

with listed as (
    select pipeline, stage, count(*) as stalled_deals
    from marts.stalled_deals
    where is_over_limit
    group by pipeline, stage
)

select s.pipeline, s.stage, s.stalled_deals, l.stalled_deals as listed
from marts.stage_snapshot as s
left join listed as l on l.pipeline = s.pipeline and l.stage = s.stage
where s.stage <> 'all' and coalesce(s.stalled_deals, 0) <> coalesce(l.stalled_deals, 0)
