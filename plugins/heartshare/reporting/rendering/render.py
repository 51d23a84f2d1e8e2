"""One issue from its facts: web page, PDF, and the parts of an email.

The only module that knows jinja2, typst, resvg and css-inline. A verdict that is not
publishable, or judges another week, gets no report. The same facts give the same
bytes.
"""

from __future__ import annotations

import base64
import json
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heartshare.errors import GateError, HeartshareError, InputError
from heartshare.language import (
    ENGLISH,
    language,
    page_language,
    said_otherwise,
    say,
    say_many,
    speaking,
)
from heartshare.quality.gate import WeekHeldError
from heartshare.reporting.charts import palette
from heartshare.reporting.charts.pictures import Picture, pictures
from heartshare.reporting.delivery.mailing import email_parts
from heartshare.reporting.editions.form import edition_email, edition_pictures
from heartshare.reporting.rendering.glyphs import NOTE, printable
from heartshare.reporting.rendering.stacked_tables import stacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heartshare.quality.gate import GateVerdict

Row = dict[str, Any]

_PACKAGE = "heartshare.reporting.rendering"
#: Mail pictures are drawn at this many pixels a unit, for sharp screens.
_MAIL_ZOOM = 2.6
#: Pixels of a logo in mail, three times as many as it is shown with.
_LOGO_HEIGHT = 108


class VerdictOfAnotherWeekError(GateError):
    """Facts and verdict judge different weeks or builds."""

    def __init__(self, facts: str, verdict: str) -> None:
        super().__init__(
            f"the facts are of {facts} and the verdict of {verdict}. "
            "Build the facts from the revision that this verdict let pass."
        )


class FactsOfAnotherVersionError(InputError):
    """Facts lack a part, or hold one in a form, that today's templates need."""

    def __init__(self, lacking: str) -> None:
        super().__init__(
            f"these facts were written by another version of heartshare ({lacking}). "
            "Render them with the version that filed the issue."
        )


class RenderError(HeartshareError):
    """The PDF could not be set; the message is the typesetter's own."""


@dataclass(frozen=True)
class _Form:
    """How one kind of issue is drawn, set and mailed: functions and templates.

    ``notes`` names the part of its facts that says how to read it.
    """

    page: str
    printed: str
    mail: str
    pictures: Callable[[Row], list[Picture]]
    email: Callable[[Row], Row]
    notes: str


_WEEKLY = _Form(
    "page.html.j2", "report.typ", "email", pictures, email_parts, "reading_notes"
)
_EDITION = _Form(
    "edition.html.j2",
    "edition.typ",
    "edition_email",
    edition_pictures,
    edition_email,
    "notes",
)


@dataclass(frozen=True)
class RenderedIssue:
    """One issue's files, and the parts that its email is frozen from.

    ``pictures`` maps a content id, as the email's HTML names it, to PNG bytes.
    """

    page: Path
    pdf: Path
    facts: Path
    subject: str
    email_html: str
    email_text: str
    pictures: dict[str, bytes]


def render_issue(facts: Row, verdict: GateVerdict, out_dir: Path) -> RenderedIssue:
    """Write index.html, report.pdf and facts.json, and return them with mail parts.

    Raises:
        WeekHeldError: the verdict blocks the week.
        VerdictOfAnotherWeekError: the verdict judges another week or build.
        UnknownLanguageError: the facts are in a language without a catalogue.
        FactsOfAnotherVersionError: the facts lack what the templates print.
        RenderError: the PDF does not meet its standard.
    """
    from jinja2 import UndefinedError

    try:
        with speaking(facts["issue"].get("language", ENGLISH)):
            return _rendered(facts, verdict, out_dir)
    except (KeyError, UndefinedError) as error:
        raise FactsOfAnotherVersionError(str(error)) from error


def _rendered(facts: Row, verdict: GateVerdict, out_dir: Path) -> RenderedIssue:
    _require_passing(facts, verdict)
    out_dir.mkdir(parents=True, exist_ok=True)
    form = _EDITION if "edition" in facts else _WEEKLY
    drawn = form.pictures(facts)
    page, pdf, stored = (
        out_dir / name for name in ("index.html", "report.pdf", "facts.json")
    )
    text = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True)
    stored.write_text(f"{text}\n", encoding="utf-8")
    page.write_text(_page(facts, drawn, form.page), encoding="utf-8")
    pdf.write_bytes(_printed(facts, drawn, form))
    parts = form.email(facts)
    return RenderedIssue(
        page=page,
        pdf=pdf,
        facts=stored,
        subject=parts["subject"],
        email_html=_inlined(_template(f"{form.mail}.html.j2", facts=facts, mail=parts)),
        email_text=_template(f"{form.mail}.txt.j2", facts=facts, mail=parts),
        pictures=_mail_pictures(drawn, parts),
    )


def _require_passing(facts: Row, verdict: GateVerdict) -> None:
    if not verdict.is_publishable:
        raise WeekHeldError(verdict)
    issue = facts["issue"]
    if issue["week"] != verdict.week.key:
        raise VerdictOfAnotherWeekError(issue["week_label"], verdict.week.label)
    if issue["build_id"] != verdict.build_id:
        raise VerdictOfAnotherWeekError(
            f"build {issue['build_id']}", f"build {verdict.build_id}"
        )


def _page(facts: Row, drawn: list[Picture], template: str) -> str:
    charts = {
        one.name: {"wide": one.svg("wide"), "narrow": one.svg("narrow")}
        for one in drawn
    }
    return stacked(_template(template, facts=facts, charts=charts))


def _template(name: str, **values: Any) -> str:
    from jinja2 import (
        Environment,
        PackageLoader,
        StrictUndefined,
        select_autoescape,
    )
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["svg"] = Markup
    environment.globals |= {
        "palette": palette,
        "css": _stylesheet,
        "say": say,
        "say_many": say_many,
        "page_language": page_language,
    }
    return environment.get_template(name).render(**values)


def _stylesheet(name: str) -> Any:  # noqa: ANN401 - markupsafe's type stays inside
    from markupsafe import Markup

    source = files(_PACKAGE).joinpath("templates", name).read_text(encoding="utf-8")
    return Markup(source)  # noqa: S704 - our own file


def _printed(facts: Row, drawn: list[Picture], form: _Form) -> bytes:
    """Return the PDF; what no font of it can show is a square, and a note says so."""
    try:
        return _pdf(facts, drawn, form.printed)
    except RenderError:
        shown = printable(facts, _can_set)
        if shown == facts:
            raise
    shown[form.notes] = [*shown[form.notes], say(NOTE)]
    return _pdf(shown, form.pictures(shown), form.printed)


def _can_set(text: str) -> bool:
    import typst

    with tempfile.TemporaryDirectory() as folder, _resource("fonts") as fonts:
        source = Path(folder) / "text.typ"
        source.write_text(
            '#set document(title: "-")\n#set text(font: "Inter")\n#sys.inputs.text',
            encoding="utf-8",
        )
        try:
            typst.compile(
                source,
                font_paths=[fonts],
                ignore_system_fonts=True,
                pdf_standards=["ua-1"],
                sys_inputs={"text": text},
            )
        except typst.TypstError:
            return False
    return True


def _pdf(facts: Row, drawn: list[Picture], template: str) -> bytes:
    import typst

    with tempfile.TemporaryDirectory() as folder, _resource("fonts") as fonts:
        root = Path(folder)
        for one in drawn:
            (root / f"{one.name}.svg").write_text(one.svg("printed"), encoding="utf-8")
        brand = facts["issue"].get("brand") or {}
        if logo := brand.get("logo"):
            content = base64.b64decode(logo["data"])
            (root / f"logo.{logo['kind']}").write_bytes(content)
        (root / "facts.json").write_text(
            json.dumps(facts, ensure_ascii=False), encoding="utf-8"
        )
        (root / "labels.json").write_text(
            json.dumps(said_otherwise(), ensure_ascii=False), encoding="utf-8"
        )
        source = files(_PACKAGE).joinpath("templates", template).read_bytes()
        (root / template).write_bytes(source)
        try:
            return typst.compile(
                root / template,
                root=root,
                font_paths=[fonts],
                ignore_system_fonts=True,
                pdf_standards=["ua-1"],
                sys_inputs={
                    "palette": json.dumps(_colours()),
                    "language": language(),
                },
                timestamp=0,
            )
        except typst.TypstError as error:
            raise RenderError(f"{error.message} {' '.join(error.hints)}") from error


def _colours() -> dict[str, Any]:
    return {
        name.lower(): getattr(palette, name) for name in dir(palette) if name.isupper()
    }


def _mail_pictures(drawn: list[Picture], parts: Row) -> dict[str, bytes]:
    import resvg_py

    by_name = {one.name: one for one in drawn}
    with _resource("fonts") as fonts:
        logo = (
            {parts["logo"]["cid"]: _mail_logo(parts["logo"])} if parts["logo"] else {}
        )
        return logo | {
            picture["cid"]: bytes(
                resvg_py.svg_to_bytes(
                    svg_string=by_name[picture["name"]].svg("mailed"),
                    skip_system_fonts=True,
                    font_dirs=[str(fonts)],
                    background="#ffffff",
                    zoom=_MAIL_ZOOM,
                )
            )
            for picture in parts["pictures"]
        }


def _mail_logo(logo: Row) -> bytes:
    """Return a logo as PNG, for mail programs show no SVG."""
    import resvg_py

    content = base64.b64decode(logo["data"])
    if logo["kind"] == "png":
        return content
    drawn = resvg_py.svg_to_bytes(
        svg_string=content.decode("utf-8"), skip_system_fonts=True, height=_LOGO_HEIGHT
    )
    return bytes(drawn)


def _inlined(html: str) -> str:
    import css_inline

    inliner = css_inline.CSSInliner(
        keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False
    )
    return inliner.inline(html)


@contextmanager
def _resource(name: str) -> Iterator[Path]:
    with as_file(files(_PACKAGE).joinpath(name)) as path:
        yield Path(path)
