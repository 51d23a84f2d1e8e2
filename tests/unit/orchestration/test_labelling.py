"""From the built week to a sheet, from the sheet to a landed file, and out again."""

import json
import re
from datetime import UTC, datetime

import pytest

from heartshare.exports.landed_files import land_file
from heartshare.listening.sheets import read_sheet, write_sheet
from heartshare.orchestration.steps.forgetting import ErasureRequest, forget_person
from heartshare.orchestration.steps.label_files import (
    NoSampleError,
    forget_in_sheets,
)
from heartshare.orchestration.steps.label_reading import OtherLabellersError, read_back
from heartshare.orchestration.steps.labelling import (
    LabelledSheetError,
    TooFewTextsError,
    WeekNotBuiltError,
    write_sample,
)
from heartshare.orchestration.steps.landing import load_exports
from heartshare.settings import Settings
from heartshare.warehouse.builds import close_build, open_build
from heartshare.warehouse.connections import open_writer
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path):
    home = {"HEARTSHARE_HOME": str(tmp_path), "HEARTSHARE_PERSON_SALT": "pepper"}
    return Settings.from_env(home)


def build(settings, *, texts=90, authors=30, week=WEEK):
    """Fill what the sample is drawn from: author 0 wrote every thirtieth text."""
    with open_writer(settings) as connection:
        open_build(connection, week, "build-1", AT)
        connection.execute(
            f"""
            create schema if not exists intermediate;
            create table intermediate.int_interactions__classified as select
                'i' || n as interaction_key, 'reddit' as platform_code,
                md5('reddit|t2_author' || n % {authors}) as person_key,
                ['negative', 'neutral', 'positive'][n % 3 + 1] as sentiment_code,
                '=HYPERLINK("x") of author' || n % {authors} as full_text_key,
                'stakeholder' as actor_class_code, 0.5 as compound_score,
                date '{WEEK.key}' as occurred_week
            from range({texts}) as t(n);
            -- What is no text of a stakeholder, or was not scored, is not labelled.
            insert into intermediate.int_interactions__classified
            select 'o' || n, 'reddit', 'org', 'neutral', 'Ours', 'org', 0.5,
                date '{WEEK.key}'
            from range({texts}) as t(n)
            union all
            select 'u' || n, 'reddit', 'foreign', null, 'Hola', 'stakeholder', null,
                date '{WEEK.key}'
            from range({texts}) as t(n);
            create table intermediate.int_texts__gathered as
            select distinct full_text_key, full_text_key as full_text
            from intermediate.int_interactions__classified;
            create table intermediate.int_thresholds__pivoted as select
                50 as tone_text_minimum_count, 20 as tone_author_minimum_count,
                10 as tone_stratum_sample_minimum_count;
            """
        )
        close_build(connection, "build-1")


def fill(path, count=None, label="1", labelled_by="Anna"):
    """Label the first rows of a sheet as a person does."""
    rows = read_sheet(path)
    count = len(rows) if count is None else count
    write_sheet(
        path,
        [
            (
                r.text_code,
                r.week,
                r.platform_code,
                r.text,
                label if i < count else "",
                labelled_by,
            )
            for i, r in enumerate(rows)
        ],
    )


def landed(settings):
    """Land and load what lies in the inbox; return the labels' rows."""
    for path in sorted((settings.inbox / "programme").glob("*.csv")):
        land_file(path, "programme", settings.landing, AT)
    load_exports(settings)
    with open_writer(settings) as connection:
        return connection.execute(
            "select sheet_name, text_week::varchar, interaction_key, author_key, "
            "stratum_population_count, stratum_sample_count, tone_label, labelled_by "
            "from raw.programme__tone_labels order by interaction_key"
        ).fetchall()


def test_sample_is_written_twice_the_same(settings):
    build(settings)
    drawn = write_sample(settings, WEEK, size=60)
    before = drawn.path.read_bytes()
    assert write_sample(settings, WEEK, size=60).path.read_bytes() == before
    assert (drawn.texts, drawn.population) == (60, 90)
    assert "--week 2026-W46 --read" in drawn.instructions(WEEK)
    rows = read_sheet(drawn.path)
    assert len(rows) == 60
    assert all(row.text.startswith("'=HYPER") for row in rows)
    assert b"negative" not in before, "who labels must not see what the scorer says"


def test_sample_refuses_a_week_that_is_not_built(settings):
    with pytest.raises(WeekNotBuiltError, match="heartshare build --week 2026-W46"):
        write_sample(settings, WEEK, size=60)
    build(settings, week=WEEK.shift(-1))
    with pytest.raises(WeekNotBuiltError):
        write_sample(settings, WEEK, size=60)


@pytest.mark.parametrize(("texts", "authors"), [(49, 30), (90, 19)])
def test_sample_refuses_a_week_with_too_little(settings, texts, authors):
    build(settings, texts=texts, authors=authors)
    with pytest.raises(TooFewTextsError, match=f"{texts} scored texts of {authors} "):
        write_sample(settings, WEEK, size=60)


def test_labels_are_never_overwritten(settings):
    build(settings)
    path = write_sample(settings, WEEK, size=60).path
    fill(path, 12)
    with pytest.raises(LabelledSheetError, match="12 labels"):
        write_sample(settings, WEEK, size=90)
    drawn = write_sample(settings, WEEK, size=90, is_new=True)
    assert (drawn.texts, drawn.kept_labels) == (90, 12)
    assert sum(bool(row.label) for row in read_sheet(path)) == 12


def test_labels_land_without_the_text(settings):
    build(settings)
    path = write_sample(settings, WEEK, size=60).path
    fill(path, 40, "-2")
    summary = read_back(settings, WEEK)
    assert (summary.labelled, summary.unlabelled) == (40, 20)
    assert b"HYPER" not in summary.path.read_bytes()
    rows = landed(settings)
    assert len(rows) == 40
    assert {row[0:2] + row[4:] for row in rows} == {
        ("2026-W46", "2026-11-09", 30, 20, -2, "Anna")
    }
    left = [row.text for row in read_sheet(path)]
    assert sum(bool(text) for text in left) == 20


def test_labels_can_be_corrected_and_read_again(settings):
    build(settings)
    path = write_sample(settings, WEEK, size=60).path
    fill(path)
    first = read_back(settings, WEEK).path.read_bytes()
    again = read_back(settings, WEEK)
    assert again.path.read_bytes() == first
    fill(path, label="0")
    assert read_back(settings, WEEK).path.read_bytes() != first


def test_second_person_has_a_file_of_their_own(settings, tmp_path):
    build(settings)
    path = write_sample(settings, WEEK, size=60).path
    other = tmp_path / "desk" / "anna w46.csv"
    other.parent.mkdir()
    other.write_bytes(path.read_bytes())
    fill(other)
    fill(path, label="-1")
    one, two = read_back(settings, WEEK), read_back(settings, WEEK, other)
    assert one.path.name == "tone_labels_2026-W46.csv"
    assert re.fullmatch(
        r"tone_labels_2026-W46_anna_w46_[0-9a-f]{8}\.csv", two.path.name
    )
    assert "delete it" in two.told()
    assert len(landed(settings)) == 120


def test_files_of_the_same_name_in_two_places_are_both_kept(settings, tmp_path):
    build(settings)
    content = write_sample(settings, WEEK, size=60).path.read_bytes()
    read = []
    for place, label in (("anna", "1"), ("bert", "-1")):
        sheet = tmp_path / place / "2026-W46.csv"
        sheet.parent.mkdir()
        sheet.write_bytes(content)
        fill(sheet, label=label, labelled_by="")
        read.append(read_back(settings, WEEK, sheet).path)
        fill(sheet, label="0", labelled_by="")
        assert read_back(settings, WEEK, sheet).path == read[-1]
    assert len({*read}) == 2
    rows = landed(settings)
    assert len(rows) == 120
    assert {row[6] for row in rows} == {0}


def test_labels_of_other_people_are_not_overwritten(settings):
    build(settings)
    path = write_sample(settings, WEEK, size=60).path
    fill(path, labelled_by="Anna")
    target = read_back(settings, WEEK).path
    held = target.read_bytes()
    fill(path, labelled_by="Bert")
    with pytest.raises(OtherLabellersError, match=r"by Anna.*by Bert.*2026-W46-2\.csv"):
        read_back(settings, WEEK)
    assert target.read_bytes() == held
    other = path.with_name("2026-W46-2.csv")
    path.rename(other)
    assert read_back(settings, WEEK, other).path.name == "tone_labels_2026-W46-2.csv"
    assert target.read_bytes() == held


def test_nothing_is_read_without_a_sample(settings):
    with pytest.raises(NoSampleError, match="heartshare label --week 2026-W46"):
        read_back(settings, WEEK)


def test_sheets_of_earlier_weeks_lose_their_texts(settings):
    build(settings)
    path = write_sample(settings, WEEK, size=60).path
    old = path.with_name("2026-W45-anna.csv")
    old.write_bytes(path.read_bytes())
    write_sample(settings, WEEK, size=60)
    assert {row.text for row in read_sheet(old)} == {""}
    assert "" not in {row.text for row in read_sheet(path)}


def test_sheet_that_was_not_read_back_keeps_its_texts_and_is_named(settings):
    build(settings)
    path = write_sample(settings, WEEK, size=60).path
    old = path.with_name("2026-W45.csv")
    old.write_bytes(path.read_bytes())
    fill(old, 12)
    before = old.read_bytes()
    drawn = write_sample(settings, WEEK, size=60)
    assert drawn.unread_sheets == (old,)
    assert f"{old} holds labels that were not read back" in drawn.instructions(WEEK)
    assert old.read_bytes() == before


def test_erased_author_leaves_sheets_samples_and_inbox(settings):
    build(settings)
    path = write_sample(settings, WEEK, size=90).path
    fill(path, 60)
    file = read_back(settings, WEEK).path
    (path.with_name("saved.xlsx")).write_bytes(b"PK\x03\x04")
    drawn = json.loads((path.parent / "2026-W46.sample.json").read_text())
    gone = drawn[0]["author_key"]
    codes = {row["text_code"] for row in drawn if row["author_key"] == gone}
    moment = file.stat().st_mtime
    unread = forget_in_sheets(
        settings, lambda key: key == gone, lambda text: text.replace("author", "[x]")
    )
    assert [each.name for each in unread] == ["saved.xlsx"]
    assert len(codes) == 3
    assert codes.isdisjoint(row.text_code for row in read_sheet(path))
    assert gone not in file.read_text()
    assert gone not in (path.parent / "2026-W46.sample.json").read_text()
    assert file.stat().st_mtime == moment
    assert all("author" not in row.text for row in read_sheet(path))
    read_back(settings, WEEK)  # what is left is whole


def test_forgetting_a_person_takes_their_labelled_texts(settings):
    build(settings)
    path = write_sample(settings, WEEK, size=90).path
    fill(path)
    read_back(settings, WEEK)
    original = (settings.inbox / "programme" / "tone_labels_2026-W46.csv").read_bytes()
    rows = landed(settings)
    with open_writer(settings) as connection:
        (key,) = connection.execute("select md5('reddit|t2_author7')").fetchone()
    assert sum(row[3] == key for row in rows) == 3
    request = ErasureRequest("reddit", ("t2_author7",), "privacy desk", "by letter")
    forget_person(settings, request, at=AT)
    left = {row[2] for row in landed(settings)}
    assert left == {row[2] for row in rows if row[3] != key}
    held = [
        str(found.relative_to(settings.home))
        for found in settings.home.rglob("*")
        if found.is_file() and key.encode() in found.read_bytes()
    ]
    assert held == []
    # The old file dropped again brings nobody back.
    old = settings.inbox / "programme" / "tone_labels_2026-W46.csv"
    old.write_bytes(original)
    assert all(row[3] != key for row in landed(settings))
