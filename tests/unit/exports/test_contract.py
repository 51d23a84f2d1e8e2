"""Contracts are complete, strict, and each has a fixture and a template."""

import csv
from functools import cache

import pytest

from heartshare.exports.contract import contracts_digest, load_contracts
from heartshare.exports.errors import ContractError
from heartshare.exports.reading import read_export

GOOD = """
title: Tickets
version: 1
confidence: indicative
file: {formats: [csv]}
tables:
  desk__tickets:
    grain: one row per ticket
    restated: no
    signature: {present: [ticket_id]}
    columns:
      ticket_id: {header: ticket, key: true}
      note_text: {}
"""


@pytest.fixture
def folder(tmp_path):
    def build(**contracts):
        for name, text in contracts.items():
            path = tmp_path / "desk" / f"{name}.yml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        return tmp_path

    return build


def test_contract_is_read_with_its_defaults(folder):
    (contract,) = load_contracts(folder(tickets=GOOD))
    assert contract.code == "desk/tickets"
    column = contract.tables[0].column("ticket_id")
    assert column.is_key
    assert column.is_required
    assert dict(column.headers) == {"ticket": "en"}
    assert dict(contract.tables[0].column("note_text").headers) == {"note_text": "en"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("key: true", "keyed: true", "unknown keyed"),
        ("note_text: {}", "note_text: {type: number}", "unknown number"),
        ("note_text: {}", "note_text: {metric: total}", "unknown total"),
        ("note_text: {}", "note_text: {personal: maybe}", "unknown maybe"),
        ("[csv]", "[csv, pdf]", "unknown pdf"),
        ("note_text: {}", "note_text: {cell: corner}", "unknown corner"),
        ("note_text: {}", "note_text: {type: id_moment}", "go together"),
        ("note_text: {}", "note_text: {within: [start, end]}", "names no column"),
        ("    grain:", "    kinds: {Daily: often}\n    grain:", "unknown often"),
        ("confidence: indicative", "confidence: sure", "unknown sure"),
        ("confidence: indicative\n", "", "unknown None"),
        ("    restated: no\n", "", "restated must be a sentence"),
        ("note_text: {}", "note_text: {person: maybe}", "unknown maybe"),
        ("grain:", "owner: nobodys_table\n    grain:", "unknown nobodys_table"),
        ("{}", "{person: true}\n      agent_id: {person: true}", "more than one"),
        ("restated: no", "restated: [a]", "restated must be a sentence"),
        ("present: [ticket_id]", "present: [ticket]", "names no column"),
        ("{}", "{type: date, formats: {de: ['%Y']}}", "unknown de"),
        ("{}", "{joined: [ticket_id, time_text]}", "names no column"),
        ("    signature: {present: [ticket_id]}\n", "", "neither signature"),
    ],
)
def test_contract_with_a_mistake_is_refused(folder, old, new, said):
    with pytest.raises(ContractError, match=said):
        load_contracts(folder(tickets=GOOD.replace(old, new)))


def test_two_contracts_may_not_fill_one_table(folder):
    with pytest.raises(ContractError, match="belongs to"):
        load_contracts(folder(tickets=GOOD, other=GOOD))


def test_contract_may_fill_anothers_table_with_the_same_columns_only(folder):
    other = GOOD.replace("version: 1", "version: 1\nfills: desk/tickets")
    assert len(load_contracts(folder(tickets=GOOD, csv=other))) == 2
    for change in ("note_text: {type: bigint}", "remark_text: {}"):
        with pytest.raises(ContractError, match="other columns than in desk/tickets"):
            load_contracts(folder(csv=other.replace("note_text: {}", change)))


def test_digest_changes_with_any_contract(folder):
    before = contracts_digest(load_contracts(folder(tickets=GOOD)))
    after = contracts_digest(load_contracts(folder(tickets=GOOD + "# a remark\n")))
    assert before != after


@cache
def codes_of(folder):
    paths = folder.iterdir()
    exports = [read_export(path, path.name, load_contracts()) for path in paths]
    return {export.contract.code for export in exports}


@pytest.mark.parametrize("contract", load_contracts(), ids=lambda each: each.code)
def test_contract_has_a_fixture(contract, fixtures):
    assert contract.code in codes_of(fixtures / contract.code.partition("/")[0])


@pytest.mark.parametrize("contract", load_contracts(), ids=lambda each: each.code)
def test_contract_states_a_kind_for_each_number(contract):
    plain = {"post_number", "reply_to_post_number", "version_number", "table_number"}
    for table in contract.tables:
        for column in table.columns:
            if column.is_number and column.name not in plain:
                assert column.metric, f"{table.name}.{column.name}"


def test_templates_are_the_headers_of_the_programme_contracts(fixtures):
    templates = fixtures.parents[2] / "plugins/heartshare/exports/templates"
    contracts = [c for c in load_contracts() if c.code.startswith("programme/")]
    assert len(contracts) == len(list(templates.glob("*.csv")))
    for contract in contracts:
        name = contract.code.partition("/")[2]
        with (templates / f"{name}.csv").open(newline="") as file:
            (header,) = csv.reader(file)
        headers = (next(iter(c.headers)) for c in contract.tables[0].columns)
        assert header == list(dict.fromkeys(headers))
        path = templates / f"{name}.csv"
        assert read_export(path, name, load_contracts()).contract == contract
