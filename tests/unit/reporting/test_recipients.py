from __future__ import annotations

from datetime import date

import duckdb
import pytest

from heartshare.reporting.delivery.recipients import (
    Recipient,
    choose_addresses,
    is_address,
    is_for_report,
    read_recipients,
    wants_edition,
    wants_pdf,
)

DAY = date(2026, 11, 18)


def recipient(
    address: str,
    role: str = "leadership",
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> Recipient:
    return Recipient(address, "", role, (), valid_from, valid_until)


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "expected"),
    [
        (None, None, True),
        (DAY, DAY, True),
        (date(2026, 11, 19), None, False),
        (None, date(2026, 11, 17), False),
        (date(2026, 1, 1), None, True),
    ],
)
def test_dates_decide_who_gets_mail(
    valid_from: date | None, valid_until: date | None, *, expected: bool
) -> None:
    one = recipient("ann@example.org", valid_from=valid_from, valid_until=valid_until)

    assert bool(choose_addresses([one], DAY)) is expected


def test_addresses_are_sorted_and_each_stands_once() -> None:
    chosen = choose_addresses(
        [
            recipient("bob@example.org"),
            recipient("ann@example.org", role="owner"),
            recipient("Bob@example.org", role="owner"),
        ],
        DAY,
    )

    assert [address.casefold() for address in chosen] == [
        "ann@example.org",
        "bob@example.org",
    ]


def test_role_limits_the_list() -> None:
    people = [recipient("ann@example.org", role="owner"), recipient("bob@example.org")]

    assert choose_addresses(people, DAY, {"owner"}) == ("ann@example.org",)


@pytest.mark.parametrize(
    ("role", "sections", "expected"),
    [
        ("leadership", (), ("report", "pdf", "monthly", "half_year")),
        ("community", (), ("report", "pdf")),
        ("owner", (), ("report", "pdf", "monthly", "half_year")),
        ("leadership", ("all",), ("report", "pdf", "monthly", "half_year")),
        ("owner", ("page_one",), ("report",)),
        ("community", ("page_one", "monthly"), ("report", "monthly")),
        ("owner", ("monthly",), ("monthly",)),
        ("community", ("my_impact",), ()),
    ],
)
def test_role_decides_where_no_section_is_named(
    role: str, sections: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    one = Recipient("ann@example.org", "", role, sections, None, None)
    gets = {
        "report": is_for_report(one),
        "pdf": is_for_report(one) and wants_pdf(one),
        "monthly": wants_edition(one, "monthly"),
        "half_year": wants_edition(one, "half_year"),
    }

    assert tuple(name for name, does in gets.items() if does) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ann@example.org", True),
        ("ann.o+x@mail.example.org", True),
        ("ann", False),
        ("Ann <ann@example.org>", False),
        ("a@b@c", False),
        ("ann@example.org\r\nDATA", False),
        ("", False),
    ],
)
def test_is_address_tells_an_address_from_other_text(
    text: str, *, expected: bool
) -> None:
    assert is_address(text) is expected


def test_recipients_are_read_from_the_programme_file() -> None:
    with duckdb.connect() as connection:
        connection.execute(
            """
            create schema staging;
            create table staging.stg_programme__report_recipients (
                email_address varchar, recipient_name varchar, role_code varchar,
                sections varchar, valid_from date, valid_until date);
            insert into staging.stg_programme__report_recipients values
                (' bob@example.org ', 'Bob', 'owner', 'listen|funnel', null, null),
                ('ann@example.org', null, 'leadership', null, '2026-01-01', null),
                (null, 'Nobody', 'owner', null, null, null)
            """
        )
        found = read_recipients(connection)

    assert [one.address for one in found] == ["bob@example.org", "ann@example.org"]
    assert found[0].sections == ("listen", "funnel")
    assert found[1].valid_from == date(2026, 1, 1)
