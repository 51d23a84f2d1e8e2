"""Everything that an issue of the report says, as one JSON-ready dictionary.

facts.json is the only input of rendering. Each figure of page one carries its value,
its text and the query on the published marts that yields the value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.language import ENGLISH, language, say
from heartshare.reporting.scorecard import Published
from heartshare.reporting.weekly import (
    answers,
    evidence_books,
    evidence_gaps,
    evidence_people,
    evidence_programme,
    evidence_talk,
    outcome_strip,
)
from heartshare.reporting.weekly.caveats import data_caveats, gate_facts
from heartshare.reporting.weekly.definition_breaks import definition_breaks
from heartshare.reporting.weekly.reading_notes import READING_NOTES
from heartshare.reporting.weekly.restatements import restatement_caveat, restatements
from heartshare.reporting.wording import week_dates_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.quality.gate import GateVerdict
    from heartshare.reporting.scorecard import Connection
    from heartshare.weeks import ReportingWeek

Row = dict[str, Any]

SCHEMA_VERSION = 1


def build_facts(  # noqa: PLR0913 - what one issue depends on, all named
    connection: Connection,
    verdict: GateVerdict,
    week: ReportingWeek,
    *,
    organisation: str,
    issue_revision: int = 1,
    published_revision: str = "",
    changes: Sequence[str] = (),
) -> Row:
    """Return the facts of one issue, from a published file and its gate verdict.

    ``changes`` says what a corrected issue changed; empty for the first. The same
    arguments give the same facts, byte for byte once written as JSON.

    Raises:
        PublishedTableMissingError: when the file is no revision of ours.
        UnknownSignalError, UnknownActionError: for codes without a word.
    """
    published = Published(connection)
    published.require_tables()
    definitions = published.definitions(week)
    growing, growing_readings = answers.growing(published, week, definitions)
    outcomes, outcome_readings = outcome_strip.outcomes(published, week, definitions)
    gate = gate_facts(verdict.to_dict())
    sources = evidence_books.sources(published, week)
    scored = published.reading("scored_ratio", week, definitions, weeks=1)
    dialogue = evidence_talk.dialogue(published, week, definitions)
    restated = restatements(published, week, definitions)
    notes = data_caveats(
        [*growing_readings, *outcome_readings],
        scored.figure.value,
        sources["rows"],
        evidence_talk.still_counted(dialogue),
        evidence_talk.read_late(dialogue),
    )
    notes += restatement_caveat(restated)
    breaks = definition_breaks(published, week, definitions)
    spoken = {} if language() == ENGLISH else {"language": language()}
    return {
        "schema_version": SCHEMA_VERSION,
        "issue": {
            **spoken,
            "title": say("Weekly advocacy progress report"),
            "organisation": organisation,
            "week": week.key,
            "week_label": week.label,
            "week_text": say("Week {number}", number=week.monday.isocalendar().week),
            "dates_text": week_dates_text(week.monday),
            "revision": issue_revision,
            "published_revision": published_revision,
            "build_id": verdict.build_id,
            "changes": list(changes),
        },
        "gate": gate,
        "caveats": [*(note["text"] for note in gate["notes"]), *notes],
        "growing": growing,
        "stuck": answers.stuck(published, week),
        "actions": answers.actions(
            published, week, definitions, outcome_strip.moved(growing, outcomes)
        ),
        "outcomes": outcomes,
        "listen": evidence_talk.listen(published, week, definitions),
        "dialogue": dialogue,
        "conversations": evidence_talk.conversations(published, week, definitions),
        "funnel": evidence_people.funnel(published, week),
        "followers": evidence_people.followers(published, week),
        "styles": evidence_people.styles(published, week),
        "alignment": evidence_people.alignment(published, week),
        "employees": evidence_programme.employees(published, week),
        "blind_spots": evidence_gaps.blind_spots(published, week),
        "sources": sources,
        "restatements": restated,
        "definition_breaks": breaks,
        "definitions": evidence_books.definition_rows(definitions),
        "volume": evidence_books.volume(published, week),
        "reading_notes": [say(note) for note in READING_NOTES],
    }
