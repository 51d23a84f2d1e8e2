-- The weekly table is built from days, this count from the facts: both must agree.
with

tagged as (

    select
        interactions.occurred_week as week_start,
        themes.theme_code,
        count(*) as mention_count
    from {{ ref('fct_interaction_themes') }} as themes
    inner join {{ ref('fct_interactions') }} as interactions
        on themes.interaction_key = interactions.interaction_key
    where interactions.actor_class_code = 'stakeholder'
    group by
        interactions.occurred_week,
        themes.theme_code

)

select *
from {{ ref('agg_weekly_topics') }} as topics
full outer join tagged
    on
        topics.week_start = tagged.week_start
        and topics.theme_code = tagged.theme_code
where coalesce(topics.mention_count, 0) <> coalesce(tagged.mention_count, 0)
