-- heartshare: public topics, for Discourse's Data Explorer. Run it, download the result as
-- CSV and put the file into the forum's inbox folder. A result ends at 10,000 rows: raise
-- page_number until a file comes out with fewer.
-- [params]
-- date :from_day = 2026-01-01
-- int :page_number = 0
select
    topics.id as topic_id,
    topics.title as topic_title,
    topics.slug as topic_slug,
    topics.category_id,
    topics.archetype as topic_archetype,
    to_char(topics.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as created_at,
    topics.posts_count,
    topics.views as view_count,
    topics.like_count,
    visible_posts.post_ids_json
from topics
inner join (
    select
        posts.topic_id,
        json_agg(posts.id order by posts.post_number) as post_ids_json
    from posts
    where posts.deleted_at is null and posts.post_type <> 4
    group by posts.topic_id
) as visible_posts on topics.id = visible_posts.topic_id
left join categories on topics.category_id = categories.id
where
    topics.archetype = 'regular'
    and not coalesce(categories.read_restricted, false)
    and topics.bumped_at >= :from_day
order by topics.id
limit 10000
offset :page_number * 10000
