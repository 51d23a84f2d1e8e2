"""How does a page become HTML? The only place of the interface that knows Jinja2."""

from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from heartshare.settings import Settings
from heartshare.ui.access import SECTIONS, may_enter

HERE = Path(__file__).parent
#: What is shown may change with every step of the pipeline.
_CACHE = {"Cache-Control": "private, no-store"}


def page(  # noqa: PLR0913 all that a page needs
    request: Request,
    user: Any,  # noqa: ANN401 each auth manager's own
    settings: Settings,
    template: str,
    *,
    section: str,
    status: int = 200,
    **values: Any,
) -> HTMLResponse:
    """Return a page of a section; every value is escaped."""
    text = (
        _environment()
        .get_template(template)
        .render(
            root=root_of(request),
            organisation=settings.organisation,
            sections=[each for each in SECTIONS if may_enter(user, settings, each)],
            section=section,
            **values,
        )
    )
    return HTMLResponse(text, status, headers=_CACHE)


def failure_page(request: Request, status: int, title: str, text: str) -> HTMLResponse:
    """Return a page that says what went wrong, without anything of a section."""
    body = (
        _environment()
        .get_template("failure.html.j2")
        .render(
            root=root_of(request),
            organisation="",
            sections=[],
            section="",
            title=title,
            text=text,
        )
    )
    return HTMLResponse(body, status, headers=_CACHE)


def root_of(request: Request) -> str:
    """Return the address below which Airflow has mounted the interface."""
    return str(request.scope.get("root_path", "")).rstrip("/")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["count"] = lambda number: f"{number:,}"
    environment.filters["moment"] = lambda at: (
        at.strftime("%Y-%m-%d %H:%M") if at else ""
    )
    environment.filters["words"] = lambda code: str(code).replace("_", " ")
    environment.filters["sentence"] = lambda text: text[:1].upper() + text[1:]
    return environment
