{# Where a mention stands: the site of its address, else the kind of page that the tool
   names. Null for anything that is no place of conversation. #}
{% macro mention_platform(url, kind) -%}
    case
        when {{ matches_pattern(url, '(?i)^https?://([^/]+\\.)?(x|twitter)\\.com/') }} then 'x'
        when {{ matches_pattern(url, '(?i)^https?://([^/]+\\.)?reddit\\.com/') }} then 'reddit'
        when {{ matches_pattern(url, '(?i)^https?://([^/]+\\.)?(youtube\\.com|youtu\\.be)/') }} then 'youtube'
        when {{ matches_pattern(url, '(?i)^https?://([^/]+\\.)?facebook\\.com/') }} then 'facebook'
        when {{ matches_pattern(url, '(?i)^https?://([^/]+\\.)?instagram\\.com/') }} then 'instagram'
        when {{ matches_pattern(url, '(?i)^https?://([^/]+\\.)?linkedin\\.com/') }} then 'linkedin'
        when {{ matches_pattern(url, '(?i)^https?://([^/]+\\.)?tiktok\\.com/') }} then 'tiktok'
        when {{ matches_pattern(url, '(?i)^https?://bsky\\.app/') }} then 'bluesky'
        when {{ matches_pattern(kind, '(?i)twitter|^x$') }} then 'x'
        when {{ matches_pattern(kind, '(?i)reddit') }} then 'reddit'
        when {{ matches_pattern(kind, '(?i)youtube') }} then 'youtube'
        when {{ matches_pattern(kind, '(?i)forum|messageboard|message board') }} then 'forum'
        when {{ matches_pattern(kind, '(?i)blog') }} then 'blog'
        when {{ matches_pattern(kind, '(?i)news') }} then 'news'
    end
{%- endmacro %}

{# The platform that a publishing tool means by a network; null for any other. #}
{% macro network_platform(network) -%}
    case
        when {{ matches_pattern(network, '(?i)twitter|^x\\b') }} then 'x'
        when {{ matches_pattern(network, '(?i)facebook') }} then 'facebook'
        when {{ matches_pattern(network, '(?i)instagram') }} then 'instagram'
        when {{ matches_pattern(network, '(?i)linkedin') }} then 'linkedin'
        when {{ matches_pattern(network, '(?i)youtube') }} then 'youtube'
        when {{ matches_pattern(network, '(?i)tiktok') }} then 'tiktok'
    end
{%- endmacro %}

{# The platform's own id of what an address leads to, as its native sources write it;
   null where the address does not hold it. #}
{% macro id_of_url(platform_code, url) -%}
    case {{ platform_code }}
        when 'x' then {{ extract_pattern(url, '(?i)/status(?:es)?/([0-9]+)') }}
        when 'reddit'
            then coalesce(
                't1_' || {{ extract_pattern(url, '/comments/[0-9a-z]+/[^/?#]*/([0-9a-z]{4,})') }},
                't3_' || {{ extract_pattern(url, '/comments/([0-9a-z]+)') }}
            )
        when 'youtube'
            then coalesce(
                {{ extract_pattern(url, '[?&]lc=([0-9A-Za-z_.-]+)') }},
                {{ extract_pattern(url, '(?:[?&]v=|youtu\\.be/|/shorts/|/live/)([0-9A-Za-z_-]{11})') }}
            )
        when 'instagram' then {{ extract_pattern(url, '/(?:p|reel|tv)/([0-9A-Za-z_-]+)') }}
        when 'facebook'
            then {{ extract_pattern(url, '(?:/posts/|/videos/|/reel/|story_fbid=|fbid=)([0-9]+)') }}
        when 'linkedin' then {{ extract_pattern(url, '([0-9]{15,})') }}
        when 'tiktok' then {{ extract_pattern(url, '/video/([0-9]+)') }}
        when 'bluesky' then {{ extract_pattern(url, '/post/([0-9a-z]+)') }}
    end
{%- endmacro %}

{# The same id as a native source writes it: an address of AT Protocol ends with it, and
   Facebook may put the page before it. #}
{% macro id_of_native(platform_code, native_id) -%}
    case {{ platform_code }}
        when 'bluesky' then {{ extract_pattern(native_id, '([^/]+)$') }}
        when 'facebook' then {{ extract_pattern(native_id, '([^_]+)$') }}
        else {{ native_id }}
    end
{%- endmacro %}

{# Where a message can be opened in a browser, from its platform's own id and that of the
   message that opened its conversation; null where no address can be told from them. #}
{% macro message_address(platform_code, source_id, opening_id) -%}
    case
        when {{ matches_pattern(source_id, '^https?://') }} then {{ source_id }}
        when {{ platform_code }} = 'x' and {{ matches_pattern(source_id, '^[0-9]+$') }}
            then 'https://x.com/i/web/status/' || {{ source_id }}
        when {{ platform_code }} = 'reddit' and {{ matches_pattern(source_id, '^t3_') }}
            then 'https://www.reddit.com/comments/' || substr({{ source_id }}, 4)
        when
            {{ platform_code }} = 'reddit'
            and {{ matches_pattern(source_id, '^t1_') }}
            and {{ matches_pattern(opening_id, '^t3_') }}
            then
                'https://www.reddit.com/comments/' || substr({{ opening_id }}, 4)
                || '/comment/' || substr({{ source_id }}, 4)
        when {{ platform_code }} = 'bluesky' and {{ matches_pattern(source_id, '^at://') }}
            then
                'https://bsky.app/profile/' || {{ extract_pattern(source_id, '^at://([^/]+)/') }}
                || '/post/' || {{ extract_pattern(source_id, '([^/]+)$') }}
    end
{%- endmacro %}

{# An address without scheme, campaign tags and closing slash: what two tools share. #}
{% macro bare_url(url) -%}
    {%- set bare = replace_pattern(url, '(?i)^https?://(www\\.|m\\.)?', '') -%}
    {%- set untagged = replace_pattern(bare, '[?&](utm_[a-z]+|fbclid|gclid)=[^&#]*', '') -%}
    {{ replace_pattern(untagged, '/$', '') }}
{%- endmacro %}

{# The path of an address of our own site, in lower case, without host, tags and closing
   slash; null for the front page and for what is no address. #}
{% macro path_of(url) -%}
    {%- set path = 'lower(' ~ extract_pattern(url, '^(?:https?://[^/?#]+)?(/[^?#]*)') ~ ')' -%}
    nullif({{ replace_pattern(path, '/+$', '') }}, '')
{%- endmacro %}

{# The id of a mention: that of the act where its address holds one, else the address, else
   what the tool calls it. #}
{% macro mention_source_id(platform_code, url, tool_code, mention_id) -%}
    coalesce(
        {{ id_of_url(platform_code, url) }},
        {{ bare_url(url) }},
        {{ tool_code }} || '/' || {{ mention_id }}
    )
{%- endmacro %}

{# A message of Discord; older exports give no id. #}
{% macro discord_message_id() -%}
    coalesce(message_id, {{ hash_of("concat_ws('|', channel_id, author_id, cast(sent_at as varchar), body_text)") }})
{%- endmacro %}

{# The id by which landed files know a turn, whatever file it is: a channel of Slack has an
   id in answers of the API and a name in exports, so its messages go by author and moment. #}
{% macro exported_turn_id(platform_code, source_id, account_id) -%}
    case {{ platform_code }}
        when 'slack' then {{ account_id }} || '/' || {{ extract_pattern(source_id, '([^/]+)$') }}
        else {{ id_of_native(platform_code, source_id) }}
    end
{%- endmacro %}
