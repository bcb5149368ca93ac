-- One row per open deal and field that its stage needs and it lacks; with its owner and its value.
--
-- grain: system, deal_id, field

with contacts as (
    select distinct system, deal_id
    from staging.deal_people
    where person_id <> ''
)

select
    d.system,                                                       -- CRM that holds the deal.
    d.deal_id,                                                      -- Id of the deal in its CRM.
    d.deal_name,                                                    -- Name.
    d.pipeline,                                                     -- Pipeline it stands in.
    d.stage,                                                        -- Stage it stands in.
    d.owner,                                                        -- Owner, by name where known.
    r.field,                                                        -- Field that it lacks.
    d.amount,                                                       -- The value of the deal, in base currency; empty when unknown.
    r.blinds                                                        -- What cannot be measured without the field.
from marts.deals as d
join core.required_fields as r on r.pipeline = d.pipeline and r.stage = d.stage
left join contacts as c on c.system = d.system and c.deal_id = d.deal_id
where
    d.status = 'open'
    and case r.field
        when 'amount' then d.amount is null
        when 'close date' then d.expected_close_on is null
        when 'owner' then coalesce(d.owner, '') = ''
        when 'account' then coalesce(d.account_id, '') = '' and coalesce(trim(d.account), '') = ''
        when 'contact' then c.deal_id is null
        when 'source' then coalesce(d.lead_source, '') = ''
        when 'product' then coalesce(d.product, '') = ''
        when 'type' then coalesce(d.deal_type, '') = ''
        else d.probability is null
    end
