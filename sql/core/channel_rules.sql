-- One row per rule that names a channel, the first that fits first: those of the company (docs/plans.md), then those that are shipped.
--
-- Shipped are the default channel groups of Google Analytics 4, and the words by which CRMs and generic exports name channels. Patterns are
-- written with * and |; an empty one fits all.
--
-- grain: rule
-- check: channel <> ''

with shipped as (
    select rule, channel, word, source, medium, campaign, referrer, click_id
    from (values
        -- A platform that counted the click was paid for it.
        (1, 'Paid Search', null, null, null, null, null, 'gclid|gbraid|wbraid|msclkid'),
        (2, 'Paid Social', null, null, null, null, null, 'li_fat_id|ttclid|twclid'),
        (3, 'Cross-network', null, null, null, '*cross-network*', null, null),
        (4, 'Paid Search', null, 'google|bing|yahoo|duckduckgo|baidu|yandex|ecosia|adwords', '*cp[cm]*|ppc|retargeting|paid*', null, null, null),
        (5, 'Paid Social', null, 'facebook|fb|meta|instagram|ig|linkedin|twitter|x|tiktok|pinterest|reddit|snapchat|*facebook.com|*linkedin.com', '*cp[cm]*|ppc|retargeting|paid*', null, null, null),
        (6, 'Paid Video', null, 'youtube|vimeo|*youtube.com|*vimeo.com', '*cp[cm]*|ppc|retargeting|paid*', null, null, null),
        (7, 'Display', null, null, 'display|banner|expandable|interstitial|cpm', null, null, null),
        (8, 'Paid Search', null, null, 'paid*search|sem|ppc', null, null, null),
        (9, 'Paid Social', null, null, 'paid*social', null, null, null),
        (10, 'Paid Other', null, null, '*cp[cm]*|ppc|retargeting|paid*', null, null, null),
        (11, 'Organic Social', null, null, 'social|social[- ]*|sm|organic*social', null, null, null),
        (12, 'Organic Social', null, 'facebook|fb|instagram|ig|linkedin|twitter|x|t.co|tiktok|pinterest|reddit|*facebook.com|*linkedin.com|lnkd.in', null, null, null, null),
        (13, 'Organic Video', null, null, '*video*', null, null, null),
        (14, 'Organic Search', null, null, 'organic|organic*search|seo', null, null, null),
        (15, 'Email', null, 'email|e-mail|e mail|newsletter', null, null, null, null),
        (16, 'Email', null, null, 'email|e-mail|e mail|newsletter', null, null, null),
        (17, 'Affiliates', null, null, 'affiliate|affiliates', null, null, null),
        (18, 'Audio', null, null, 'audio|podcast', null, null, null),
        (19, 'SMS', null, 'sms', null, null, null, null),
        (20, 'SMS', null, null, 'sms', null, null, null),
        (21, 'Mobile Push Notifications', null, null, '*push|*mobile*|*notification*', null, null, null),
        (22, 'Organic Search', null, 'google|bing|yahoo|duckduckgo|baidu|yandex|ecosia', null, null, null, null),
        (23, 'Referral', null, null, 'referral|app|link', null, null, null),
        (24, 'Webinar', null, null, 'webinar*', null, null, null),
        (25, 'Event', null, null, 'event*|trade*show*|conference*|seminar*', null, null, null),
        (26, 'Partner', null, null, 'partner*|reseller*', null, null, null),
        (27, 'Display', 'display*|banner*', null, null, null, null, null),
        (28, 'Paid Search', 'paid*search|ppc|sem|google*ads|search*ads|adwords|bing*ads|microsoft*ads|advertisement', null, null, null, null, null),
        (29, 'Paid Social', 'paid*social|facebook*ads|meta*ads|linkedin*ads|social*ads', null, null, null, null, null),
        (30, 'Organic Social', 'social|social*media|organic*social', null, null, null, null, null),
        (31, 'Organic Search', 'organic|organic*search|seo', null, null, null, null, null),
        (32, 'Email', 'email*|e-mail*|newsletter*', null, null, null, null, null),
        (33, 'Webinar', 'webinar*', null, null, null, null, null),
        (34, 'Event', 'event*|trade*show*|tradeshow*|conference*|seminar*', null, null, null, null, null),
        (35, 'Partner', 'partner*|*partner|*partner*referral|reseller*|channel', null, null, null, null, null),
        (36, 'Referral', '*referral*|word*of*mouth|recommendation*', null, null, null, null, null),
        (37, 'Affiliates', 'affiliate*', null, null, null, null, null),
        (38, 'Outbound', 'cold*call*|outbound*|prospecting|purchased*list|sales*generated|phone*inquiry', null, null, null, null, null),
        (39, 'Direct', null, '(direct)|direct', '(not set)|(none)|none|direct', null, null, null),
        (40, 'Direct', 'direct*', null, null, null, null, null),
        -- Where nothing is tagged, the page that somebody came from says it.
        (41, 'Organic Search', null, null, null, null, '*google.*|*bing.com|*duckduckgo.com|*yahoo.*|*ecosia.org|*baidu.com|*yandex.*', null),
        (42, 'Organic Social', null, null, null, null, '*facebook.com|*linkedin.com|*lnkd.in|*instagram.com|*twitter.com|t.co|x.com|*reddit.com|*youtube.com', null),
        (43, 'Referral', null, null, null, null, '?*', null),
        (44, 'Website', 'web*|website*|*inbound*|form*', null, null, null, null, null)
    ) as r (rule, channel, word, source, medium, campaign, referrer, click_id)
),

numbered as (
    select
        row_number() over (order by rule, file, line) - 1000000 as rule, channel, word, source, medium, campaign, referrer, click_id, true as is_own
    from staging.channel_rules
    union all
    select rule, channel, word, source, medium, campaign, referrer, click_id, false
    from shipped
)

select
    rule::bigint as rule,                          -- Its place: the smallest that fits names the channel.
    channel,                                       -- Channel that it names.
    is_own,                                        -- Whether it is the company's own.
    patterns(word) as word,                        -- Regular expression of the system's own word; empty where any will do, as all that follows.
    patterns(source) as source,                    -- Of the source.
    patterns(medium) as medium,                    -- Of the medium.
    patterns(campaign) as campaign,                -- Of the campaign.
    patterns(referrer) as referrer,                -- Of the referrer's domain.
    patterns(click_id) as click_id                 -- Of the kind of click id.
from numbered
