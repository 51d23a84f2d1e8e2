"""How pages of the gate look: one sheet, marks that need no colour, no outside hosts.

Blue and vermilion are told apart by colour-blind readers; every mark is also a sign and
a word, and a test holds each pair of text and ground against WCAG's 4.5 to 1.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from heartshare.language import mark, page_language, say
from heartshare.quality.gate import Decision, Severity, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heartshare.quality.gate import Outcome

INK: Final = "#16232E"
MUTED: Final = "#54636E"
LINE: Final = "#D3DBE0"
TINT: Final = "#F2F5F6"
GOOD: Final = "#005A9C"
BAD: Final = "#A63C05"
CAUTION: Final = "#7A5600"
BROKEN: Final = "#16232E"

#: Text on ground, for each pair that the sheet uses.
PAIRS: Final = (
    *((INK, "#FFFFFF"), (MUTED, "#FFFFFF"), (MUTED, TINT), (INK, TINT)),
    *((GOOD, "#FFFFFF"), (BAD, "#FFFFFF"), (CAUTION, "#FFFFFF")),
    *(("#FFFFFF", BAD), ("#FFFFFF", CAUTION), ("#FFFFFF", BROKEN), ("#FFFFFF", GOOD)),
    *((BAD, "#FBEDE5"), (CAUTION, "#FAF3E0"), (GOOD, "#E8F1F8")),
)

#: Sign and words of every mark; the signs are in the oldest fonts there are.
MARKS: Final = {
    "passed": ("·", mark("passed")),
    "held": ("\u00d7", mark("failed, held the week")),
    "note": ("!", mark("failed, published as a note")),
    "info": ("i", mark("failed, for information")),
    "broken": ("?", mark("could not be carried out, held the week")),
    "waived": ("w", mark("failed, waived by a person")),
}
VERDICTS: Final = {
    Decision.CLEAN: ("passed", mark("clean")),
    Decision.PUBLISHED_WITH_NOTES: ("note", mark("published with notes")),
    Decision.BLOCKED: ("held", mark("held")),
}
#: How grave a check is, and what came of it.
SEVERITIES: Final = {
    Severity.CRITICAL: mark("critical"),
    Severity.WARNING: mark("warning"),
    Severity.INFO: mark("for information"),
}
STATES: Final = {
    State.PASSED: mark("passed"),
    State.FAILED: mark("failed"),
    State.WAIVED: mark("waived"),
    State.BROKEN: mark("could not be carried out"),
}

STYLE: Final = f"""
:root {{ color-scheme: light; --ink: {INK}; --muted: {MUTED}; --line: {LINE};
  --tint: {TINT}; --good: {GOOD}; --bad: {BAD}; --caution: {CAUTION};
  --broken: {BROKEN}; }}
* {{ box-sizing: border-box; }}
html {{ scroll-behavior: smooth; }}
@media (prefers-reduced-motion: reduce) {{ html {{ scroll-behavior: auto; }} }}
body {{ margin: 0 auto; max-width: 76rem; padding: 0 1.5rem 4rem; color: var(--ink);
  background: #fff;
  font: 1rem/1.5 "Source Sans 3", "Liberation Sans", Arial, sans-serif; }}
a {{ color: var(--good); }}
a:focus-visible, summary:focus-visible {{ outline: 3px solid var(--good);
  outline-offset: 2px; }}
header {{ padding: 2rem 0 1.25rem; border-bottom: 1px solid var(--line); }}
header nav {{ font-size: .93rem; }}
h1 {{ margin: .5rem 0 .25rem; font-size: 1.75rem; line-height: 1.2;
  letter-spacing: -.01em; }}
h2 {{ margin: 2.5rem 0 .5rem; font-size: 1.2rem; line-height: 1.3; }}
h3 {{ margin: 0; font-size: 1rem; }}
p {{ margin: .3rem 0; max-width: 46rem; }}
.quiet {{ color: var(--muted); }}
.hidden, .skip:not(:focus) {{ position: absolute; width: 1px; height: 1px;
  overflow: hidden; clip-path: inset(50%); white-space: nowrap; }}
table {{ border-collapse: collapse; }}
caption {{ text-align: left; color: var(--muted); padding: 0 0 .4rem; }}
.rows {{ width: 100%; }}
.rows th, .rows td {{ padding: .5rem .9rem .5rem 0; text-align: left;
  vertical-align: top; border-top: 1px solid var(--line); font-size: .93rem; }}
.rows thead th {{ border-top: 0; color: var(--muted); font-weight: 600; }}
.rows tbody th {{ font-weight: 400; }}
code {{ font: .88em "Source Code Pro", "Liberation Mono", monospace;
  overflow-wrap: anywhere; }}
.mark {{ display: inline-flex; align-items: center; justify-content: center;
  width: 1.15rem; height: 1.15rem; border: 2px solid; border-radius: 3px;
  font: 700 .8rem/1 "Liberation Sans", Arial, sans-serif; color: #fff;
  print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
.mark.held {{ background: var(--bad); border-color: var(--bad); }}
.mark.note {{ background: var(--caution); border-color: var(--caution);
  border-radius: 50%; }}
.mark.info {{ background: #fff; border-color: var(--muted); color: var(--muted);
  border-radius: 50%; }}
.mark.broken {{ background: var(--broken); border-color: var(--broken); }}
.mark.waived {{ background: #fff; border-color: var(--good); color: var(--good);
  border-style: double; border-width: 3px; }}
.mark.passed {{ background: none; border-color: transparent; color: var(--good);
  font-size: 1.3rem; }}
.mark.mended {{ background: #fff; }}
.mark.held.mended {{ color: var(--bad); }}
.mark.note.mended {{ color: var(--caution); }}
.mark.broken.mended {{ color: var(--broken); }}
.named {{ display: inline-flex; align-items: baseline; }}
.named .mark {{ flex: none; align-self: flex-start; margin-top: .2rem; }}
.word {{ margin-left: .45rem; }}
.nowrap {{ white-space: nowrap; }}
footer {{ margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line);
  color: var(--muted); font-size: .9rem; }}
@media (max-width: 44rem) {{
  body {{ padding: 0 .9rem 3rem; }}
  .rows, .rows caption, .rows tbody, .rows tr, .rows tbody th, .rows td {{
    display: block; width: auto; }}
  .rows thead, .rows colgroup {{ display: none; }}
  .rows tr {{ padding: .6rem 0; border-top: 1px solid var(--line); }}
  .rows tbody th, .rows td {{ padding: .12rem 0; border: 0; overflow-wrap: anywhere; }}
  .rows td:empty {{ display: none; }}
  .rows td[data-label]::before {{ content: attr(data-label) ": ";
    color: var(--muted); }}
}}
"""


def page(title: str, body: str, style: str = "") -> str:
    """Return a whole page; title is escaped here, the body by whoever made it."""
    return (
        f"<!doctype html>\n<html lang='{page_language()}'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><style>{STYLE}{style}</style></head>\n"
        f"<body>\n{body}\n</body></html>\n"
    )


def mark_of(outcome: Outcome) -> str:
    """Return which mark an outcome gets: a key of ``MARKS``."""
    if outcome.state is State.FAILED:
        kinds = {Severity.CRITICAL: "held", Severity.WARNING: "note"}
        return kinds.get(outcome.severity, "info")
    return str(outcome.state)


def draw_mark(kind: str, words: str = "", *, is_mended: bool = False) -> str:
    """Return a mark; its words are there for who cannot see it."""
    sign, meaning = MARKS[kind]
    told = say(words or meaning)
    if is_mended:
        told = say("{state}, mended in a later run", state=told)
    mended = " mended" if is_mended else ""
    return (
        f"<span class='mark {kind}{mended}' aria-hidden='true'>{sign}</span>"
        f"<span class='hidden'>{escape(told)}</span>"
    )


def draw_named_mark(kind: str, words: str) -> str:
    """Return a mark with its words, which are said by now, beside it for everybody."""
    sign, _ = MARKS[kind]
    return (
        f"<span class='named'><span class='mark {kind}' aria-hidden='true'>{sign}"
        f"</span><span class='word'>{escape(words)}</span></span>"
    )


def draw_cell(label: str, inner: str, *, style: str = "") -> str:
    """Return a cell that bears its column's name where a table's rows are stacked."""
    kind = f" class='{style}'" if style else ""
    return f"<td{kind} data-label='{escape(label)}'>{inner}</td>"


def draw_list_in_english(texts: Iterable[str]) -> str:
    """Return sentences that are records and stay as they were written."""
    items = "".join(f"<li lang='en-GB'>{escape(text)}</li>" for text in texts)
    return f"<ul>{items}</ul>"


def say_html(message: str, **values: object) -> str:
    """Return a message in the language in force as text of a page."""
    return escape(say(message, **values))


def say_name(name: str) -> str:
    """Return the name of a suite or a check as words."""
    return say(name.replace("_", " "))


def say_title(name: str) -> str:
    """Return the name of a suite as a heading."""
    said = say_name(name)
    return said[:1].upper() + said[1:]
