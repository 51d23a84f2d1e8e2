-- Words that a text may name, once for all who look for them: keywords of themes, names
-- of the organisation and of whom it tracks. In the form of words_of.
with

phrases as (

    select keyword_text as words_text
    from {{ ref('int_themes__worded') }}

    union

    select keyword_text as words_text
    from {{ ref('int_tracked_entities__worded') }}

    union

    select words_text
    from {{ ref('int_organisation_names__worded') }}

),

listed as (

    select {{ plain_phrase('words_text') }} as phrase
    from phrases
    group by {{ plain_phrase('words_text') }}

)

select
    {{ hash_of('phrase') }} as phrase_key,
    phrase,
    split_part(trim(phrase), ' ', 1) as first_word
from listed
where trim(phrase) <> ''
