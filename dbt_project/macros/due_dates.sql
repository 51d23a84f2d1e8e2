{# When something is due that a text asks for. What a text says about time is read by
   these few patterns; everything else has no stated date. #}

{# Place of a word among words, from 1; null for any other. Reads its first three letters. #}
{% macro number_of_word(word, words) -%}
    case left(lower({{ word }}), 3)
        {%- for candidate in words %}
        when '{{ candidate[:3] }}' then {{ loop.index }}
        {%- endfor %}
    end
{%- endmacro %}

{% macro due_date_patterns() -%}
    {%- set deadline = "(?:by|before|until|till|due|no later than|not later than|at the latest)" -%}
    {%- set weekday = "(?:mon|tues|wednes|thurs|fri|satur|sun)day" -%}
    {%- set month = "(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)|May" -%}
    {%- set day = "([0-3]?[0-9])(?:st|nd|rd|th)?" -%}
    {%- set day_outside = "[0-3]?[0-9](?:st|nd|rd|th)?" -%}
    {%- set year = "(?:,?\\s+(20[0-9][0-9])\\b)" -%}
    {{ return({
        'iso': "\\b(20[0-9][0-9]-[01][0-9]-[0-3][0-9])\\b",
        'day_first': {
            'day': "\\b" ~ day ~ "\\s+(?:of\\s+)?(?:" ~ month ~ ")\\b",
            'month': "\\b" ~ day_outside ~ "\\s+(?:of\\s+)?(" ~ month ~ ")\\b",
            'year': "\\b" ~ day_outside ~ "\\s+(?:of\\s+)?(?:" ~ month ~ ")\\b" ~ year,
        },
        'month_first': {
            'day': "\\b(?:" ~ month ~ ")\\s+(?:the\\s+)?" ~ day ~ "\\b",
            'month': "\\b(" ~ month ~ ")\\s+(?:the\\s+)?" ~ day_outside ~ "\\b",
            'year': "\\b(?:" ~ month ~ ")\\s+(?:the\\s+)?" ~ day_outside ~ year,
        },
        'today': "(?i)\\b" ~ deadline ~ "\\s+(?:the\\s+end\\s+of\\s+)?(today|tonight|this evening)\\b",
        'tomorrow': "(?i)\\b(tomorrow)\\b",
        'weekday': "(?i)\\b(?:" ~ deadline ~ "|this|coming)\\s+(?:this\\s+|coming\\s+)?(" ~ weekday ~ ")\\b",
        'next_weekday': "(?i)\\bnext\\s+(" ~ weekday ~ ")\\b",
        'this_week': "(?i)\\b((?:end of|later|" ~ deadline ~ ")\\s+(?:the end of\\s+)?(?:the|this) week)\\b",
        'next_week': "(?i)\\b(next week)\\b",
        'this_month': "(?i)\\b((?:end of|later|" ~ deadline ~ ")\\s+(?:the end of\\s+)?(?:the|this) month)\\b",
        'next_month': "(?i)\\b(next month)\\b",
        'within_days': "(?i)\\b(?:within|in)\\s+(?:the next\\s+)?([0-9]{1,2})\\s+(?:working\\s+|business\\s+)?days?\\b",
        'within_weeks': "(?i)\\b(?:within|in)\\s+(?:the next\\s+)?([0-9]{1,2})\\s+weeks?\\b",
        'within_a_week': "(?i)\\b(within (?:a|one|the) week)\\b",
        'within_hours': "(?i)\\bwithin\\s+(?:the next\\s+)?([0-9]{1,2})\\s+hours?\\b",
    }) }}
{%- endmacro %}

{# A day and a month, whichever comes first. Without a year it is the next such day, as
   long as that is less than four months away: who writes "12 May" in June looks back. #}
{% macro named_day(text, day, patterns) -%}
    {%- set number = "cast(" ~ extract_pattern(text, patterns['day']) ~ " as integer)" -%}
    {%- set month = number_of_word(
        extract_pattern(text, patterns['month']),
        ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august',
         'september', 'october', 'november', 'december'],
    ) -%}
    {%- set year = extract_pattern(text, patterns['year']) -%}
    {%- set this_year = date_of("extract(year from " ~ day ~ ")", month, number) -%}
    {%- set next_year = date_of("extract(year from " ~ day ~ ") + 1", month, number) -%}
    case
        when {{ year }} is not null then {{ date_of(year, month, number) }}
        when {{ this_year }} >= {{ day }} then {{ this_year }}
        when {{ next_year }} < {{ days_later(day, 120) }} then {{ next_year }}
    end
{%- endmacro %}

{# Next day with that name after the day itself: "by Monday", said on a Monday, is in a
   week. #}
{% macro named_weekday(word, day) -%}
    {%- set number = number_of_word(
        word, ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
    ) -%}
    {{ days_later(day, "1 + (" ~ number ~ " - " ~ weekday_number(day) ~ " + 6) % 7") }}
{%- endmacro %}

{# Earliest day from `day` on by which a text wants something; null where it names none.
   A day that had passed when it was named says what went wrong, not what is due. #}
{% macro stated_due_date(text, day) %}{{ return(adapter.dispatch('stated_due_date')(text, day)) }}{% endmacro %}
{% macro default__stated_due_date(text, day) -%}
    {%- set patterns = due_date_patterns() -%}
    {%- set week_end = days_later(reporting_week(day), 6) -%}
    {%- set next_week_end = days_later(reporting_week(day), 13) -%}
    {%- set next_weekday = number_of_word(
        extract_pattern(text, patterns['next_weekday']),
        ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
    ) -%}
    {%- set candidates = [
        "try_cast(" ~ extract_pattern(text, patterns['iso']) ~ " as date)",
        named_day(text, day, patterns['day_first']),
        named_day(text, day, patterns['month_first']),
        "case when " ~ matches_pattern(text, patterns['today']) ~ " then " ~ day ~ " end",
        "case when " ~ matches_pattern(text, patterns['tomorrow']) ~ " then " ~ days_later(day, 1) ~ " end",
        named_weekday(extract_pattern(text, patterns['weekday']), day),
        days_later(reporting_week(day), "6 + " ~ next_weekday),
        "case when " ~ matches_pattern(text, patterns['this_week']) ~ " then " ~ week_end ~ " end",
        "case when " ~ matches_pattern(text, patterns['next_week']) ~ " then " ~ next_week_end ~ " end",
        "case when " ~ matches_pattern(text, patterns['this_month']) ~ " then " ~ month_end(day) ~ " end",
        "case when " ~ matches_pattern(text, patterns['next_month']) ~ " then " ~ month_end(days_later(month_end(day), 1)) ~ " end",
        days_later(day, extract_pattern(text, patterns['within_days'])),
        days_later(day, "7 * cast(" ~ extract_pattern(text, patterns['within_weeks']) ~ " as integer)"),
        "case when " ~ matches_pattern(text, patterns['within_a_week']) ~ " then " ~ days_later(day, 7) ~ " end",
        days_later(day, whole_quotient("cast(" ~ extract_pattern(text, patterns['within_hours']) ~ " as integer) + 23", 24)),
    ] -%}
    list_aggregate(
        list_filter(
            [
                {%- for candidate in candidates %}
                {{ candidate }}
                {{- ',' if not loop.last }}
                {%- endfor %}
            ],
            lambda due: due >= {{ day }}
        ),
        'min'
    )
{%- endmacro %}
