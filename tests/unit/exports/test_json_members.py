"""Archives of accounts: only members that a contract names are ever opened."""

import io
import json
import zipfile

import pytest

from heartshare.exports.contract import load_contracts
from heartshare.exports.documents import JsonMember
from heartshare.exports.errors import UnreadableFileError, UnrecognisedExportError
from heartshare.exports.inspection import inspect_file

CONTRACT = """
title: t
version: 1
confidence: indicative
file: {formats: [zip, json], ignored_members: 'media/.*'}
tables:
  desk__notes:
    grain: one row per note
    restated: no
    members: '(?:.*/)?data/(?P<folder>[a-z]+)/notes(?:-part[0-9]+)?\\.js'
    records: [{path: '[]', present: [note.id]}]
    columns:
      note_id: {path: note.id, key: true}
      folder_name: {member_parameter: folder}
"""


@pytest.fixture
def contracts(tmp_path):
    folder = tmp_path / "contracts" / "desk"
    folder.mkdir(parents=True)
    (folder / "notes.yml").write_text(CONTRACT)
    return load_contracts(tmp_path / "contracts")


def archive(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


def script(number, *ids):
    notes = json.dumps([{"note": {"id": each}} for each in ids])
    return f"window.YTD.notes.part{number} = {notes}"


MEMBERS = {
    "data/work/notes.js": script(0, "1", "2"),
    "data/work/notes-part1.js": script(1, "3"),
    "data/letters.js": 'window.YTD.letters.part0 = [{"text": "for you only"}]',
    "media/picture.png": b"\x89PNG",
    "read me.txt": "hello",
}


def test_parts_of_an_archive_are_one_table(desk, write, contracts, monkeypatch):
    opened = []
    read = JsonMember.read
    monkeypatch.setattr(
        JsonMember, "read", lambda self: opened.append(self.name) or read(self)
    )
    path = write("archive.zip", archive(MEMBERS))
    found = inspect_file(path, contracts=contracts)
    assert (found.rows_in, found.rows_good) == (3, 3)
    assert found.drift == {"unread_parts": ["data/letters.js", "read me.txt"]}
    assert set(opened) == {"data/work/notes.js", "data/work/notes-part1.js"}


def test_member_path_and_row_numbers_are_kept(warehouse, write, contracts):
    from heartshare.exports.reading import read_export

    path = write("archive.zip", archive(MEMBERS))
    (rows,) = read_export(path, path.name, contracts).tables
    table = rows.arrow(0).to_pylist()
    assert [row["_row_number"] for row in table] == [1, 2, 3]
    assert {row["folder_name"] for row in table} == {"work"}


def test_member_that_is_cut_off_is_refused_by_name(write, contracts):
    members = MEMBERS | {"data/work/notes-part1.js": script(1, "3")[:-4]}
    with pytest.raises(UnreadableFileError, match=r"notes-part1\.js cannot be read"):
        inspect_file(write("archive.zip", archive(members)), contracts=contracts)


def test_archive_that_no_contract_names_is_not_opened(write, monkeypatch):
    monkeypatch.setattr(JsonMember, "read", lambda _: pytest.fail("a member was read"))
    members = {"data/direct-messages.js": "window.YTD.direct_messages.part0 = [{}]"}
    with pytest.raises(UnrecognisedExportError):
        inspect_file(write("archive.zip", archive(members)))


def test_one_script_of_an_archive_is_refused(write):
    with pytest.raises(UnreadableFileError, match="Hand in the whole archive"):
        inspect_file(write("direct-messages.js", MEMBERS["data/letters.js"]))


def test_packed_tar_is_refused_with_a_next_step(write):
    with pytest.raises(UnreadableFileError, match="packed by gzip"):
        inspect_file(write("archive.tar.gz", b"\x1f\x8b\x08\x00" + bytes(20)))
