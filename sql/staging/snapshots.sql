-- One row per deal and export file that holds it: what that export said of it, older copies included.
--
-- An export was made at the date in its file's name, or when the newest record in it last changed, whichever is later.
--
-- grain: system, deal_id, file

with copies as (
    select
        *,
        max(greatest(
            case when created_at <= (select started_at from settings.run) then created_at end,
            case when updated_at <= (select started_at from settings.run) then updated_at end,
            case when stage_changed_at <= (select started_at from settings.run) then stage_changed_at end
        )) over (partition by file) as newest_at
    from feeds.deals_copies
    where coalesce(precedence, 1) = 1 and stage <> ''
)

select
    c.system,                                            -- CRM that holds the deal.
    c.deal_id,                                           -- Id of the deal in its CRM.
    c.file,                                              -- Number of the export file.
    greatest(s.dated, c.newest_at) as exported_at,       -- When the export was made, as far as it tells.
    c.pipeline,                                          -- Pipeline, as it was written.
    c.stage,                                             -- Stage, as it was written.
    c.stage_changed_at,                                  -- When it entered the stage, where the export says so.
    c.close_at,                                          -- When it was closed, where the export says so.
    c.crm_status,                                        -- open, won or lost, where the export says so.
    c.amount,                                            -- Value in its own currency.
    c.currency,                                          -- ISO code of that currency.
    c.close_on,                                          -- Close date.
    coalesce(c.owner_id, c.owner_name) as owner,         -- Owner, by id or name.
    c.probability,                                       -- Probability of winning, 0..1.
    c.forecast_category,                                 -- Forecast category.
    c.updated_at                                         -- When the record last changed, where the export says so.
from copies as c
join rejects.survey as s on s.file = c.file
where greatest(s.dated, c.newest_at) is not null
qualify row_number() over (
    partition by c.system, c.deal_id, c.file order by c.updated_at desc nulls last, c.line desc
) = 1
