"""Website and CRM: GA4 landing pages and HubSpot contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heartshare.demo import audience, people, story
from heartshare.demo.writers.export_file import ExportFile, csv_bytes

if TYPE_CHECKING:
    from heartshare.demo.audience import Lead
    from heartshare.weeks import ReportingWeek

LANDING_HEADER = [
    "Landing page + query string",
    "Sessions",
    "Active users",
    "Engaged sessions",
    "Engagement rate",
    "Key events",
]
CONTACTS_HEADER = [
    "Record ID",
    "First Name",
    "Last Name",
    "Email",
    "Phone Number",
    "Lead Status",
    "Create Date",
    "Associated Company",
    "Contact owner",
    "Lifecycle Stage",
    "Original Source",
    "Original Source Drill-Down 1",
    "Original Source Drill-Down 2",
]
_RULE = "# ----------------------------------------"
#: Week and position of a contact whose date somebody typed by hand.
_SPOILT_CONTACT = {22: 40}


def landing_file(week: ReportingWeek) -> ExportFile:
    """Return the landing pages of the week, after GA4's comment lines."""
    seen_at = story.export_moment(week, 51)
    preamble = [
        _RULE,
        "# Landing page",
        f"# Account: {story.AGENCY}",
        "# Property: Rivermark website",
        _RULE,
        "#  ",
        "# All Users",
        f"# Start date: {week.monday:%Y%m%d}",
        f"# End date: {week.sunday:%Y%m%d}",
    ]
    rows = [
        (
            landing.page,
            landing.sessions,
            landing.users,
            landing.engaged,
            landing.engaged / landing.sessions,
            landing.key_events,
        )
        for landing in audience.landings(week)
    ]
    content = "\n".join(preamble).encode() + b"\n" + csv_bytes(LANDING_HEADER, rows)
    name = f"data-export_landing-page_{week.monday:%Y%m%d}.csv"
    return ExportFile("ga4_website", name, content, seen_at)


def contacts_file(week: ReportingWeek) -> ExportFile:
    """Return a snapshot of all CRM contacts at the end of the week."""
    seen_at = story.export_moment(week, 55)
    end = week.ends_at(story.ZONE)
    rows = [_contact(lead) for lead in audience.leads() if lead.created_at < end]
    spoilt = _SPOILT_CONTACT.get(story.week_index(week))
    if spoilt is not None:
        rows[spoilt][6] = "in June"
    name = f"hubspot-crm-exports-all-contacts-{seen_at:%Y-%m-%d}.csv"
    return ExportFile(
        "hubspot_crm", name, csv_bytes(CONTACTS_HEADER, rows[::-1]), seen_at
    )


def _contact(lead: Lead) -> list[object]:
    first, last = people.person_name(lead.number).split()
    touch = lead.touch
    source = {"social": "Organic social", "email": "Email marketing"}.get(touch.medium)
    return [
        lead.record_id,
        first,
        last,
        f"{first}.{last}{lead.number}@example.org".lower() if lead.has_email else "",
        f"+1 202 555 0{100 + lead.number % 100}",
        "NEW" if lead.stage == "subscriber" else "IN_PROGRESS",
        f"{lead.created_at:%Y-%m-%d %H:%M}",
        "",
        people.staff()[lead.number % 4].display_name,
        lead.stage,
        source or "Direct traffic",
        touch.source,
        touch.campaign,
    ]
