-- The core path in SQL that DuckDB and PostgreSQL both read: the newest export of each
-- turn, facts with keys, weeks of each person, levels and moves between them.
create table facts as
with latest as (
    select *, row_number() over (
        partition by platform_code, source_id order by exported_at desc
    ) as version_number
    from delivered
), turns as (
    select * from latest where version_number = 1
)
select
    md5(turns.platform_code || '|' || turns.source_id) as interaction_key,
    md5(turns.platform_code || '|' || turns.author_id) as person_key,
    case when parents.author_id is not null
        then md5(turns.platform_code || '|' || parents.author_id) end as parent_person_key,
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
