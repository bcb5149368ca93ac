-- One row per system and kind of export, and per system (`all`): when it was last heard of, and whether it has been silent too long.
--
-- A kind of export that has gone from the folder stays here, and so does a source that the settings await and nobody sent.
--
-- grain: system, object
-- check: days_silent is null or days_silent >= 0
-- check: is_silent or says is null

with looked as (
    select coalesce(as_of, started_at) as looked_at
    from settings.run
),

events as (
    select file, max(newest) as newest_event_at
    from rejects.filled
    where column_name in (
        'assigned_at', 'changed_at', 'collected_at', 'completed_at', 'converted_on', 'created_at', 'done_at', 'entered_at', 'event_on',
        'joined_at', 'last_active_at', 'lost_at', 'merged_at', 'occurred_at', 'rate_on', 'responded_on', 'sent_at', 'spent_on',
        'spent_to', 'stage_changed_at', 'submitted_at', 'updated_at', 'won_at'
    )
    group by file
),

found as (
    select
        s.system, s.object, count(*) as files, max(coalesce(s.dated, s.modified)) as newest_file_at, max(e.newest_event_at) as newest_event_at
    from rejects.survey as s
    left join events as e on e.file = s.file
    where s.status = 'read'
    group by s.system, s.object
),

known as (
    select system, object, files, newest_file_at, newest_event_at
    from found
    union all
    select p.system, p.object, 0, p.newest_file_at, p.newest_event_at
    from previous.sources as p
    where p.object <> 'all' and not exists (select 1 from found as f where f.system = p.system and f.object = p.object)
),

heard as (
    select system, object, files, newest_file_at, newest_event_at, coalesce(newest_event_at, newest_file_at) as heard_at
    from known
    union all
    select system, 'all', sum(files), max(newest_file_at), max(newest_event_at), max(coalesce(newest_event_at, newest_file_at))
    from known
    group by system
    union all
    -- Awaited by its name, and never heard of: it may be misspelt, too.
    select source, 'all', 0, null, null, null
    from settings.silent_after
    where source <> '*' and source not in (select system from known union all select system || '_' || object from known)
),

judged as (
    select
        h.*, l.looked_at,
        greatest(0, date_diff('microsecond', h.heard_at, l.looked_at) / 86400000000.0) as since_heard,
        -- Plans are written by hand, when there is something to plan.
        coalesce(own.days, case when h.object = 'all' and h.system <> 'plans' then others.days end) as limit_days
    from heard as h
    cross join looked as l
    left join settings.silent_after as own on own.source = case when h.object = 'all' then h.system else h.system || '_' || h.object end
    left join settings.silent_after as others on others.source = '*'
)

select
    system,                                                         -- System that writes the exports.
    object,                                                         -- What they hold; `all` for the system as a whole.
    files::bigint as files,                                         -- Files of it in the exports folder.
    newest_file_at,                                                 -- Newest delivery: the date in a file's name, else its modification (UTC).
    newest_event_at,                                                -- Newest event in its records, where they bear one.
    heard_at,                                                       -- The newest event, else the newest delivery; empty: never.
    case when heard_at is not null then since_heard end as days_silent, -- Days from then to as-of where that was asked for, else to the start of the run.
    limit_days,                                                     -- After how many days the settings call that silent; empty: never.
    limit_days is not null and (heard_at is null or since_heard > limit_days) as is_silent, -- Whether it has been silent for longer than that.
    case
        when limit_days is null then null
        when heard_at is null then system || ' has sent nothing yet'
        when since_heard > limit_days
            then concat(system, case when object <> 'all' then ' ' || object else '' end, ' has sent nothing for ', cast(floor(since_heard) as bigint), ' days')
    end as says                                                     -- The same in words; empty where all is well.
from judged
