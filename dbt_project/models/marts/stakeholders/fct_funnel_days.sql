-- Each person's level on each day on which it can change: the highest rule that holds,
-- whichever lower ones do (nobody is forced through the steps).
with

people as (

    select
        person_number,
        person_key
    from {{ ref('int_funnel_people__numbered') }}

),

activity as (

    select
        person_number,
        evaluated_on,
        has_act,
        is_review,
        last_act_on,
        last_turn_on,
        participating_day_count,
        identified_day_count,
        identified_thread_count,
        scored_text_count,
        mean_compound_score,
        is_observed,
        is_participating,
        is_identified
    from {{ ref('int_funnel_activity__judged') }}

),

contacts as (

    select
        person_number,
        evaluated_on,
        last_reply_on,
        reciprocal_month_count,
        empowered_act_count,
        is_activated,
        is_nurtured,
        is_empowered
    from {{ ref('int_funnel_contacts__judged') }}

),

advocacy as (

    select
        person_number,
        evaluated_on,
        advocacy_act_count,
        advocacy_week_count,
        engaged_people_count,
        is_advocate
    from {{ ref('int_funnel_advocacy__judged') }}

),

joined as (

    select
        activity.*,
        contacts.last_reply_on,
        coalesce(contacts.reciprocal_month_count, 0) as reciprocal_month_count,
        coalesce(contacts.empowered_act_count, 0) as empowered_act_count,
        coalesce(advocacy.advocacy_act_count, 0) as advocacy_act_count,
        coalesce(advocacy.advocacy_week_count, 0) as advocacy_week_count,
        coalesce(advocacy.engaged_people_count, 0) as engaged_people_count,
        coalesce(contacts.is_activated, false) as is_activated,
        coalesce(contacts.is_nurtured, false) as is_nurtured,
        coalesce(contacts.is_empowered, false) as is_empowered,
        coalesce(advocacy.is_advocate, false) as is_advocate,
        people.person_key
    from activity
    inner join people
        on activity.person_number = people.person_number
    left join contacts
        on
            activity.person_number = contacts.person_number
            and activity.evaluated_on = contacts.evaluated_on
    left join advocacy
        on
            activity.person_number = advocacy.person_number
            and activity.evaluated_on = advocacy.evaluated_on

),

levelled as (

    select
        person_key,
        person_number,
        evaluated_on,
        has_act,
        is_review,
        cast(case
            when is_advocate then 6
            when is_empowered then 5
            when is_nurtured then 4
            when is_activated then 3
            when is_identified then 2
            when is_participating then 1
            when is_observed then 0
        end as bigint) as level_number,
        is_participating,
        is_identified,
        is_activated,
        is_nurtured,
        is_empowered,
        is_advocate,
        last_act_on,
        last_turn_on,
        participating_day_count,
        identified_day_count,
        identified_thread_count,
        scored_text_count,
        mean_compound_score,
        last_reply_on,
        reciprocal_month_count,
        empowered_act_count,
        advocacy_act_count,
        advocacy_week_count,
        engaged_people_count
    from joined

)

select * from levelled
