"""The table of formats says what the registry says, of every format."""

from heartshare.exports.contract import load_contracts
from heartshare.reference.exports_page import exports_page, registry_lines


def cells(line):
    return [cell.strip() for cell in line.strip("|").split(" | ")]


def test_table_of_formats_has_a_line_per_table_of_every_contract():
    contracts = load_contracts()
    heading, _, *lines = registry_lines(contracts)
    assert cells(heading) == [
        "Format",
        "How recognised",
        "Grain",
        "Person key",
        "Restated?",
        "Confidence",
    ]
    tables = [(c, table) for c in contracts for table in c.tables]
    assert len(lines) == len(tables)
    for line, (contract, table) in zip(lines, tables, strict=True):
        name, recognised, grain, _, restated, confidence = cells(line)
        assert f"`{contract.code}`" in name
        assert recognised.startswith(", ".join(contract.formats) + "; ")
        assert grain == table.grain
        assert restated == table.restated
        assert confidence == contract.confidence


def test_table_of_formats_names_keys_of_people_and_how_good_they_are():
    (reddit,) = [c for c in load_contracts() if c.code == "reddit/comments"]
    (line,) = registry_lines([reddit])[2:]
    assert cells(line)[3] == "`author_name` (weak), `author_fullname`"
    (content,) = [c for c in load_contracts() if c.code == "linkedin/content"]
    by_day, by_post = registry_lines([content])[2:]
    assert cells(by_day)[3] == "none"
    assert cells(by_post)[3] == "`posted_by_name` (weak, not stored)"


def test_page_of_exports_begins_with_the_table_of_formats():
    page = exports_page()
    table = "\n".join(registry_lines(load_contracts()))
    assert table in page.partition("\n## ")[0]


def test_every_contract_says_where_its_knowledge_comes_from():
    silent = [c.code for c in load_contracts() if not c.confidence]
    assert silent == []


def test_every_table_says_what_a_newer_export_changes():
    silent = [t.name for c in load_contracts() for t in c.tables if not t.restated]
    assert silent == []
