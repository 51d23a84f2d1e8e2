"""Of a post's HTML the author's words remain."""

import pytest

from heartshare.exports.html_text import html_to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("<p>one</p>\n<p>two</p>", "one\ntwo"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("fish &amp; chips&nbsp;&lt;3", "fish & chips <3"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("seen<script>alert(1)</script> too", "seen too"),
        ('<img class="emoji" alt=":heart:"><img src="x" alt="chart">', ":heart:"),
        ("<aside><p>quoted <aside>deep</aside> words</p></aside>mine", "mine"),
        ("</aside>stray end", "stray end"),
        ("", ""),
    ],
)
def test_words_of_a_fragment(html, text):
    assert html_to_text(html, ["aside"]) == text
