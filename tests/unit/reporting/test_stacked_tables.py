"""A wide table stacks on a phone: each cell with its head, and still a table."""

from heartshare.reporting.rendering.stacked_tables import stacked

WIDE = (
    '<div class="scroll grey" tabindex="0"><table><caption>C</caption><thead><tr>'
    '<th scope="col">Name</th><th scope="col" class="n">How many</th>'
    '<th scope="col">Reading</th></tr></thead><tbody>'
    '<tr><th scope="row">A</th><td class="n">1</td><td><b>r</b></td></tr>'
    '<tr><th scope="row">B</th><td class="n">2</td><td>s</td></tr>'
    "</tbody></table></div>"
)


def test_each_cell_of_a_wide_table_carries_the_head_of_its_column():
    page = stacked(WIDE)
    assert page.startswith('<div class="scroll stacks grey" tabindex="0">')
    assert '<td role="cell" data-label="How many" class="n">1</td>' in page
    assert page.count('data-label="How many"') == 2
    assert page.count('data-label="Reading"') == 2


def test_a_stacked_table_keeps_the_roles_of_a_table():
    page = stacked(WIDE)
    for role, count in (
        ("table", 1), ("rowgroup", 2), ("row", 3), ("columnheader", 3),
        ("rowheader", 2), ("cell", 4),
    ):  # fmt: skip
        assert page.count(f'role="{role}"') == count, role


def test_a_table_that_fits_stays_as_it_is():
    narrow = WIDE.replace("scroll grey", "scroll fits")
    assert stacked(narrow) == narrow
