"""A file is known by its header or keys, never by its name."""

import io
import shutil
import zipfile

import pytest

from heartshare.exports.contract import load_contracts
from heartshare.exports.errors import (
    AmbiguousExportError,
    ExportHeaderChangedError,
    UnrecognisedExportError,
)
from heartshare.exports.inspection import inspect_file
from heartshare.exports.reading import read_export


@pytest.mark.parametrize(
    ("name", "contract", "language"),
    [
        ("facebook/views_column_twice.csv", "facebook/posts", "en"),
        ("facebook/spanish_headers.csv", "facebook/posts", "es"),
        ("facebook/portuguese_dots_and_dashes.csv", "facebook/posts", "pt-BR"),
        ("instagram/portuguese_stories.csv", "instagram/stories", "pt-BR"),
        ("instagram/spanish_headers_with_bom.csv", "instagram/posts", "es"),
        ("instagram/portuguese_dots_and_dashes.csv", "instagram/posts", "pt-BR"),
        ("instagram/columns_in_another_order.csv", "instagram/posts", "en"),
        ("x/overview_in_other_order.csv", "x/daily_overview", "en"),
        ("youtube/german_table.csv", "youtube/studio", "de"),
        ("discourse/second_page_of_posts.json", "discourse/topic", "en"),
        ("reddit/submissions_in_an_array.json", "reddit/submissions", "en"),
        ("ga4/landing_pages_and_another_table.csv", "ga4/landing_pages", "en"),
        ("ga4/snapshot_of_two_tables.csv", "ga4/report_rows", "en"),
        ("programme/themes_with_semicolons.csv", "programme/strategy_themes", "en"),
        ("programme/process_changes.csv", "programme/process_changes", "en"),
        ("programme/tracked_entities.csv", "programme/tracked_entities", "en"),
        ("programme/goal_values_without_a_number.csv", "programme/goal_values", "en"),
    ],
)
def test_export_is_recognised_under_any_name(
    fixtures, tmp_path, name, contract, language
):
    renamed = tmp_path / "download (3).bin"
    shutil.copy(fixtures / name, renamed)
    export = read_export(renamed, renamed.name, load_contracts())
    assert (export.contract.code, export.language) == (contract, language)


def test_stories_are_not_taken_for_posts(fixtures):
    path = fixtures / "instagram" / "stories_beside_post_columns.csv"
    assert inspect_file(path).contract == "instagram/stories"


def test_unknown_file_resembles_nothing(fixtures):
    with pytest.raises(UnrecognisedExportError, match="resembles no contract"):
        inspect_file(fixtures / "unknown" / "support_tickets.csv")


def test_renamed_column_names_the_nearest_contract_and_what_is_missing(write):
    path = write("renamed.csv", "Post Id,Date,Post text,Post Link,Impressions\n")
    with pytest.raises(UnrecognisedExportError) as raised:
        inspect_file(path)
    assert raised.value.nearest == "x/posts"
    assert raised.value.missing == ("Post id",)
    assert "renamed.csv" in str(raised.value)


def test_columns_divided_otherwise_are_said_to_be_there(write):
    path = write("saved.csv", "Post id;Date;Post text;Post Link;Impressions\n")
    with pytest.raises(UnrecognisedExportError) as raised:
        inspect_file(path)
    assert "has the columns of x/posts, divided by ';'" in str(raised.value)
    assert "do not open it in a spreadsheet program" in str(raised.value)


def test_archive_of_an_export_is_to_be_unpacked(fixtures, write):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(fixtures / "x/overview_in_other_order.csv", "overview.csv")
    with pytest.raises(UnrecognisedExportError, match="Unpack it and hand in"):
        inspect_file(write("overview.zip", packed.getvalue()))


def test_key_column_outside_the_signature_is_named(write):
    header = "platform_code,counted_on,follower_count\n"
    with pytest.raises(ExportHeaderChangedError) as raised:
        inspect_file(write("counts.csv", header + "x,2026-03-08,9\n"))
    assert "account_handle" in str(raised.value)
    assert "programme/follower_counts" in str(raised.value)


def test_file_that_meets_two_contracts_is_refused(write):
    header = ",".join(
        ["email_address", "role_code", "entry_id", "entry_kind_code", "contacted_at"]
    )
    with pytest.raises(AmbiguousExportError, match="outreach_log, programme/report"):
        inspect_file(write("both.csv", header + "\n"))


def test_headers_match_despite_invisible_characters_and_blanks(write):
    header = '\ufeff" Post id",Date,Post text,Post\u00a0Link,Impressions\u200b\n'
    row = '5,"Tue, Jul 14, 2026",t,https://x.com/a/status/5,3\n'
    inspection = inspect_file(write("odd.csv", header + row))
    assert (inspection.contract, inspection.rows_good) == ("x/posts", 1)


def test_every_alias_of_a_signature_leads_to_its_contract(write):
    for contract in load_contracts():
        if contract.is_blocks or "csv" not in contract.formats:
            continue
        for table in contract.tables:
            if table.archive_only or table.unpivot or contract.header_rows > 1:
                continue
            columns = [
                c for c in table.columns if not c.is_optional and c.scope == "row"
            ]
            for language in sorted({v for c in columns for v in c.headers.values()}):
                header = [_alias(column, language) for column in columns]
                path = write("header.csv", ",".join(f'"{cell}"' for cell in header))
                export = read_export(path, path.name, load_contracts())
                assert export.contract.code == contract.code, table.name


def _alias(column, language):
    spoken = [header for header, tongue in column.headers.items() if tongue == language]
    return (spoken or list(column.headers))[0]
