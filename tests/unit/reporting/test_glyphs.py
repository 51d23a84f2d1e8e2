"""Characters without a picture in our fonts cost a week no report."""

import pypdf
import pytest
from unit.reporting import issues

from heartshare.reporting.rendering.glyphs import NOTE, printable
from heartshare.reporting.rendering.render import render_issue


def in_capitals(text):
    return text.isascii()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Plain and caf\u00e9", "Plain and caf\u00e9"),
        ("\u516c\u5712 and \u7dd1", "\u25a1 and \u25a1"),
        ("\U0001f468\u200d\U0001f469\ufe0f family", "\u25a1 family"),
        ("a\u516cb", "a\u25a1b"),
    ],
)
def test_runs_without_a_picture_become_one_square(text, shown):
    assert printable({"a": [text, 1, None]}, in_capitals) == {"a": [shown, 1, None]}


def test_the_typesetter_is_asked_once_for_each_word():
    asked = []
    printable(["\u2013 \u2013", "\u2013"], lambda text: asked.append(text) or True)
    assert asked == ["\u2013"]


def test_an_emoji_in_a_name_and_a_word_of_another_script_leave_a_report(tmp_path):
    with issues.open_published() as connection:
        connection.execute(
            "update marts.rpt_weekly_issues set theme_name = '\u516c\u5712 parks' "
            "where theme_code = 'parks'"
        )
        facts = issues.facts(connection, organisation="Rivermark \U0001f3db\ufe0f")
    made = render_issue(facts, issues.verdict(), tmp_path)
    texts = [page.extract_text() for page in pypdf.PdfReader(made.pdf).pages]
    assert "Rivermark \u25a1" in texts[0]
    assert "\u25a1 parks" in texts[1]
    assert NOTE in " ".join("".join(texts).split())
    page = made.page.read_text(encoding="utf-8")
    assert "Rivermark \U0001f3db" in page
    assert "\u516c\u5712 parks" in page
    assert NOTE not in page
