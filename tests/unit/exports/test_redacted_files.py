"""The warehouse knows which files are others without somebody who was erased."""

import json

from heartshare.exports.erasing import forget_former_files


def test_redacted_copy_is_told_from_a_new_file(desk, fixtures):
    desk.load(fixtures / "x/overview_in_other_order.csv")
    (meta,) = desk.landing_dir.glob("*/*.meta.json")
    values = json.loads(meta.read_text())
    before = values["sha256"]

    assert forget_former_files(desk.connection, desk.landing_dir) == 0
    assert desk.rows("from raw.redacted_files") == []

    values |= {"sha256": "f" * 64, "former": ["e" * 64, before]}
    meta.write_text(json.dumps(values))
    assert forget_former_files(desk.connection, desk.landing_dir) == 1

    # Files that had been redacted before they were ever loaded are told as well.
    expected = [
        {"file_sha256": "f" * 64, "former_sha256": former}
        for former in sorted(["e" * 64, before])
    ]
    found = "from raw.redacted_files order by all"
    assert desk.rows(found) == expected
    assert forget_former_files(desk.connection, desk.landing_dir) == 0
    assert desk.rows(found) == expected
    assert desk.manifest() == []
