-- One row per rule by which a business person names channels, in the order in which they are tried.
--
-- grain: file, line

select
    rule,                  -- Its place: rules are tried from the smallest on.
    channel,               -- Channel that it names.
    word,                  -- Patterns of the system's own word: a channel, a lead source.
    source,                -- Patterns of the source, as in utm_source.
    medium,                -- Patterns of the medium, as in utm_medium.
    campaign,              -- Patterns of the campaign.
    referrer,              -- Patterns of the referrer's domain.
    click_id,              -- Patterns of the ad platform that counted the click.
    file,                  -- Number of the file.
    line                   -- Line in that file.
from feeds.channel_rules
