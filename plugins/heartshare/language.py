"""Say what readers read in the language that is in force; English is the source.

The English text is the key. A catalogue, ``catalogue/<code>.po``, holds the same texts
in another language; what it lacks is said in English. Messages are whole sentences or
whole cells with named places, so that each language orders its words as it wishes.
"""

from __future__ import annotations

import gettext
import io
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from heartshare.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel import Locale

ENGLISH = "en"
#: One file per language beside English.
CATALOGUE = Path(__file__).with_name("catalogue")
#: Stands for a count that is no whole number: never the form of one.
_SOME = 2

_IN_FORCE: ContextVar[str] = ContextVar("language", default=ENGLISH)


class UnknownLanguageError(InputError):
    """A language has no catalogue."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"no catalogue speaks {code!r}: HEARTSHARE_LANGUAGE is one of "
            f"{', '.join(languages())}. docs/runbook.md says how to add a language."
        )


def languages() -> tuple[str, ...]:
    """Return the codes of all languages that a report can be in, English first."""
    return (ENGLISH, *sorted(path.stem for path in CATALOGUE.glob("*.po")))


def spoken(code: str) -> str:
    """Return the code of a language that a report can be in.

    Raises:
        UnknownLanguageError: there is no catalogue of that code.
    """
    if code not in languages():
        raise UnknownLanguageError(code)
    return code


def language() -> str:
    """Return the code of the language in force; English unless one was chosen."""
    return _IN_FORCE.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Let everything that is said inside be said in a language.

    Raises:
        UnknownLanguageError: there is no catalogue of that code.
    """
    token = _IN_FORCE.set(spoken(code))
    try:
        yield
    finally:
        _IN_FORCE.reset(token)


def mark(message: str) -> str:
    """Name a message where it is not yet said, such as in a table of constants."""
    return message


def mark_many(one: str, many: str) -> tuple[str, str]:
    """Name both forms of a message where it is not yet said."""
    return one, many


def say(message: str, /, **values: object) -> str:
    """Return a message in the language in force, its named places filled in.

    Names that are data, such as those of metrics, are said by their English text and
    stay as they are where the catalogue does not know them.
    """
    said = _translations(language()).gettext(message) if _is_foreign(message) else ""
    said = said or message
    return said.format(**values) if values else said


def say_many(one: str, many: str, count: float, /, **values: object) -> str:
    """Return the form of a message that a count asks for, its places filled in.

    English knows one and many; another language may know more forms.
    """
    number = int(count) if float(count).is_integer() else _SOME
    said = one if number == 1 else many
    if _is_foreign(one):
        said = _translations(language()).ngettext(one, many, number) or said
    return said.format(**values) if values else said


def _is_foreign(message: str) -> bool:
    return bool(message) and language() != ENGLISH


def locale() -> Locale:
    """Return Babel's locale of the language in force: its digits, months and lists."""
    from babel import Locale

    return Locale.parse(language().replace("-", "_"))


def say_number(number: str) -> str:
    """Return a number, written as 1,234.5, as the language in force writes it."""
    if language() == ENGLISH:
        return number
    from babel.numbers import format_decimal

    return format_decimal(number.replace(",", ""), locale=locale())


def page_language() -> str:
    """Return the language as pages and mails declare it; ours is British English."""
    return "en-GB" if language() == ENGLISH else language()


def said_otherwise() -> dict[str, str]:
    """Return every plain message that the language in force says differently.

    For the typesetter, which looks its labels up itself; empty for English.
    """
    if language() == ENGLISH:
        return {}
    return dict(_plain(CATALOGUE / f"{language()}.po"))


@cache
def _plain(path: Path) -> tuple[tuple[str, str], ...]:
    from babel.messages.pofile import read_po

    with path.open("rb") as opened:
        catalogue = read_po(opened, locale=path.stem)
    return tuple(
        (message.id, message.string)
        for message in catalogue
        if isinstance(message.id, str)
        and isinstance(message.string, str)
        and message.id
        and message.string
        and not message.fuzzy
    )


def _translations(code: str) -> gettext.NullTranslations:
    return _read(CATALOGUE / f"{code}.po")


@cache
def _read(path: Path) -> gettext.GNUTranslations:
    """Return a catalogue; messages marked fuzzy wait for a person and are left out."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as opened:
        catalogue = read_po(opened, locale=path.stem, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
