"""How employees take part, how the half-year stands and what they could pass on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.language import mark, say
from heartshare.reporting import programme_text
from heartshare.reporting.charts import series
from heartshare.reporting.wording import NOTHING, percent_text, value_text

if TYPE_CHECKING:
    from heartshare.reporting.scorecard import Published
    from heartshare.weeks import ReportingWeek

Row = dict[str, Any]

_ZONES = (
    ("dormant", mark("Dormant"), "dormant_count"),
    ("consumer", mark("Consumer"), "consumer_count"),
    ("sharer", mark("Sharer"), "sharer_zone_count"),
    ("creator", mark("Creator"), "creator_zone_count"),
    ("socially_engaged", mark("Socially engaged"), "socially_engaged_count"),
)
_RATES = (
    (mark("Adoption"), "adoption_ratio", "sharer_count", "enrolled_count"),
    (
        mark("Shares with own words"),
        "commentary_ratio",
        "commented_share_count",
        "share_count",
    ),
    (
        mark("Creators who stayed"),
        "creator_retention_ratio",
        "retained_creator_count",
        "earlier_creator_count",
    ),
)
_PLACE_COLUMNS = (
    ("place", "rank_number"),
    ("impact", "impact_points"),
    ("lead", "lead_count"),
    ("download", "download_count"),
    ("conversation", "conversation_count"),
)
_PLACE = (
    "case when is_dormant then 0 when zone_code = 'consumer' then 1 "
    "when zone_code = 'sharer' then 2 when zone_code = 'creator' then 3 else 4 end"
)


def employees(published: Published, week: ReportingWeek) -> Row:
    """Return zones, programme rates, the standing so far and what to pass on."""
    rows = published.week_rows("rpt_employee_programme", week, "week_start")
    row = rows[0] if rows else None
    absent = programme_text.employees_absent(row)
    stated = row if row is not None and not absent else None
    return {
        "title": say("Employees: zones and recognition"),
        "headline": programme_text.employees(stated, _moves(published, week))
        if stated
        else "",
        "zones": _zones(published, week, stated) if stated else [],
        "held_back": programme_text.held_back(_reasons(published, week))
        if stated
        else "",
        "rates": [_rate(stated, *one) for one in _RATES] if stated else [],
        "standing": _standing(published, week),
        "to_share": _to_share(published, week) if stated else "",
        "empty": absent,
    }


def _moves(published: Published, week: ReportingWeek) -> Row:
    return published.rows(
        f"""
        with placed as (
            select person_key, week_start, {_PLACE} as place
            from marts.fct_employee_zones
        )
        select
            count(*) as compared_count,
            count(*) filter (where now.place > before.place) as up_count,
            count(*) filter (where now.place < before.place) as down_count
        from placed as now
        inner join placed as before using (person_key)
        where now.week_start = date '{week.key}'
            and before.week_start = date '{week.shift(-1).key}'
        """
    )[0]


def _zones(published: Published, week: ReportingWeek, row: Row) -> list[Row]:
    before = published.rows(
        "select * from marts.agg_weekly_employees "
        f"where week_start = date '{week.shift(-1).key}' and linked_count > 0"
    )
    return [
        {
            "name": say(name),
            "count_text": value_text(row[column], "count"),
            "part_text": percent_text(row[column] / row["linked_count"]),
            "before_text": value_text(before[0][column], "count")
            if before
            else NOTHING,
        }
        for _, name, column in _ZONES
    ]


def _reasons(published: Published, week: ReportingWeek) -> list[Row]:
    return published.rows(
        "select reason_code, is_capped, count(*) as person_count "
        f"from marts.fct_employee_zones where week_start = date '{week.key}' "
        "and reason_code is not null group by reason_code, is_capped "
        "order by person_count desc, reason_code"
    )


def _rate(row: Row, name: str, ratio: str, part: str, whole: str) -> Row:
    if row[ratio] is None:
        unknown = say("nobody to count yet")
        return {"name": say(name), "text": NOTHING, "of_text": unknown}
    return {
        "name": say(name),
        "text": percent_text(row[ratio]),
        "of_text": say(
            "{part} of {whole}",
            part=value_text(row[part], "count"),
            whole=value_text(row[whole], "count"),
        ),
    }


def _standing(published: Published, week: ReportingWeek) -> Row:
    ranked = programme_text.with_vacancies(
        published.rows(
            "select * from marts.agg_halfyear_recognition "
            f"where date '{week.key}' between period_start and period_end "
            "order by rank_number, impact_points desc, lead_count desc, "
            "download_count desc, conversation_count desc, first_result_at, person_key"
        )
    )
    since = series.day(ranked[0]["period_start"]) if ranked else None
    places = [row for row in ranked if row["is_recognised"] or row["is_vacant"]]
    headline = programme_text.standing(places, len(ranked), since)
    shown = places if len(ranked) >= programme_text.FEWEST_PEOPLE else []
    return {
        "headline": headline,
        "rows": [
            {
                f"{name}_text": NOTHING
                if row[column] is None
                else value_text(row[column], "count")
                for name, column in _PLACE_COLUMNS
            }
            for row in shown
        ],
    }


def _to_share(published: Published, week: ReportingWeek) -> str:
    where = f"listed_on between date '{week.key}' and date '{week.key}' + 6"
    counts = published.rows(
        "select count(distinct post_key) as posts, count(distinct person_key) as "
        f"people from marts.rpt_content_to_share where {where}"
    )[0]
    themes = published.rows(
        "select theme_code, count(distinct post_key) as posts "
        f"from marts.rpt_content_to_share where {where} "
        "group by theme_code order by posts desc, theme_code limit 1"
    )
    names = published.theme_names(week)
    code = themes[0]["theme_code"] if themes else ""
    theme = names.get(code, code.replace("_", " "))
    return programme_text.to_share(counts["posts"], counts["people"], theme)
