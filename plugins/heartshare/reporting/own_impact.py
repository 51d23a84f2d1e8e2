"""Tell one employee of the own half-year so far; nothing about anybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.reporting.delivery import MailContent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heartshare.weeks import ReportingWeek

Row = dict[str, Any]
#: What the next zone still asks for, by column, as one and as several.
_MISSING = {
    "missing_share_count": ("share", "shares"),
    "missing_piece_count": ("original piece", "original pieces"),
    "missing_piece_month_count": ("month with a piece", "months with a piece"),
    "missing_active_week_count": ("active week", "active weeks"),
    "missing_exchange_count": ("exchange with outsiders", "exchanges with outsiders"),
}
_MISSING_OTHER = {
    "network_reading": "a reading of your network",
    "network_growth": "a network that grows",
    "result_source": "leads or downloads, which nobody counts yet",
    "result": "a first lead, download or conversation",
}


def own_impact(row: Mapping[str, Any], week: ReportingWeek) -> MailContent:
    """Return the mail to one employee from the own row of ``rpt_employee_impact``."""
    since, until = row["period_start"], row["counted_until"]
    lines = [
        f"Your half-year so far, {since:%-d %b} to {until:%-d %b %Y}",
        "",
        (
            f"Original pieces: {row['halfyear_piece_count']} "
            f"({row['next_award_piece_count']} more to your next award)"
        ),
        (
            f"Awards: {row['halfyear_award_count']} in this half-year, "
            f"{row['award_count']} in all"
        ),
        (
            f"Shares: {row['halfyear_share_count']}, of them "
            f"{row['halfyear_commented_share_count']} with your own words"
        ),
        (
            f"What came of it: {_number(row['halfyear_lead_count'])} leads, "
            f"{_number(row['halfyear_download_count'])} downloads, "
            f"{row['halfyear_conversation_count']} conversations with people outside"
        ),
        *_network(row),
        *_recognition(row),
        *_zone(row),
        "",
        "This mail goes to you alone and says nothing about others. You get it because",
        "you take part and a line of the recipients file asks for it (my_impact).",
        "Leads and downloads that several people share count in parts.",
    ]
    return MailContent(
        subject=f"Your own impact, {week.label}", text="\n".join(lines) + "\n"
    )


def _network(row: Mapping[str, Any]) -> list[str]:
    if row["network_count"] is None:
        return ["Network: nobody has read it yet"]
    line = f"Network: {row['network_count']} followers and connections"
    if row["network_growth_count"] is not None:
        line += f", {row['network_growth_count']:+d} in ninety days"
    return [line]


def _recognition(row: Mapping[str, Any]) -> list[str]:
    if row["rank_number"] is None:
        return []
    state = "" if row["is_frozen"] else " so far; it can still change"
    return [f"Recognition: place {row['rank_number']}{state}"]


def _zone(row: Mapping[str, Any]) -> list[str]:
    zone = "quiet for ninety days" if row["is_dormant"] else _words(row["zone_code"])
    lines = [f"Zone: {zone}"]
    if row["next_zone_code"]:
        missing = [
            f"{row[name]} {words[row[name] != 1]}"
            for name, words in _MISSING.items()
            if row[name]
        ]
        missing += [
            _MISSING_OTHER[row[name]]
            for name in ("missing_network_code", "missing_result_code")
            if row[name]
        ]
        if row["is_dormant"]:
            missing = ["any one act"]
        asks = "; ".join(missing) or "nothing more"
        lines.append(f"Next zone: {_words(row['next_zone_code'])}. It asks for: {asks}")
    return lines


def _words(code: str) -> str:
    return code.replace("_", " ")


def _number(value: float) -> str:
    """Return a count with at most one decimal, and none where it is whole."""
    return f"{value:.1f}".removesuffix(".0")
