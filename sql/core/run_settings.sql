-- One row per setting by which figures are counted: what it was in this run, as one text.
--
-- grain: setting

with run as (
    select base_currency, time_zone, business_time_zone, fiscal_year_begins, holidays, attribution_half_life_days, acquisition_lag_days
    from core.parameters
),

written as (
    select 'base currency' as setting, base_currency as value from run
    union all
    select 'time zone', time_zone from run
    union all
    select 'business time zone', business_time_zone from run
    union all
    select 'first month of the fiscal year', cast(fiscal_year_begins as varchar) from run
    union all
    select 'holidays', holidays from run
    union all
    select 'attribution half-life in days', cast(attribution_half_life_days as varchar) from run
    union all
    select 'acquisition lag in days', cast(acquisition_lag_days as varchar) from run
    union all
    select 'size bands', string_agg(band, ', ' order by low, band) from settings.size_bands
    union all
    select 'stages', string_agg(concat_ws(' ', pipeline, stage_order, stage, kind), ', ' order by pipeline, stage_order, stage) from settings.stages
    union all
    select 'exchange rates', string_agg(concat_ws(' ', currency, rate), ', ' order by currency) from settings.exchange_rates
    union all
    select 'working hours', concat_ws('-', opens_at, closes_at) from settings.follow_up
    union all
    select 'unanswered days', cast(unanswered_days as varchar) from settings.follow_up
    union all
    select 'owner time zones', string_agg(concat_ws(' ', owner, time_zone), ', ' order by owner) from settings.owner_time_zones
    union all
    select 'answer limits', string_agg(concat_ws(' ', lead_source, hours), ', ' order by lead_source) from settings.answer_limits
    union all
    select 'automatic mails', string_agg(pattern, ', ' order by pattern) from settings.automatic_mails
    union all
    select 'test records', string_agg(concat_ws(' ', field, pattern), ', ' order by field, pattern) from settings.test_records
)

select
    setting,                                     -- Which setting.
    coalesce(value, '') as value                 -- What it was; '' where nothing is set.
from written
