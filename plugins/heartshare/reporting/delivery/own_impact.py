"""Tell one employee of the own half-year so far; nothing about anybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.language import mark, mark_many, say, say_many
from heartshare.reporting.delivery.sending import MailContent
from heartshare.reporting.wording import days_text, number_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from heartshare.weeks import ReportingWeek

Row = dict[str, Any]
#: What the next zone still asks for, by column, as one and as several.
_MISSING = {
    "missing_share_count": mark_many("{count} share", "{count} shares"),
    "missing_piece_count": mark_many(
        "{count} original piece", "{count} original pieces"
    ),
    "missing_piece_month_count": mark_many(
        "{count} month with a piece", "{count} months with a piece"
    ),
    "missing_active_week_count": mark_many(
        "{count} active week", "{count} active weeks"
    ),
    "missing_exchange_count": mark_many(
        "{count} exchange with outsiders", "{count} exchanges with outsiders"
    ),
}
_MISSING_OTHER = {
    "network_reading": mark("a reading of your network"),
    "network_growth": mark("a network that grows"),
    "result_source": mark("leads or downloads, which nobody counts yet"),
    "result": mark("a first lead, download or conversation"),
}
#: Zones inside a sentence, by their code.
_ZONES = {
    "consumer": mark("consumer"),
    "sharer": mark("sharer"),
    "creator": mark("creator"),
    "socially_engaged": mark("socially engaged"),
}


def own_impact(row: Mapping[str, Any], week: ReportingWeek) -> MailContent:
    """Return the mail to one employee from the own row of ``rpt_employee_impact``."""
    days = days_text(row["period_start"], row["counted_until"])
    lines = [
        say("Your half-year so far, {days}", days=days),
        "",
        say(
            "Original pieces: {pieces} ({more} more to your next award)",
            pieces=row["halfyear_piece_count"],
            more=row["next_award_piece_count"],
        ),
        say(
            "Awards: {awards} in this half-year, {ever} in all",
            awards=row["halfyear_award_count"],
            ever=row["award_count"],
        ),
        say(
            "Shares: {shares}, of them {commented} with your own words",
            shares=row["halfyear_share_count"],
            commented=row["halfyear_commented_share_count"],
        ),
        say(
            "What came of it: {leads} leads, {downloads} downloads, {conversations} "
            "conversations with people outside",
            leads=_number(row["halfyear_lead_count"]),
            downloads=_number(row["halfyear_download_count"]),
            conversations=row["halfyear_conversation_count"],
        ),
        *_network(row),
        *_recognition(row),
        *_zone(row),
        "",
        say(
            "This mail goes to you alone and says nothing about others. You get it "
            "because\nyou take part and a line of the recipients file asks for it "
            "(my_impact).\n"
            "Leads and downloads that several people share count in parts."
        ),
    ]
    subject = say("Your own impact, {week}", week=week.label)
    return MailContent(subject=subject, text="\n".join(lines) + "\n")


def _network(row: Mapping[str, Any]) -> list[str]:
    count, growth = row["network_count"], row["network_growth_count"]
    if count is None:
        return [say("Network: nobody has read it yet")]
    message = mark("Network: {count} followers and connections")
    if growth is None:
        return [say(message, count=count)]
    message = mark(
        "Network: {count} followers and connections, {growth} in ninety days"
    )
    return [say(message, count=count, growth=f"{growth:+d}")]


def _recognition(row: Mapping[str, Any]) -> list[str]:
    if row["rank_number"] is None:
        return []
    message = mark("Recognition: place {place} so far; it can still change")
    if row["is_frozen"]:
        message = mark("Recognition: place {place}")
    return [say(message, place=row["rank_number"])]


def _zone(row: Mapping[str, Any]) -> list[str]:
    quiet = say("quiet for ninety days") if row["is_dormant"] else ""
    lines = [say("Zone: {zone}", zone=quiet or _zone_name(row["zone_code"]))]
    if row["next_zone_code"]:
        asks = say("any one act") if row["is_dormant"] else "; ".join(_missing(row))
        lines.append(
            say(
                "Next zone: {zone}. It asks for: {asks}",
                zone=_zone_name(row["next_zone_code"]),
                asks=asks or say("nothing more"),
            )
        )
    return lines


def _missing(row: Mapping[str, Any]) -> Iterator[str]:
    for name, (one, many) in _MISSING.items():
        if row[name]:
            yield say_many(one, many, row[name], count=row[name])
    for name in ("missing_network_code", "missing_result_code"):
        if row[name]:
            yield say(_MISSING_OTHER[row[name]])


def _zone_name(code: str) -> str:
    return say(_ZONES.get(code, code.replace("_", " ")))


def _number(value: float) -> str:
    """Return a count with at most one decimal, and none where it is whole."""
    rounded = round(float(value), 1)
    return number_text(rounded, 0 if rounded.is_integer() else 1)
