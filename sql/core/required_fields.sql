-- One row per open stage and field that its deals need, by `required_fields` in the settings; with what cannot be measured without it.
--
-- grain: pipeline, stage, field

select distinct
    s.pipeline,                                                     -- Pipeline.
    s.stage,                                                        -- Open stage.
    r.field,                                                        -- Field that its deals need.
    b.blinds                                                        -- What cannot be measured where it is missing.
from core.stages as s
join settings.required_fields as r on r.stage in ('all', lower(s.stage))
join (values
    ('amount', 'Value of the pipeline, average size, forecast.'),
    ('close date', 'Forecast, coverage, deals past their close date.'),
    ('owner', 'Figures per owner and team, and capacity.'),
    ('account', 'Customers, repeat purchases, retention.'),
    ('contact', 'Marketing touches of the deal, by campaign and channel.'),
    ('source', 'Leaks and health by source.'),
    ('product', 'Leaks and health by product.'),
    ('type', 'New and existing business apart: renewals, expansions, churn.'),
    ('probability', 'Weighted forecast by the CRM''s probability.')
) as b (field, blinds) on b.field = r.field
where s.kind = 'open'
