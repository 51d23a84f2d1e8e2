"""Which sources are there, in the inbox and declared in sources.yml?"""

from __future__ import annotations

import logging
from importlib import resources
from typing import TYPE_CHECKING

from heartshare.errors import InputError
from heartshare.pulls.declarations import load_declarations
from heartshare.pulls.folder import FolderSource

if TYPE_CHECKING:
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from heartshare.pulls.declarations import Declaration
    from heartshare.settings import Settings

LOGGER = logging.getLogger(__name__)


class InboxUnusableError(InputError):
    """The inbox cannot be made, opened or written to."""

    def __init__(self, inbox: Path, error: OSError) -> None:
        super().__init__(
            f"The inbox {inbox} is not a folder that heartshare can use "
            f"({error.strerror or error}: {error.filename}). Give it the right to read "
            "and write there, or set HEARTSHARE_INBOX to another folder."
        )


def declared_sources(settings: Settings) -> dict[str, Declaration]:
    """Return what sources.yml declares, by name; nothing without such a file.

    Raises:
        SourcesFileError: the file cannot be used as it is.
        SourcesFileMissingError: HEARTSHARE_SOURCES names a file that is not there.
    """
    must_exist = settings.sources != settings.home / "sources.yml"
    found = load_declarations(settings.sources, must_exist=must_exist)
    return {declaration.name: declaration for declaration in found}


def source_zones(settings: Settings) -> dict[str, ZoneInfo]:
    """Return the time zones of local times in exports, where a source declares one."""
    return {
        name: declaration.timezone
        for name, declaration in declared_sources(settings).items()
        if declaration.timezone
    }


def escaped_sources(settings: Settings) -> frozenset[str]:
    """Return the sources that are declared to send texts with escaped marks."""
    found = declared_sources(settings)
    return frozenset(name for name, each in found.items() if each.has_escaped_texts)


def list_sources(settings: Settings) -> list[str]:
    """Return the names of all sources, in order: the inbox's folders and declared ones.

    A folder and a declaration of the same name are one source. The inbox and declared
    folders that do not exist yet are made, so that people find where to drop files;
    files beside the folders belong to no source, which is said and not an error.

    Raises:
        InboxUnusableError: the inbox is no folder, or heartshare may not use it.
    """
    declared = declared_sources(settings)
    try:
        settings.inbox.mkdir(parents=True, exist_ok=True)
        for name, declaration in declared.items():
            if declaration.kind == "folder":
                (settings.inbox / name).mkdir(exist_ok=True)
        misplaced = FolderSource(settings.inbox).misplaced()
        folders = {
            path.name
            for path in settings.inbox.iterdir()
            if path.is_dir() and not path.name.startswith(".")
        }
    except OSError as error:
        raise InboxUnusableError(settings.inbox, error) from error
    for path in misplaced:
        LOGGER.warning(
            "%s is not read: move it into the sub-folder of its source", path
        )
    return sorted(folders | set(declared))


def describe_sources(settings: Settings) -> list[str]:
    """Return a line for each source: name, kind, where it lies, connection, zone."""
    declared = declared_sources(settings)
    names = list_sources(settings)
    width = max(map(len, names), default=0)
    lines = []
    for name in names:
        declaration = declared.get(name)
        parts = [name.ljust(width), declaration.kind if declaration else "folder"]
        if (settings.inbox / name).is_dir():
            parts.append(str(settings.inbox / name))
        if declaration:
            parts.append(declaration.options.get("url", ""))
            parts.append(declaration.connection and f"via {declaration.connection}")
            parts.append(f"in {declaration.timezone}" if declaration.timezone else "")
        lines.append("  ".join(part for part in parts if part))
    return lines


def example_sources() -> str:
    """Return the shipped sources.yml to start from."""
    folder = resources.files("heartshare.pulls")
    return folder.joinpath("sources.example.yml").read_text(encoding="utf-8")
