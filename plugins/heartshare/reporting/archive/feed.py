"""Write the archive's Atom feed: one entry a week, renewed when it is corrected.

Ids and dates come from the archive alone, so the same archive gives the same feed. A
feed reader shows an entry again when its date moves: that is how a correction arrives.
Held notices are for the owners and stand in the index only.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from heartshare.language import language, say
from heartshare.reporting.editions.periods import parse_period
from heartshare.reporting.wording import days_text
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FEED = "atom.xml"
_ATOM = "http://www.w3.org/2005/Atom"
_XML = "http://www.w3.org/XML/1998/namespace"
#: The date of a feed without an entry; Atom demands one.
_NEVER = "1970-01-01T00:00:00Z"
_FORMATS = {"index.html": "text/html", "report.pdf": "application/pdf"}


def feed(
    manifests: Sequence[Mapping[str, Any]], organisation: str, url: str = ""
) -> bytes:
    """Return the feed of an archive, newest week first, from its issues' manifests.

    ``folder`` in each manifest is the name of the issue's folder. ``url`` is the public
    address of the archive; without one links are relative to the feed itself.
    """
    ET.register_namespace("", _ATOM)
    base = f"{url.rstrip('/')}/" if url else ""
    places: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for one in manifests:
        if one["revision"]:
            place = str(one["week"]), str(one.get("period", ""))
            places.setdefault(place, []).append(one)
    entries = [
        _entry(sorted(places[place], key=_revision), organisation, base)
        for place in sorted(places, reverse=True)
    ]
    root = ET.Element(f"{{{_ATOM}}}feed", {f"{{{_XML}}}lang": language()})
    _add(root, "id", _id(organisation, "feed"))
    title = say("Weekly advocacy reports of {organisation}", organisation=organisation)
    _add(root, "title", title)
    dates = [str(_text_of(entry, "updated")) for entry in entries]
    _add(root, "updated", max(dates, default=_NEVER))
    author = _add(root, "author")
    _add(author, "name", organisation)
    _add(root, "link", rel="self", type="application/atom+xml", href=f"{base}{FEED}")
    _add(root, "link", rel="alternate", type="text/html", href=f"{base}index.html")
    root.extend(entries)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _entry(
    issues: Sequence[Mapping[str, Any]], organisation: str, base: str
) -> ET.Element:
    """Return the entry of a week or period from its issues, oldest revision first."""
    first, last = issues[0], issues[-1]
    label = str(last["week_label"])
    period = str(last.get("period", ""))
    week = ReportingWeek.parse(str(last["week"]))
    revision = _revision(last)
    title = f"{label}: {last['headline']}"
    if revision > 1:
        title += f" ({say('corrected, revision {revision}', revision=revision)})"
    entry = ET.Element(f"{{{_ATOM}}}entry")
    _add(entry, "id", _id(organisation, period or week.key))
    _add(entry, "title", title)
    _add(entry, "published", _moment(first))
    _add(entry, "updated", _moment(last))
    folder = f"{base}{label}/{last['folder']}"
    for name, rel in (("index.html", "alternate"), ("report.pdf", "enclosure")):
        if name in last["files"]:
            _add(entry, "link", rel=rel, type=_FORMATS[name], href=f"{folder}/{name}")
    _add(entry, "summary", _summary(week, last, revision))
    return entry


def _summary(week: ReportingWeek, last: Mapping[str, Any], revision: int) -> str:
    period = str(last.get("period", ""))
    weeks = parse_period(period).weeks if period else (week,)
    days = days_text(weeks[0].monday, weeks[-1].sunday)
    text = f"{days}. {last['headline']}"
    if revision > 1:
        replaced = say(
            "Revision {revision} replaces revision {before}.",
            revision=revision,
            before=revision - 1,
        )
        text += f" {replaced}"
    return text


def _id(organisation: str, name: str) -> str:
    """Return an id that stays, wherever the archive is served from."""
    made = uuid.uuid5(uuid.NAMESPACE_URL, f"heartshare/{organisation}/{name}")
    return f"urn:uuid:{made}"


def _moment(manifest: Mapping[str, Any]) -> str:
    """Return when an issue was filed, as Atom writes it."""
    return str(manifest["filed_at"]).replace("+00:00", "Z")


def _revision(manifest: Mapping[str, Any]) -> int:
    return int(manifest["revision"])


def _text_of(element: ET.Element, name: str) -> str | None:
    return element.findtext(f"{{{_ATOM}}}{name}")


def _add(
    parent: ET.Element, name: str, text: str | None = None, **attributes: str
) -> ET.Element:
    made = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    made.text = text
    return made
