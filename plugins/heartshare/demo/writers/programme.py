"""The agency's own programme files: accounts, themes, aims, roster, logs, readings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heartshare.demo import audience, community, people, story, workplace
from heartshare.demo.writers.export_file import ExportFile, csv_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from heartshare.weeks import ReportingWeek

SOURCE = "programme"
HEADERS = {
    "owned_accounts": "platform_code,account_id,account_handle,account_name,"
    "actor_class_code,employee_code,source_name,valid_from",
    "strategy_themes": "theme_code,theme_name,weight_ratio,keywords,owner_name,"
    "valid_from,valid_to",
    "objectives": "objective_code,objective_name,outcome_code,metric_id,"
    "audience_name,baseline_value,target_value,baseline_recorded_on,due_on,owner_name",
    "employee_roster": "employee_code,display_name,team_name,has_opted_in,"
    "opted_in_on,platform_code,account_id,account_handle,email,opted_out_on",
    "employee_acts": "employee_code,platform_code,act_code,acted_at,content_url,"
    "has_commentary",
    "employee_networks": "employee_code,platform_code,counted_on,connection_count",
    "tracked_entities": "entity_code,entity_name,is_own,keywords,valid_from,valid_to",
    "suggestion_responses": "suggestion_code,suggested_week,kind_code,theme_code,"
    "response_code,responded_at,responded_by,note",
    "outreach_log": "entry_id,entry_kind_code,platform_code,account_id,contacted_at,"
    "employee_code,channel_name,empowerment_code,note",
    "follower_counts": "platform_code,account_handle,counted_on,follower_count",
    "report_recipients": "email_address,recipient_name,role_code,sections,"
    "valid_from,valid_until",
    "collateral_downloads": "downloaded_at,asset_name,page_url,utm_source,utm_medium,"
    "utm_campaign,utm_content,contact_record_id",
}
_VALID_FROM = "2026-01-01"
_CHANNEL_PLATFORMS = ("facebook", "instagram", "x", "linkedin", "youtube")
_OBJECTIVES = (
    (
        "known",
        "More people speak of us unprompted",
        "mindshare",
        "unprompted_mention_authors",
        "Residents",
        5,
        50,
        "Sunniva Oakhollow",
    ),
    (
        "liked",
        "More people speak well of us than ill",
        "heartshare",
        "favourability",
        "Residents",
        0.50,
        0.90,
        "Ines Fallowby",
    ),
    (
        "used",
        "More people act on what we offer",
        "action",
        "actions_taken",
        "Residents",
        30,
        50,
        "Marek Thornequist",
    ),
    (
        "advocated",
        "Advocates of city services",
        "heartshare",
        "advocates",
        "Community",
        0,
        60,
        "Orla Tessaline",
    ),
)
_RECIPIENTS = (
    ("director@example.org", "Aurelia Castlemoor", "leadership", "all"),
    ("communications@example.org", "Bastien Rookwood", "leadership", "all"),
    ("community@example.org", "Orla Tessaline", "community", "all"),
    ("data@example.org", "Marek Thornequist", "owner", "all"),
)
#: Weeks in which the roster is handed in again.
_ROSTER_CHANGES = frozenset(
    type(story.FIRST_WEEK).containing(day)
    for day in (workplace.JOINED_ON, workplace.OPTED_OUT_ON)
)
_TRACKED_ENTITIES = (
    ("rivermark", story.AGENCY, "true", "rivermark|rivermark city services"),
    ("otterbridge", "Otterbridge Borough Services", "false", "otterbridge"),
    ("hollowford", "Hollowford Town Works", "false", "hollowford"),
)
#: Week and position of a download whose moment is unreadable.
_SPOILT_DOWNLOAD = {15: 300}


def standing_files() -> Iterator[ExportFile]:
    """Yield the files that are handed in once, with the first week."""
    tables: dict[str, list] = {
        "owned_accounts": _owned_accounts(),
        "strategy_themes": _strategy_themes(),
        "objectives": [
            (*row[:7], "2026-01-12", "2026-12-31", row[7]) for row in _OBJECTIVES
        ],
        "employee_roster": _roster(story.FIRST_WEEK),
        "report_recipients": [(*row, _VALID_FROM, "") for row in _RECIPIENTS],
        "tracked_entities": [(*row, _VALID_FROM, "") for row in _TRACKED_ENTITIES],
    }
    for minute, (table, rows) in enumerate(tables.items()):
        moment = story.export_moment(story.FIRST_WEEK, minute)
        yield _file(table, f"{table}.csv", rows, moment)


def weekly_files(week: ReportingWeek) -> Iterator[ExportFile]:
    """Yield the growing logs as they stand at the end of a week."""
    end = week.ends_at(story.ZONE)
    spoilt = _SPOILT_DOWNLOAD.get(story.week_index(week))
    tables: dict[str, list] = {
        "outreach_log": _outreach(end),
        "follower_counts": _follower_counts(week),
        "collateral_downloads": _downloads(end),
        "employee_acts": _employee_acts(end),
        "employee_networks": _employee_networks(week),
    }
    if week in _ROSTER_CHANGES:
        tables["employee_roster"] = _roster(week)
    if spoilt is not None:
        tables["collateral_downloads"][spoilt][0] = "yesterday"
    for minute, (table, rows) in enumerate(tables.items(), start=57):
        moment = story.export_moment(week, minute)
        yield _file(table, f"{table}_{week.label}.csv", rows, moment)


def responses_file(week: ReportingWeek, rows: list[tuple]) -> ExportFile:
    """Return what managers did with a week's suggestions, known a week later."""
    moment = story.export_moment(week.shift(1), 90)
    name = f"suggestion_responses_{week.label}.csv"
    return _file("suggestion_responses", name, rows, moment)


def _file(table: str, name: str, rows: list, moment: datetime) -> ExportFile:
    content = csv_bytes(HEADERS[table].split(","), rows)
    return ExportFile(SOURCE, name, content, moment)


def _owned_accounts() -> list[tuple]:
    rows: list[tuple] = [
        (
            platform,
            "",
            story.HANDLE,
            story.AGENCY,
            "org",
            "",
            f"{platform}_{story.HANDLE}",
            _VALID_FROM,
        )
        for platform in _CHANNEL_PLATFORMS
    ]
    members = [*people.staff(), *people.employees()[: people.OPTED_IN_COUNT]]
    for person in [*members, people.bot()]:
        rows.append(
            (
                person.platform,
                person.account_id,
                person.handle,
                person.display_name,
                person.actor_class,
                person.employee_code,
                f"{person.platform}_community",
                _VALID_FROM,
            )
        )
    return rows


def _strategy_themes() -> list[tuple]:
    return [
        (
            theme.code,
            theme.name,
            theme.weight,
            "|".join(theme.keywords),
            theme.owner,
            _VALID_FROM,
            "",
        )
        for theme in story.THEMES
    ]


def _roster(week: ReportingWeek) -> list[tuple]:
    """Return the roster as it stands at the end of a week."""
    joined = {
        person.employee_code: workplace.FIRST_OPTED_IN_ON
        for person in people.employees()[: people.OPTED_IN_COUNT]
    }
    joined[workplace.OPTS_OUT] = workplace.FIRST_OPTED_IN_ON
    if week.sunday >= workplace.JOINED_ON:
        joined[workplace.JOINS_LATE] = workplace.JOINED_ON
    has_left = week.sunday >= workplace.OPTED_OUT_ON
    rows = []
    for index, person in enumerate(people.employees()):
        opted_in_on = joined.get(person.employee_code)
        is_gone = has_left and person.employee_code == workplace.OPTS_OUT
        rows.append(
            (
                person.employee_code,
                person.display_name,
                people.TEAMS[index % len(people.TEAMS)],
                "true" if opted_in_on else "false",
                opted_in_on.isoformat() if opted_in_on else "",
                person.platform if opted_in_on else "",
                person.account_id if opted_in_on else "",
                "",  # the id says more than a handle, and nobody's address is needed
                "",
                workplace.OPTED_OUT_ON.isoformat() if is_gone else "",
            )
        )
    return rows


def _outreach(end: datetime) -> list[list]:
    return [
        [
            f"L{number:05d}",
            entry.kind,
            entry.person.platform,
            entry.person.account_id,
            _iso(entry.at),
            entry.employee_code,
            entry.channel,
            entry.empowerment,
            entry.note,
        ]
        for number, entry in enumerate(community.play().log, start=1)
        if entry.at < end
    ]


def _follower_counts(week: ReportingWeek) -> list[tuple]:
    rows: list[tuple] = []
    for past in story.FIRST_WEEK.until(week):
        for platform in _CHANNEL_PLATFORMS:
            flow = audience.follower_days()[platform, past.sunday]
            drift = story.dice(f"reading {platform} {past.key}").choice((-1, 0, 0, 1))
            counted = flow.closing + (drift if platform == "x" else 0)
            rows.append((platform, story.HANDLE, past.sunday.isoformat(), counted))
    return rows


def _downloads(end: datetime) -> list[list]:
    return [
        [
            _iso(one.at),
            one.asset,
            f"{audience.SITE}/{one.touch.theme}/guide",
            one.touch.source,
            one.touch.medium,
            one.touch.campaign,
            one.touch.content,
            one.record_id,
        ]
        for one in audience.downloads()
        if one.at < end
    ]


def _employee_acts(end: datetime) -> list[tuple]:
    return [
        (
            act.employee_code,
            "linkedin",
            act.act,
            _iso(act.at),
            act.url,
            str(act.has_commentary).lower(),
        )
        for act in workplace.acts()
        if act.at < end
    ]


def _employee_networks(week: ReportingWeek) -> list[tuple]:
    return [
        (one.employee_code, "linkedin", one.day.isoformat(), one.count)
        for one in workplace.readings(week)
    ]


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
