"""Step: say what a reader would notice, before anybody is affected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heartshare.orchestration.dbt_runner import published_tables
from heartshare.orchestration.published_notes import published_notes
from heartshare.orchestration.steps.building import PATIENCE_SECONDS
from heartshare.warehouse.revision_diff import compare_candidate, compare_revisions
from heartshare.warehouse.revisions import named

if TYPE_CHECKING:
    from heartshare.settings import Settings
    from heartshare.warehouse.revision_diff import RevisionDiff


def compare_publications(
    settings: Settings, names: tuple[str, str] | None = None
) -> RevisionDiff:
    """Compare two revisions, or what readers see with what would be published.

    Raises:
        UnknownRevisionError: no revision of a name is kept.
        NothingToCompareError: nothing was ever published, or no build is whole.
    """
    if names:
        before, after = (named(settings, name) for name in names)
        return compare_revisions(before, after)
    return compare_candidate(
        settings,
        published_tables(settings),
        published_notes(settings),
        wait_seconds=PATIENCE_SECONDS,
    )
