"""What both editions share: the frame of facts.json around their sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.language import ENGLISH, language, say
from heartshare.reporting.weekly.caveats import gate_facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.quality.gate import GateVerdict
    from heartshare.reporting.editions.periods import Period

Row = dict[str, Any]

SCHEMA_VERSION = 1
#: Characters of a build's digest that a reader needs to tell it from others.
_SHOWN = 12


def frame(
    period: Period, verdict: GateVerdict, *, title: str, organisation: str, dates: str
) -> Row:
    """Return an edition's facts without its sections: issue, gate and fixed words.

    Revision, published revision and changes are those of a first issue; ``stamp``
    gives it others. The same arguments give the same facts.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "edition": period.edition,
        "issue": {
            **({} if language() == ENGLISH else {"language": language()}),
            "title": title,
            "organisation": organisation,
            "period": period.label,
            "week": verdict.week.key,
            "week_label": period.label,
            "dates_text": dates,
            "revision": 1,
            "published_revision": "",
            "build_id": verdict.build_id,
            "changes": [],
        },
        "gate": gate_facts(verdict.to_dict()),
        "words": _words(),
    }


def stamp(facts: Row, revision: int, published: str, changes: Sequence[str]) -> Row:
    """Return facts with what names the issue: revision, data and what it corrects."""
    named = {
        "revision": revision,
        "published_revision": published,
        "changes": list(changes),
        "issue_text": say("issue {number}", number=revision),
        "data_text": say(
            "data {revision}, build {build}",
            revision=published,
            build=facts["issue"]["build_id"][:_SHOWN],
        ),
    }
    return facts | {"issue": facts["issue"] | named}


def _words() -> Row:
    """Return what templates say themselves, in the language of the edition."""
    return {
        "skip": say("Skip to the answers"),
        "corrected": say("Corrected issue."),
        "care": say("Read with care."),
        "as_table": say("As a table"),
        "step": say("Step"),
        "people": say("Followers"),
        "reading": say("How to read this edition"),
        "queries": say("Where each number comes from"),
        "attached": say(
            "The whole edition is attached as an accessible PDF. A correction would "
            "carry a new issue number."
        ),
        "page": say("Page {number} of {total}"),
    }


def changes(before: Row, after: Row) -> list[str]:
    """Return one sentence for each headline that a corrected edition changed."""
    old = {one["id"]: one["headline"] for one in before["sections"]}
    told = [
        say("Was: {old} Now: {new}", old=old[one["id"]], new=one["headline"])
        for one in after["sections"]
        if one["id"] in old and old[one["id"]] != one["headline"]
    ]
    return told or [say("Figures in the tables changed; the headlines did not.")]
