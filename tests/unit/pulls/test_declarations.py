"""sources.yml declares exactly what it says, or nothing at all."""

import subprocess
from importlib import resources
from pathlib import Path

import pytest

from heartshare.errors import InputError
from heartshare.pulls.declarations import load_declarations
from heartshare.pulls.kinds import COMMON, KINDS


@pytest.fixture
def read(tmp_path):
    def reader(text):
        path = tmp_path / "sources.yml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return load_declarations(path)

    return reader


def test_absent_and_empty_files_declare_nothing(tmp_path, read):
    assert load_declarations(tmp_path / "sources.yml") == []
    assert read("# nothing yet\n") == []


def test_file_that_was_asked_for_must_exist(tmp_path):
    with pytest.raises(InputError, match="HEARTSHARE_SOURCES names"):
        load_declarations(tmp_path / "sources.yml", must_exist=True)


def test_folder_in_its_place_is_named(tmp_path):
    """Docker makes one where a file that is to be mounted does not exist."""
    (tmp_path / "sources.yml").mkdir()
    with pytest.raises(InputError, match=r"sources\.yml: cannot be read \(Is a direc"):
        load_declarations(tmp_path / "sources.yml")


def test_source_has_its_fields_and_the_defaults_of_its_kind(read):
    bucket, feed = read(
        "bucket:\n"
        "  kind: objects\n"
        "  url: s3://exports/weekly\n"
        "  connection: exports_s3\n"
        "  timezone: Europe/Berlin\n"
        "  include: '*.csv'\n"
        "feed: {kind: bluesky, connection: sky, accounts: [a.example.org]}\n"
    )
    assert (bucket.name, bucket.kind, bucket.connection) == (
        *("bucket", "objects", "exports_s3"),
    )
    assert bucket.timezone.key == "Europe/Berlin"
    assert bucket.options["include"] == ("*.csv",)
    assert bucket.options["recursive"] is True
    assert (bucket.overlap_days, feed.overlap_days) == (0, 7)
    assert (feed.timezone, feed.line) == (None, 7)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a:\n  kind: objetcs\n", "line 2: kind 'objetcs' is not known; did you mean"),
        ("a:\n  connection: c\n", "line 1: source a lacks kind"),
        (
            "a:\n  kind: objects\n  ulr: x\n",
            "line 3: .* no field ulr; did you mean url",
        ),
        ("a: {kind: objects}\n", "line 1: source a lacks url"),
        ("a: {kind: mastodon}\n", "line 1: source a lacks connection"),
        ("a: {kind: folder}\n\na: {kind: folder}\n", "line 3: a is stated twice"),
        ("a:\n  kind: folder\n  kind: folder\n", "line 3: kind is stated twice"),
        ("a: {kind: folder, timezone: Mars}\n", "'Mars' is no IANA time zone"),
        (
            "a: {kind: folder, overlap_days: -1}\n",
            "overlap_days must be a whole number",
        ),
        (
            "a: {kind: folder, overlap_days: 99999999999}\n",
            "overlap_days must be a whole number from 0 to 100000",
        ),
        ("a: {kind: folder, overlap_days: yes}\n", "overlap_days must be a whole"),
        ("a: {kind: objects, url: 3}\n", "url must be a text; put it in quotes"),
        (
            "a: {kind: objects, url: x, recursive: 1}\n",
            "recursive must be true or false",
        ),
        ("a: {kind: objects, url: x, include: []}\n", "include must be a list"),
        ("a: {kind: objects, url: !!python/name:os.x y}\n", "url must be a text"),
        (
            "a:\n kind: objects\n url: x\n folders_are_sources: true\n timezone: UTC\n",
            "line 5: timezone does not reach the folders of a",
        ),
        ("a: {kind: folder, timezone: Europe}\n", "'Europe' is no IANA time zone"),
        ("a/b: {kind: folder}\n", "'a/b' cannot name a source"),
        ("..: {kind: folder}\n", "cannot name a source"),
        ("- a\n", "line 1: the file must be 'name: value' lines"),
        ("a: folder\n", "line 1: source a must be 'name: value' lines"),
        ("a: {\n", "line 2 is not valid YAML"),
        (b"a: \xff\n", "not UTF-8"),
        ("{[a]: b}\n", "line 1: a name must be plain text"),
    ],
)
def test_complaint_names_line_and_what_is_wrong(read, text, complaint):
    with pytest.raises(InputError, match=complaint):
        read(text)


def test_all_complaints_come_at_once_and_nothing_is_declared(read):
    with pytest.raises(InputError, match=r"line 2: .*; line 4: .*Nothing was pulled"):
        read("a:\n  kind: x\nb:\n  kind: y\nc: {kind: folder}\n")


def test_first_commands_of_the_page_work_where_no_home_is_yet(tmp_path):
    """The shell opens the file before heartshare can make the folder."""
    page = Path(__file__).parents[3] / "docs" / "sources.md"
    script = page.read_text(encoding="utf-8").split("```\n")[1]
    subprocess.run(
        ["bash", "-ec", 'heartshare() { echo "$*"; }\n' + script],
        cwd=tmp_path,
        check=True,
    )
    written = tmp_path / "var" / "heartshare" / "sources.yml"
    assert written.read_text() == "pull --example\n"


def test_shipped_example_declares_every_kind_as_documented():
    with resources.as_file(resources.files("heartshare.pulls")) as folder:
        found = load_declarations(folder / "sources.example.yml")
    assert {each.kind for each in found} == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "field"),
    [("any kind", field) for field in COMMON]
    + [(kind, field) for kind in KINDS for field in KINDS[kind].options],
)
def test_field_is_documented_with_its_meaning(kind, field):
    option = COMMON[field] if kind == "any kind" else KINDS[kind].options[field]
    page = (Path(__file__).parents[3] / "docs" / "sources.md").read_text()
    (line,) = [
        line for line in page.splitlines() if line.startswith(f"| {kind} | `{field}` |")
    ]
    assert option.meaning in line
