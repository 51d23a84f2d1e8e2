"""What is said comes from a catalogue, complete and with the same places in it."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from heartshare import language
from heartshare.language import (
    CATALOGUE,
    UnknownLanguageError,
    languages,
    locale,
    mark,
    mark_many,
    page_language,
    said_otherwise,
    say,
    say_many,
    speaking,
)
from heartshare.reference.messages import catalogue_files, messages

ROOT = Path(__file__).parents[3]
PLACE = re.compile(r"(?<!\{)\{(\w*)\}")
SMALL = """
msgid "{count} weeks of {name}"
msgstr "{name}: {count} semajnoj"

msgid "{count} person waits."
msgid_plural "{count} people wait."
msgstr[0] "{count} homo atendas."
msgstr[1] "{count} homoj atendas."

#, fuzzy
msgid "Stage"
msgstr "eble"

msgid "Week"
msgstr "Semajno"
"""


@pytest.fixture
def esperanto(tmp_path, monkeypatch):
    (tmp_path / "eo.po").write_text(SMALL, encoding="utf-8")
    monkeypatch.setattr(language, "CATALOGUE", tmp_path)
    with speaking("eo"):
        yield


def test_english_says_the_message_itself():
    assert language.language() == "en"
    assert say("{count} weeks of {name}", count=3, name="x") == "3 weeks of x"
    assert mark("Week") == "Week"


def test_a_single_file_adds_a_language(esperanto):
    assert languages() == ("en", "eo")
    assert say("{count} weeks of {name}", count=3, name="x") == "x: 3 semajnoj"


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (1, "1 homo atendas."),
        (0, "0 homoj atendas."),
        (2.0, "2.0 homoj atendas."),
        (1.5, "1.5 homoj atendas."),
    ],
)
def test_a_count_chooses_its_form(esperanto, count, text):
    said = say_many("{count} person waits.", "{count} people wait.", count, count=count)
    assert said == text


def test_what_is_not_translated_or_in_doubt_is_said_in_english(esperanto):
    assert say("Nobody spoke.") == "Nobody spoke."
    assert say("Stage") == "Stage"
    assert say("") == ""


def test_braces_of_a_message_without_values_stay(esperanto):
    assert say("a set {1, 2}") == "a set {1, 2}"


def test_typesetter_gets_only_what_differs(esperanto):
    assert said_otherwise() == {
        "{count} weeks of {name}": "{name}: {count} semajnoj",
        "Week": "Semajno",
    }


def test_typesetter_gets_nothing_in_english():
    assert said_otherwise() == {}


def test_a_language_ends_with_its_block():
    with speaking("de"):
        assert (page_language(), locale().language) == ("de", "de")
    assert (page_language(), locale().language) == ("en-GB", "en")


def test_forms_named_before_they_are_said_are_found_again(esperanto):
    forms_of_waiting = mark_many("{count} person waits.", "{count} people wait.")
    assert say_many(*forms_of_waiting, 2, count=2) == "2 homoj atendas."


def test_an_unknown_language_names_those_that_exist():
    with pytest.raises(UnknownLanguageError, match=r"'xx'.*en, de"), speaking("xx"):
        pass


@pytest.fixture(scope="module")
def said():
    return messages(ROOT / "dbt_project", ROOT / "expectations")


def test_names_of_metrics_stages_checks_suites_and_owners_are_messages(said):
    wanted = {"Net new advocates", "Observed", "Community team", "arrival"}
    assert wanted | {"sources are expected"} <= set(said)


def forms(message):
    return (message,) if isinstance(message, str) else tuple(message)


def test_places_of_a_message_are_named(said):
    unnamed = [one for one in said if "" in PLACE.findall(" ".join(forms(one)))]
    assert unnamed == []


@pytest.mark.parametrize("code", languages()[1:])
def test_a_language_says_everything(said, code):
    with (CATALOGUE / f"{code}.po").open("rb") as opened:
        catalogue = read_po(opened, locale=code)
    missing = [
        one
        for one in said
        if not (known := catalogue.get(one))
        or known.fuzzy
        or not all(forms(known.string))
    ]
    assert missing == [], "heartshare messages, then translate them"


@pytest.mark.parametrize("code", languages()[1:])
def test_a_translation_has_the_places_of_its_message(code):
    with (CATALOGUE / f"{code}.po").open("rb") as opened:
        catalogue = read_po(opened, locale=code)
    odd = [
        (one.id, form)
        for one in catalogue
        if one.id
        for form in forms(one.string)
        if form and _places(form) not in [_places(said) for said in forms(one.id)]
    ]
    assert odd == []


def _places(text):
    return sorted(set(PLACE.findall(text)))


def test_the_catalogue_is_renewed_and_keeps_what_translators_wrote():
    files = catalogue_files(ROOT / "dbt_project", ROOT / "expectations")
    stale = [path.name for path, text in files.items() if path.read_text() != text]
    assert stale == [], "heartshare messages"
    assert "Fürsprechende" in files[CATALOGUE / "de.po"]


def test_a_new_language_starts_as_a_copy_of_the_template(tmp_path, monkeypatch):
    monkeypatch.setattr(language, "CATALOGUE", tmp_path)
    template = (CATALOGUE / "messages.pot").read_text(encoding="utf-8")
    begun = template.replace(
        'msgid "Stage"\nmsgstr ""', 'msgid "Stage"\nmsgstr "Étape"'
    )
    (tmp_path / "fr.po").write_text(begun, encoding="utf-8")
    with speaking("fr"):
        assert (say("Stage"), say("Week")) == ("Étape", "Week")
