-- One row per way in which exports say where something came from, with the channel that the first fitting rule names.
--
-- Words are those of touches, of lead sources and of spend (of a platform without channels its name), in lower case.
--
-- grain: word, source, medium, campaign, referrer, click_id
-- check: channel <> ''

with said as (
    select
        touch_word(channel) as word, touch_word(source) as source, touch_word(medium) as medium, touch_word(campaign_id) as campaign,
        referring_domain(referrer) as referrer, touch_word(click_kind(system, click_id, page)) as click_id
    from staging.touches
    union
    select touch_word(lead_source), '', '', '', '', '' from staging.people
    union
    select touch_word(lead_source), '', '', '', '', '' from staging.deals
    union
    select touch_word(channel), '', '', '', '', '' from staging.campaigns
    union
    select touch_word(coalesce(nullif(channel, ''), system)), '', '', touch_word(coalesce(campaign_name, campaign_id)), '', '' from staging.spend
),

-- What no pattern asks about need not be compared.
fitting as (
    select s.*, min(r.rule) as rule
    from said as s
    left join core.channel_rules as r
        on (r.word is null or regexp_full_match(s.word, r.word))
        and (r.source is null or regexp_full_match(s.source, r.source))
        and (r.medium is null or regexp_full_match(s.medium, r.medium))
        and (r.campaign is null or regexp_full_match(s.campaign, r.campaign))
        and (r.referrer is null or regexp_full_match(s.referrer, r.referrer))
        and (r.click_id is null or regexp_full_match(s.click_id, r.click_id))
    group by all
)

select
    f.word,                                        -- The system's own word: a channel, a lead source; '' for none, as in all that follows.
    f.source,                                      -- Source, as in utm_source.
    f.medium,                                      -- Medium, as in utm_medium.
    f.campaign,                                    -- Campaign, by id or name.
    f.referrer,                                    -- Domain of the page it came from.
    f.click_id,                                    -- Kind of the ad platform's click id.
    coalesce(r.channel, case when concat(f.word, f.source, f.medium, f.referrer, f.click_id) = '' then 'Unknown' else 'Unassigned' end) as channel,  -- Channel: of the rule, Unassigned where none fits, Unknown where nothing is said.
    f.rule                                         -- The rule of core.channel_rules that named it; empty where none fits.
from fitting as f
left join core.channel_rules as r on r.rule = f.rule
