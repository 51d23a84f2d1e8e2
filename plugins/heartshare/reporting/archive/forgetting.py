"""How a person leaves the report archive: issues that name one are rendered anew.

Reports name nobody by default, so that most archives have no such issue. Where facts
hold a name all the same, it goes from the facts, and the issue is made from them again.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from heartshare.reporting.archive.issues import (
    MANIFEST,
    Issue,
    archived_issue,
    facts_digest,
    file_issue,
    headline,
    put_back,
    read_manifest,
    set_aside,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from heartshare.warehouse.erasures import ErasureList


@dataclass(frozen=True)
class NamingIssue:
    """An archived issue whose facts name somebody, and the facts without the name."""

    issue: Issue
    facts: dict[str, Any]
    filed_at: datetime
    verdict: str


def issues_naming(archive: Path, erasures: ErasureList) -> list[NamingIssue]:
    """Return every issue whose facts name a person on the erasure list."""
    put_back(archive)
    found = []
    for path in sorted(archive.glob(f"*/r*/{MANIFEST}")):
        folder = path.parent
        facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        scrubbed = _scrubbed(facts, erasures)
        if scrubbed != facts:
            manifest = read_manifest(folder)
            found.append(
                NamingIssue(
                    issue=replace(archived_issue(folder), is_new=True),
                    facts=scrubbed,
                    filed_at=datetime.fromisoformat(manifest["filed_at"]).astimezone(
                        UTC
                    ),
                    verdict=manifest["verdict"],
                )
            )
    return found


def replace_issue(
    naming: NamingIssue,
    render: Callable[[NamingIssue], Mapping[str, bytes]],
) -> Issue:
    """Put an issue rendered from its scrubbed facts in the place of the old one.

    ``render`` returns the files by name. The old folder goes once they are filed.
    """
    files = render(naming)
    aside = set_aside(naming.issue)
    issue = file_issue(
        naming.issue,
        files,
        at=naming.filed_at,
        verdict=naming.verdict,
        headline=headline(naming.facts),
        digest=facts_digest(naming.facts),
    )
    shutil.rmtree(aside)
    return issue


def _scrubbed(value: Any, erasures: ErasureList) -> Any:  # noqa: ANN401 any JSON
    if isinstance(value, str):
        return erasures.scrub(value)
    if isinstance(value, list):
        return [_scrubbed(entry, erasures) for entry in value]
    if isinstance(value, dict):
        return {key: _scrubbed(entry, erasures) for key, entry in value.items()}
    return value
