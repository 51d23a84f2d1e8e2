"""Two years of a community, made by rule, in the raw tables that staging reads.

Turns stand in threads of up to about 70 on three platforms. People write by a law of
Zipf and Mandelbrot: the busiest one a five-hundredth of all turns, most only once or
twice. A fifth of the threads is delivered a second time by the export of the next week,
with other numbers of likes, so that duplicates must be found. Three in ten texts are
different; their scores are made as well, because scoring is measured elsewhere.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from heartshare.exports.raw_tables import create_raw_tables
from heartshare.listening.score_tables import create_score_tables

if TYPE_CHECKING:
    import duckdb

WEEKS = 104
FIRST_WEEK = date(2024, 11, 11)
PEOPLE_PER_PLATFORM = 300_000
#: How evenly people write: with 0 the first of them would write a twelfth of it all.
FLATNESS = 50
STAFF, EMPLOYEES = 20, 40

# What is said, and how it scores; {s} is a subject, {p} a place, {n} a number.
PHRASES = (
    ("When does the {s} at {p} open, and who do I ask about number {n}?", 0.0),
    ("Could you please look at the {s} near {p}, number {n}?", 0.32),
    ("The {s} at {p} failed again at number {n}, this is terrible.", -0.77),
    ("Nobody came about the {s} in {p}. It is broken since week {n}.", -0.48),
    ("Thank you, the {s} at {p} number {n} is great now.", 0.77),
    ("I love the new {s} in {p}, all {n} of us do.", 0.64),
    ("I recommend Rivermark for the {s} at {p}, they solved case {n}.", 0.52),
    ("Perhaps you should move the {s} from {p} to number {n}.", 0.0),
    ("The {s} at {p} is planned for number {n} in spring.", 0.0),
    ("It was the {s} at {p} again, {n} people saw it.", 0.0),
    ("I agree about the {s} in {p}, number {n} looks good.", 0.66),
    ("Why is the {s} at {p} still closed after {n} days?", 0.0),
)
SUBJECTS = (
    "parking permit", "pothole", "street light", "playground", "dog run", "bins",
    "brown bin", "compost", "bottle bank", "login", "online form", "website",
    "library", "summer fair", "cycle lane", "bus stop", "school gate", "market",
    "canal path", "flower beds", "permit renewal", "roadworks", "crossing",
    "newsletter",
)  # fmt: skip
PLACES = (
    "Larkhill", "Northgate", "Alder Row", "Ferry Steps", "Lower Weir", "Quayside",
    "Lantern Hill", "Saltmarsh End", "Station Parade", "Tanner Street", "Mill Bank",
    "Old Dock", "Priory Green", "Rope Walk", "Harbour Rise", "Chapel Fields",
)  # fmt: skip
THEMES = {
    "permits": "permit|parking permit|permit renewal",
    "streets": "pothole|street light|crossing|roadworks",
    "parks": "playground|dog run|canal path|flower beds",
    "recycling": "bins|brown bin|compost|bottle bank",
    "digital": "login|online form|website",
}


def _list(values: tuple[object, ...]) -> str:
    return "[" + ", ".join(repr(value) for value in values) + "]"


def _turns(events: int) -> str:
    """Return the statement that makes one row per turn, the extra week included.

    DuckDB's hash is the source of chance: seeded by the salt, the same at every run.
    """

    def chance(seed: str, salt: int) -> str:
        return f"((hash({seed}, {salt}) % 1000003) / 1000003.0)"

    seconds = WEEKS * 7 * 86_400
    flat, people = FLATNESS, PEOPLE_PER_PLATFORM
    person = (
        f"cast(floor({flat} * exp(luck * ln(({people} + {flat}) / {flat}.0)) - {flat}) "
        "as bigint)"
    )
    distinct = max(events * 3 // 10, 1)
    return f"""
create table turns as
with numbered as (
    select range as i, cast(range // 1000 * 200
        + floor(200 * pow({chance("range", 1)}, 2)) as bigint) as thread_number
    from range({events + events // WEEKS})
), placed as (
    select *, row_number() over (partition by thread_number order by i) as position,
        hash(thread_number, 2) % 100 as lot, {chance("i", 3)} as role,
        cast(hash(i, 4) % {distinct} as bigint) as said
    from numbered
), cast_ as (
    select i, thread_number, position, said,
        case when lot < 45 then 'discourse' when lot < 85 then 'reddit'
            else 'support' end as platform_code,
        case
            when position > 1 and role < 0.12 then 'org'
            when position > 1 and role < 0.15 then 'employee'
            else 'person'
        end as cast_code,
        case when position = 1 or {chance("i", 5)} < 0.3
            then {chance("thread_number", 6)} else {chance("i", 6)} end as luck,
        case when position = 1 then null when {chance("i", 7)} < 0.3 then 1
            else 1 + cast(floor({chance("i", 8)} * (position - 1)) as bigint) end
            as parent_position
    from placed
), told as (
    select *,
        case cast_code
            when 'org' then 9000000 + cast(floor(luck * {STAFF}) as bigint)
            when 'employee' then 9100000 + cast(floor(luck * {EMPLOYEES}) as bigint)
            else {person}
        end as author_number,
        said % {len(PHRASES)} as phrase
    from cast_
)
select told.i, told.thread_number, told.position, told.platform_code, told.cast_code,
    told.author_number, parents.i as parent_i, told.parent_position,
    date '{FIRST_WEEK}' + to_microseconds(cast(told.i * ({seconds}000000.0 / {events})
        as bigint)) as occurred_at,
    case when told.cast_code = 'org' and told.said % 3 = 0 and parents.i is not null
        then '@user' || parents.author_number || ' ' else '' end
    || replace(replace(replace(
        {_list(tuple(p for p, _ in PHRASES))}[1 + told.phrase],
        '{{s}}', {_list(SUBJECTS)}[1 + (told.said // 12) % {len(SUBJECTS)}]),
        '{{p}}', {_list(PLACES)}[1 + (told.said // 288) % {len(PLACES)}]),
        '{{n}}', cast(told.said // 4608 as varchar)) as body_text,
    {_list(tuple(s for _, s in PHRASES))}[1 + told.phrase] as compound_score,
    hash(told.thread_number, 9) % 5 = 0 as is_redelivered
from told
left join told as parents
    on told.thread_number = parents.thread_number
    and told.parent_position = parents.position
order by told.i
"""


_DELIVERED = """
create or replace table delivered as
select *, cast(date_trunc('week', occurred_at) as date) as file_week, 0 as delivery
from turns
where date_trunc('week', occurred_at) between ? and ?
union all
select *, cast(date_trunc('week', occurred_at) as date) + 7 as file_week, 1 as delivery
from turns
where is_redelivered
    and date_trunc('week', occurred_at) + interval 7 day between ? and ?
"""
# Provenance of a row: the file of its week, made the Monday after at three.
_FILE = """
md5('{table}' || file_week) as _file_sha256, i as _row_number,
'{source}' as _source_name,
file_week + interval 171 hour as _exported_at, file_week as _period_start,
file_week + 6 as _period_end
"""
_TABLES = (
    (
        "discourse__posts", "discourse/topic", "discourse_community", "discourse",
        "true",
        """'regular' as archetype_code, '1' as post_type_code,
        cast(i as varchar) as post_id, cast(thread_number as varchar) as topic_id,
        position as post_number, parent_position as reply_to_post_number,
        cast(author_number as varchar) as user_id, 'user' || author_number as username,
        body_text as post_text, occurred_at as created_at,
        cast(hash(i, delivery) % 9 as bigint) as like_count, false as is_admin,
        false as is_user_deleted""",
    ),
    (
        "discourse__topics", "discourse/topic", "discourse_community", "discourse",
        "position = 1",
        """cast(thread_number as varchar) as topic_id,
        'News of thread ' || thread_number as title_text, occurred_at as created_at""",
    ),
    (
        "reddit__submissions", "reddit/submissions", "reddit_community", "reddit",
        "position = 1",
        """'s' || i as submission_id, 't3_' || i as fullname,
        'RivermarkCity' as subreddit_name, 'user' || author_number as author_name,
        't2_' || author_number as author_fullname,
        'News of thread ' || thread_number as title_text, body_text,
        cast(hash(i, delivery) % 9 as bigint) as score_count, occurred_at as created_at,
        false as is_edited""",
    ),
    (
        "reddit__comments", "reddit/comments", "reddit_community", "reddit",
        "position > 1",
        """'c' || i as comment_id, 't1_' || i as fullname,
        case when parent_position = 1 then 't3_' else 't1_' end || parent_i
            as parent_fullname, 't3_' || first_i as link_fullname,
        'RivermarkCity' as subreddit_name, 'user' || author_number as author_name,
        't2_' || author_number as author_fullname, body_text,
        cast(hash(i, delivery) % 9 as bigint) as score_count, occurred_at as created_at,
        false as is_edited""",
    ),
    (
        "support__tweets", "support/tweets", "support_archive", "support", "true",
        """cast(i as varchar) as tweet_id,
        case when cast_code = 'person' then '' else 'rivermark' end || author_number
            as author_id, cast_code = 'person' as is_inbound, occurred_at as created_at,
        body_text, cast(parent_i as varchar) as reply_to_tweet_id""",
    ),
)  # fmt: skip
_MANIFEST = """
insert into raw.export_manifest by name
select _file_sha256 as file_sha256, _source_name as source_name,
    '{table}_' || _period_start || '.csv' as original_name,
    '{contract}' as contract_code, '1' as contract_version,
    max(_exported_at) as exported_at, max(_period_start) as period_start,
    max(_period_end) as period_end, count(*) as rows_in, count(*) as rows_landed,
    0 as rows_rejected, 'loaded' as status_code
from raw.{table}
where _period_start between ? and ?
group by _file_sha256, _source_name, _period_start
"""
_SCORES = """
insert into raw.listening__text_scores by name
select md5(body_text) as text_hash, 'made' as scorer_version,
    'made' as normaliser_version, 'made' as detector_version, 'en' as language_code,
    'english' as language_bucket_code,
    max(compound_score) as compound_score, max(compound_score) as compound_raw_score,
    0 as positive_ratio, 1 as neutral_ratio, 0 as negative_ratio,
    max(length(body_text)) as character_count, false as was_truncated
from delivered
group by body_text
on conflict do nothing
"""
_SENTENCES = """
insert into raw.listening__sentence_scores by name
select scores.text_hash, scores.scorer_version, scores.normaliser_version,
    1 as sentence_number, 1 as first_character, scores.character_count,
    scores.compound_score
from raw.listening__text_scores as scores
anti join raw.listening__sentence_scores as known using (text_hash)
"""


def make_world(connection: duckdb.DuckDBPyConnection, events: int) -> None:
    """Create the raw tables, every turn, and the exports of the first 104 weeks."""
    create_raw_tables(connection)
    create_score_tables(connection)
    connection.execute(_turns(events))
    connection.execute(
        "alter table turns add column first_i bigint; "
        "update turns set first_i = opened.i "
        "from (select i, thread_number from turns where position = 1) as opened "
        "where turns.thread_number = opened.thread_number"
    )
    _programme(connection)
    deliver(connection, FIRST_WEEK, FIRST_WEEK + timedelta(weeks=WEEKS - 1))


def deliver(connection: duckdb.DuckDBPyConnection, first: date, last: date) -> None:
    """Fill the raw tables with the exports of the weeks from one Monday to another."""
    connection.execute(_DELIVERED, [first, last, first, last])
    for table, contract, source, platform, condition, columns in _TABLES:
        connection.execute(
            f"insert into raw.{table} by name select "
            f"{_FILE.format(table=table, source=source)}, {columns} "
            f"from delivered where platform_code = '{platform}' and {condition}"
        )
        made = _MANIFEST.format(table=table, contract=contract)
        connection.execute(f"{made} on conflict do nothing", [first, last])
    connection.execute(_SCORES)
    connection.execute(_SENTENCES)
    connection.execute("drop table delivered")
    connection.execute("checkpoint")


def _programme(connection: duckdb.DuckDBPyConnection) -> None:
    """Land the programme's own files: who we are, our themes, whom we called."""
    file = (
        "md5('{0}') as _file_sha256, row_number() over () as _row_number, "
        "'programme' as _source_name, timestamp '2024-11-11 03:00' as _exported_at, "
    )
    connection.execute(
        f"insert into raw.programme__owned_accounts by name select "
        f"{file.format('owned')} platform_code, prefix || (first + n) as account_id, "
        "handle || (first + n) as account_handle, 'Rivermark' || n as account_name, "
        "role as actor_class_code, role || n as employee_code, "
        f"platform_code as source_name, date '{FIRST_WEEK}' as valid_from "
        "from (values ('discourse', '', 'user'), ('reddit', 't2_', 'user'), "
        "('support', 'rivermark', 'rivermark')) "
        "as grounds (platform_code, prefix, handle) "
        f"cross join (values ('org', 9000000, {STAFF}), ('employee', 9100000, "
        f"{EMPLOYEES})) as roles (role, first, size) cross join range(40) as r (n) "
        "where n < size"
    )
    themes = ", ".join(f"('{code}', '{words}')" for code, words in THEMES.items())
    connection.execute(
        f"insert into raw.programme__strategy_themes by name select "
        f"{file.format('themes')} code as theme_code, code as theme_name, "
        f"0.2 as weight_ratio, words as keywords, date '{FIRST_WEEK}' as valid_from "
        f"from (values {themes}) as themes (code, words)"
    )
    connection.execute(
        f"insert into raw.programme__employee_roster by name select "
        f"{file.format('roster')} 'employee' || n as employee_code, 'Name ' || n as "
        f"display_name, true as has_opted_in, date '{FIRST_WEEK}' as opted_in_on, "
        "'discourse' as platform_code, 9100000 + n as account_id "
        f"from range({EMPLOYEES}) as r (n)"
    )
    connection.execute(
        f"insert into raw.programme__outreach_log by name select "
        f"{file.format('outreach')} 'L' || i as entry_id, "
        "case when i % 3 = 0 then 'empowerment' else 'outreach' end "
        "as entry_kind_code, "
        "platform_code, case platform_code when 'reddit' then 't2_' else '' end "
        "|| author_number as account_id, "
        "occurred_at + interval 1 hour as contacted_at, "
        "case when i % 3 = 0 then 'kit' end as empowerment_code, "
        "'phone' as channel_name "
        "from turns where cast_code = 'person' and hash(i, 10) % 400 = 0"
    )
