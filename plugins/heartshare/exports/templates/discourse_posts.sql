-- heartshare: posts of public topics, for Discourse's Data Explorer. Run it, download the
-- result as CSV and put the file into the forum's inbox folder. A result ends at 10,000
-- rows: raise page_number until a file comes out with fewer.
-- [params]
-- date :from_day = 2026-01-01
-- int :page_number = 0
select
    posts.id as post_id,
    posts.topic_id,
    topics.archetype as topic_archetype,
    posts.post_number,
    posts.post_type,
    posts.reply_to_post_number,
    posts.user_id,
    users.username,
    users.name as display_name,
    posts.cooked as cooked_html,
    to_char(posts.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as created_at,
    to_char(posts.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as updated_at,
    posts.like_count,
    posts.reply_count,
    posts.reads as read_count,
    case when users.admin or users.moderator then 'true' else 'false' end as is_staff,
    case when users.moderator then 'true' else 'false' end as is_moderator,
    case when users.admin then 'true' else 'false' end as is_admin,
    users.trust_level,
    to_char(posts.deleted_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as deleted_at,
    case when posts.user_deleted then 'true' else 'false' end as is_user_deleted,
    posts.version as version_number
from posts
inner join topics on posts.topic_id = topics.id
left join users on posts.user_id = users.id
left join categories on topics.category_id = categories.id
where
    topics.archetype = 'regular'
    and posts.post_type <> 4
    and not coalesce(categories.read_restricted, false)
    and posts.updated_at >= :from_day
order by posts.id
limit 10000
offset :page_number * 10000
