"""Where heartshare keeps its files and what an operator may set."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Self

from heartshare.errors import InputError
from heartshare.language import spoken
from heartshare.zones import read_zone, zone_like

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

#: Every variable that Settings reads, with its default and meaning.
#: docs/settings.md and .env.example are held against this table by a test.
VARIABLES: dict[str, tuple[str, str]] = {
    "HEARTSHARE_HOME": ("var/heartshare", "Folder of all data that heartshare keeps."),
    "HEARTSHARE_INBOX": ("", "Watched folder; empty means HOME/inbox."),
    "HEARTSHARE_SOURCES": (
        "",
        "File that declares sources beside the inbox; empty means HOME/sources.yml.",
    ),
    "HEARTSHARE_DBT_PROJECT": ("dbt_project", "Folder of the dbt project."),
    "HEARTSHARE_EXPECTATIONS": ("expectations", "Folder of suites and waivers."),
    "HEARTSHARE_ORGANISATION": ("Our organisation", "Name printed on the report."),
    "HEARTSHARE_LANGUAGE": (
        "en",
        "Language of the report: en, or the code of a catalogue such as de.",
    ),
    "HEARTSHARE_ACCENT": (
        "",
        (
            "Colour (#RRGGBB) of links and ranks in the report; refused below "
            "a contrast of 4.5:1."
        ),
    ),
    "HEARTSHARE_LOGO": (
        "",
        "SVG or PNG file, at most 50,000 bytes, shown at the head of the report.",
    ),
    "HEARTSHARE_LOGO_TEXT": ("", "What the logo shows, for who cannot see it."),
    "HEARTSHARE_TIMEZONE": ("UTC", "IANA zone in which weeks begin."),
    "HEARTSHARE_PERSON_SALT": (
        "",
        "Secret that keys every person in the published marts; required to publish.",
    ),
    "HEARTSHARE_OWNERS": ("", "Addresses, comma-separated, that get HELD notices."),
    "HEARTSHARE_MAIL_FROM": ("heartshare@localhost", "Sender of report and notices."),
    "HEARTSHARE_SMTP_URL": (
        "",
        (
            "smtp://user:password@host:port used where no Airflow connection "
            "heartshare_smtp exists."
        ),
    ),
    "HEARTSHARE_APPROVAL": (
        "none",
        "Whether a person must approve each report in Airflow: none or required.",
    ),
    "HEARTSHARE_APPROVAL_WAIT": (
        "24h",
        "How long an approval is waited for (90s, 30m, 24h); then nothing is sent.",
    ),
    "HEARTSHARE_BOUNCE_ADDRESS": (
        "",
        "Mailbox that takes bounces as name+anything; empty: the sender gets them.",
    ),
    "HEARTSHARE_BOUNCES": (
        "",
        "Maildir or folder into which bounces are put; empty means HOME/bounces.",
    ),
    "HEARTSHARE_CHAT_URLS": (
        "",
        (
            "Apprise addresses of chat channels, separated by spaces, used where no "
            "Airflow connection heartshare_chat exists."
        ),
    ),
    "HEARTSHARE_ARCHIVE_URL": ("", "Public address of the archive, for links in mail."),
    "HEARTSHARE_TEXT_LIMIT": ("5000", "Longest text that is scored, in characters."),
    "HEARTSHARE_RESCORING_LIMIT": (
        "200000",
        "Texts scored by earlier versions that one pass scores again.",
    ),
    "HEARTSHARE_SCORING_PROCESSES": (
        "",
        "Processes that score 50,000 texts or more; empty means one per core.",
    ),
    "HEARTSHARE_KEEP_REVISIONS": ("10", "Published revisions that are kept."),
    "HEARTSHARE_PEOPLE_ROLES": (
        "admin",
        "Airflow roles, comma-separated, that may erase and link people in Airflow.",
    ),
    "HEARTSHARE_KEEP_REVISION_HOURS": (
        "2",
        "Hours for which every revision stays after another took its place.",
    ),
    "HEARTSHARE_POSTGRES_COPY": (
        "",
        (
            "postgresql://user:password@host/database that gets a copy of each "
            "revision, unless an Airflow connection heartshare_postgres exists."
        ),
    ),
    "HEARTSHARE_POSTGRES_READER": (
        "heartshare_reader",
        "Role in PostgreSQL that may read the copy.",
    ),
}


_APPROVALS = {"none": False, "required": True}
_SECONDS = {"s": 1, "m": 60, "h": 3600}


class SettingError(InputError):
    """An environment variable holds a value that cannot be used."""

    def __init__(self, name: str, value: str, wanted: str) -> None:
        super().__init__(f"{name}={value!r} is not {wanted}. See docs/settings.md.")


@dataclass(frozen=True)
class Settings:
    """All settings of one run; built once and handed down."""

    home: Path
    inbox: Path
    sources: Path
    dbt_project: Path
    expectations: Path
    organisation: str
    language: str
    accent: str
    logo: Path | None
    logo_text: str
    timezone: ZoneInfo
    person_salt: str
    owners: tuple[str, ...]
    mail_from: str
    smtp_url: str
    bounce_address: str
    bounces: Path
    chat_urls: tuple[str, ...] = field(repr=False)
    archive_url: str
    is_approval_required: bool
    approval_wait: timedelta
    text_limit: int
    rescoring_limit: int
    scoring_processes: int
    keep_revisions: int
    people_roles: frozenset[str]
    keep_revision_hours: int
    postgres_copy: str = field(repr=False)
    postgres_reader: str

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Return the settings of an environment; relative paths become absolute.

        Raises:
            SettingError: for an unknown time zone or a number that is none.
            UnknownLanguageError: no catalogue speaks the language.
        """

        def read(name: str) -> str:
            return env.get(name) or VARIABLES[name][0]

        home = Path(read("HEARTSHARE_HOME")).absolute()
        inbox = read("HEARTSHARE_INBOX")
        sources = read("HEARTSHARE_SOURCES")
        logo = read("HEARTSHARE_LOGO")
        bounces = read("HEARTSHARE_BOUNCES")
        return cls(
            home=home,
            inbox=Path(inbox).absolute() if inbox else home / "inbox",
            sources=Path(sources).absolute() if sources else home / "sources.yml",
            dbt_project=Path(read("HEARTSHARE_DBT_PROJECT")).absolute(),
            expectations=Path(read("HEARTSHARE_EXPECTATIONS")).absolute(),
            organisation=read("HEARTSHARE_ORGANISATION"),
            language=spoken(read("HEARTSHARE_LANGUAGE")),
            accent=read("HEARTSHARE_ACCENT"),
            logo=Path(logo).absolute() if logo else None,
            logo_text=read("HEARTSHARE_LOGO_TEXT"),
            timezone=_zone(read("HEARTSHARE_TIMEZONE")),
            person_salt=read("HEARTSHARE_PERSON_SALT"),
            owners=_addresses(read("HEARTSHARE_OWNERS")),
            mail_from=read("HEARTSHARE_MAIL_FROM"),
            smtp_url=read("HEARTSHARE_SMTP_URL"),
            bounce_address=read("HEARTSHARE_BOUNCE_ADDRESS"),
            bounces=Path(bounces).absolute() if bounces else home / "bounces",
            chat_urls=tuple(read("HEARTSHARE_CHAT_URLS").split()),
            archive_url=read("HEARTSHARE_ARCHIVE_URL"),
            is_approval_required=_choice(
                "HEARTSHARE_APPROVAL", read("HEARTSHARE_APPROVAL"), _APPROVALS
            ),
            approval_wait=_duration(
                "HEARTSHARE_APPROVAL_WAIT", read("HEARTSHARE_APPROVAL_WAIT")
            ),
            text_limit=_count("HEARTSHARE_TEXT_LIMIT", read("HEARTSHARE_TEXT_LIMIT")),
            rescoring_limit=_count(
                "HEARTSHARE_RESCORING_LIMIT", read("HEARTSHARE_RESCORING_LIMIT")
            ),
            scoring_processes=_count(
                "HEARTSHARE_SCORING_PROCESSES",
                read("HEARTSHARE_SCORING_PROCESSES") or str(_core_count()),
            ),
            keep_revisions=_count(
                "HEARTSHARE_KEEP_REVISIONS", read("HEARTSHARE_KEEP_REVISIONS")
            ),
            people_roles=frozenset(
                name.casefold() for name in _addresses(read("HEARTSHARE_PEOPLE_ROLES"))
            ),
            keep_revision_hours=_count(
                "HEARTSHARE_KEEP_REVISION_HOURS",
                read("HEARTSHARE_KEEP_REVISION_HOURS"),
                least=0,
            ),
            postgres_copy=read("HEARTSHARE_POSTGRES_COPY"),
            postgres_reader=read("HEARTSHARE_POSTGRES_READER"),
        )

    def make_home(self) -> None:
        """Make the folder of all data, unless it is there.

        Raises:
            SettingError: it cannot be made, or nothing can be written into it.
        """
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=self.home):
                pass
        except OSError as error:
            wanted = f"a folder that can be written to ({error.strerror})"
            raise SettingError("HEARTSHARE_HOME", str(self.home), wanted) from error

    @property
    def landing(self) -> Path:
        """Immutable files as they came, one sub-folder per source."""
        return self.home / "landing"

    @property
    def pulls(self) -> Path:
        """What each source remembers between pulls, one sub-folder per source."""
        return self.home / "pulls"

    @property
    def warehouse(self) -> Path:
        """The write-side DuckDB file; only pipeline steps open it."""
        return self.home / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        """Published revisions and the link to the current one."""
        return self.home / "published"

    @property
    def gate(self) -> Path:
        """Verdicts, one folder per week and run."""
        return self.home / "gate"

    @property
    def erasures(self) -> Path:
        """The erasure list: who must not come back, as keyed hashes."""
        return self.home / "erasures.jsonl"

    @property
    def archive(self) -> Path:
        """Report issues, one folder per week and revision."""
        return self.home / "archive"

    @property
    def outbox(self) -> Path:
        """The SQLite file that remembers what was sent to whom."""
        return self.home / "outbox.sqlite3"


def _zone(name: str) -> ZoneInfo:
    zone = read_zone(name)
    if zone is None:
        wanted = f"an IANA zone, such as {zone_like(name) or 'Europe/Berlin'}"
        raise SettingError("HEARTSHARE_TIMEZONE", name, wanted)
    return zone


def _addresses(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _choice(name: str, text: str, choices: Mapping[str, bool]) -> bool:
    if text not in choices:
        raise SettingError(name, text, " or ".join(choices))
    return choices[text]


def _duration(name: str, text: str) -> timedelta:
    match = re.fullmatch(r"([0-9]{1,6})([smh])", text)
    if not match or int(match[1]) == 0:
        raise SettingError(name, text, "a duration such as 90s, 30m or 24h")
    return timedelta(seconds=int(match[1]) * _SECONDS[match[2]])


def _core_count() -> int:
    """Return how many cores this process may use; a container may have fewer."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _count(name: str, text: str, *, least: int = 1) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < least:
        wanted = "a whole number above zero" if least else "a whole number"
        raise SettingError(name, text, wanted)
    return int(text)
