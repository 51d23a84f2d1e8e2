-- The core path in SQL that DuckDB and PostgreSQL both read: the newest export of each
-- turn (no export holds one twice), facts with keys and the person answered, weeks of
-- each person, levels and moves between them.
create table turns as
select delivered.*
from delivered
inner join (
    select platform_code, source_id, max(exported_at) as exported_at
    from delivered
    group by platform_code, source_id
) as newest
    on delivered.platform_code = newest.platform_code
    and delivered.source_id = newest.source_id
    and delivered.exported_at = newest.exported_at;

create table facts as
select
    turns.platform_code || '|' || turns.source_id as interaction_key,
    turns.platform_code || '|' || turns.author_id as person_key,
    turns.platform_code || '|' || parents.author_id as parent_person_key,
    turns.platform_code,
    turns.thread_id,
    turns.score_count,
    cast(date_trunc('week', turns.occurred_at) as date) as occurred_week
from turns
left join turns as parents
    on turns.platform_code = parents.platform_code
    and turns.parent_id = parents.source_id;

create table person_weeks as
select
    person_key,
    occurred_week,
    count(*) as act_count,
    count(parent_person_key) as reply_count,
    sum(score_count) as score_sum
from facts
group by person_key, occurred_week;

create table funnel as
with active as (
    select *, count(*) over (
        partition by person_key order by occurred_week
        range between interval '49' day preceding and current row
    ) as active_weeks
    from person_weeks
), levelled as (
    select *, case when active_weeks >= 4 then 2 when active_weeks >= 2 then 1 else 0 end
        as level_number
    from active
)
select *, lag(level_number) over (partition by person_key order by occurred_week)
    as previous_level
from levelled;
