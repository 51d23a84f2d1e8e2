{# The first turn above each turn: follows parent_id up, also to a parent that is not in
   the relation, at most 500 turns. For a model that begins with `with recursive`; makes
   the CTEs climbed and thread_roots (source_id, root_id), one row per turn. #}
{% macro thread_roots(turns) %}{{ return(adapter.dispatch('thread_roots')(turns)) }}{% endmacro %}
{% macro default__thread_roots(turns) -%}
climbed as (

    select
        source_id,
        coalesce(parent_id, source_id) as ancestor_id,
        1 as step_number
    from {{ turns }}

    union all

    select
        climbed.source_id,
        parents.parent_id as ancestor_id,
        climbed.step_number + 1 as step_number
    from climbed
    inner join {{ turns }} as parents
        on climbed.ancestor_id = parents.source_id
    where
        parents.parent_id is not null
        and climbed.step_number < 500

),

thread_roots as (

    select
        source_id,
        max_by(ancestor_id, step_number) as root_id
    from climbed
    group by source_id

)
{%- endmacro %}
