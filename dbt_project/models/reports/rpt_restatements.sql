-- Why each figure changed: the first of these causes that holds, with its newest file. A
-- figure that was printed as still being counted was expected to move, unless something
-- was deleted or came late. Which weeks somebody spoke in who was erased since, nobody
-- can tell any more: a file without them speaks for any week.
with

figures as (

    select * from {{ ref('int_figures__restated') }}

),

deletions as (

    select
        fct_deletions.platform_code,
        fct_deletions.created_week,
        case fct_deletions.object_kind_code when 'post' then 'observations' else 'acts' end
            as family_code,
        fct_deletions.source_name,
        fct_deletions.gone_at,
        fct_deletions.file_sha256
    from {{ ref('fct_deletions') }} as fct_deletions
    left join {{ ref('stg_landing__printed_files') }} as read_files
        on fct_deletions.file_sha256 = read_files.file_sha256
    where read_files.file_sha256 is null

),

files as (

    select
        int_files__arrived.*,
        case cause_code
            when 'late_export' then 3
            when 'correction' then 5
            when 'erasure' then 6
            else 7
        end as cause_rank
    from {{ ref('int_files__arrived') }} as int_files__arrived

),

causes as (

    select
        restatement_key,
        1 as cause_rank,
        'definition_change' as cause_code,
        cast(null as varchar) as source_name,
        cast(null as varchar) as file_sha256,
        cast(null as timestamp) as exported_at
    from figures
    where printed_version <> metric_version

    union all

    select
        figures.restatement_key,
        2 as cause_rank,
        'deletion' as cause_code,
        deletions.source_name,
        deletions.file_sha256,
        deletions.gone_at as exported_at
    from figures
    inner join deletions
        on
            figures.restated_week = deletions.created_week
            and figures.family_code = deletions.family_code
            and (
                figures.segment_kind_code <> 'platform'
                or figures.segment_code = deletions.platform_code
            )

    union all

    select
        figures.restatement_key,
        files.cause_rank,
        files.cause_code,
        files.source_name,
        files.file_sha256,
        files.exported_at
    from figures
    inner join files
        on
            (
                figures.restated_week = files.week_start
                or files.cause_code in ('programme_file', 'erasure')
            )
            and (files.family_code is null or figures.family_code = files.family_code)
            and (
                figures.segment_kind_code <> 'platform'
                or files.platform_code is null
                or figures.segment_code = files.platform_code
            )

    union all

    select
        restatement_key,
        case when was_immature then 4 else 8 end as cause_rank,
        case when was_immature then 'still_counted' else 'unexplained' end as cause_code,
        cast(null as varchar) as source_name,
        cast(null as varchar) as file_sha256,
        cast(null as timestamp) as exported_at
    from figures

),

ranked as (

    select
        causes.*,
        row_number() over (
            partition by restatement_key
            order by cause_rank, exported_at desc, file_sha256 desc, source_name
        ) as position_number
    from causes

),

-- One row per figure: how many files speak for its cause.
counted as (

    select
        ranked.restatement_key,
        count(distinct causes.file_sha256) as evidence_file_count
    from ranked
    inner join causes
        on
            ranked.restatement_key = causes.restatement_key
            and ranked.cause_rank = causes.cause_rank
    where ranked.position_number = 1
    group by ranked.restatement_key

)

select
    figures.restatement_key,
    {{ built_week() }} as week_start,
    figures.issue_code,
    figures.metric_id,
    figures.restated_week,
    figures.segment_kind_code,
    figures.segment_code,
    figures.printed_value,
    figures.value,
    round(figures.value - figures.printed_value, 9) as change_value,
    ranked.cause_code,
    ranked.source_name as evidence_source_name,
    ranked.file_sha256 as evidence_file_sha256,
    counted.evidence_file_count
from figures
inner join ranked
    on
        figures.restatement_key = ranked.restatement_key
        and ranked.position_number = 1
inner join counted
    on figures.restatement_key = counted.restatement_key
