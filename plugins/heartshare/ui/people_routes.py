"""Routes about people: erase somebody, and decide on suggested links.

Every order is a POST from our own page with a token; every erasure is confirmed on a
page of its own, on exactly what was entered before.
"""

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response

from heartshare.errors import InputError
from heartshare.settings import Settings
from heartshare.ui.access import HANDLES_PEOPLE, SettingsDep
from heartshare.ui.dismissed_pairs import ask_again, dismiss, dismissals
from heartshare.ui.erasing import loaded_rows, platforms, recent_runs, start_erasure
from heartshare.ui.forgery import check_token, make_token, require_own_page
from heartshare.ui.inbox_books import reading
from heartshare.ui.link_decisions import (
    PAGE_SUGGESTIONS,
    SOURCE,
    Suggestion,
    decisions,
    forget_accounts,
    keep_apart,
    link,
    suggestions,
    withdraw,
)
from heartshare.ui.pages import page, root_of
from heartshare.warehouse.connections import WarehouseBusyError

ROUTER = APIRouter(prefix="/people", dependencies=HANDLES_PEOPLE)
_ORDER = [Depends(require_own_page)]
_Line = Annotated[str, Form(max_length=500)]
_Token = Annotated[str, Form(max_length=1000)]


@ROUTER.get("")
def show_people(
    request: Request, user: GetUserDep, settings: SettingsDep, started: str = ""
) -> Response:
    """Show the form of an erasure and the runs before it."""
    from heartshare.orchestration.steps.erasure_requests import waiting_count

    runs, is_paused = recent_runs()
    return page(
        request,
        user,
        settings,
        "people.html.j2",
        section="people",
        platforms=platforms(),
        runs=runs,
        is_paused=is_paused,
        waiting_count=waiting_count(settings),
        started=next((run for run in runs if run.run_id == started), None),
        token=make_token(user, "review"),
        has_salt=bool(settings.person_salt),
    )


@ROUTER.post("/erasures/review", dependencies=_ORDER)
def review_erasure(  # noqa: PLR0913, PLR0917 the fields of the form
    request: Request,
    user: GetUserDep,
    settings: SettingsDep,
    platform: _Line,
    accounts: _Line,
    requested_by: _Line,
    reason: _Line,
    token: _Token,
) -> Response:
    """Show what an erasure would take; nothing happens yet."""
    check_token(token, user, "review")
    wanted = _request(platform, accounts, requested_by, reason)
    rows, problem = None, ""
    try:
        rows = loaded_rows(settings, wanted)
    except WarehouseBusyError:
        problem = (
            "A step of the pipeline is writing, so the loaded rows cannot be counted "
            "now. The erasure itself waits for its turn."
        )
    return page(
        request,
        user,
        settings,
        "people_review.html.j2",
        section="people",
        wanted=wanted,
        accounts=", ".join(wanted.identifiers),
        rows=rows,
        problem=problem,
        token=make_token(user, "erase", asdict(wanted)),
    )


@ROUTER.post("/erasures", dependencies=_ORDER)
def erase(  # noqa: PLR0913, PLR0917 the fields of the form
    request: Request,
    user: GetUserDep,
    settings: SettingsDep,
    platform: _Line,
    accounts: _Line,
    requested_by: _Line,
    reason: _Line,
    repeated: _Line,
    token: _Token,
) -> Response:
    """Start the erasure that was reviewed, and lead back to the list of runs."""
    wanted = _request(platform, accounts, requested_by, reason)
    check_token(token, user, "erase", asdict(wanted))
    if repeated.strip() != ", ".join(wanted.identifiers):
        raise HTTPException(
            422,
            "The accounts were not repeated as they stand in the request. Nothing was "
            "started. Go back and type them once more.",
        )
    # First: should it fail, nothing has begun yet, and the order can be repeated.
    forget_accounts(settings, wanted.platform_code, wanted.identifiers)
    run_id = start_erasure(settings, wanted, user)
    return _back(request, f"/people?started={run_id.replace('+', '%2B')}")


@ROUTER.get("/links")
def show_links(
    request: Request,
    user: GetUserDep,
    settings: SettingsDep,
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> Response:
    """Show pairs of accounts that are alike, and what was decided here."""
    decided = decisions(settings)
    answered = {each.key for each in decided}
    try:
        pairs, is_busy = _suggestions(settings), False
    except WarehouseBusyError:
        pairs, is_busy = [], True
    dismissed = dismissals(settings, [pair.key for pair in pairs])
    left = [(pair, dismissed[pair.key]) for pair in pairs if pair.key in dismissed]
    pairs = [pair for pair in pairs if pair.key not in answered | dismissed.keys()]
    start = (number - 1) * PAGE_SUGGESTIONS
    return page(
        request,
        user,
        settings,
        "people_links.html.j2",
        section="people",
        pairs=pairs[start : start + PAGE_SUGGESTIONS],
        total=len(pairs),
        number=number,
        page_count=max(1, -(-len(pairs) // PAGE_SUGGESTIONS)),
        decided=decided,
        dismissed=left,
        is_busy=is_busy,
        source=SOURCE,
        token=make_token(user, "links"),
    )


@ROUTER.post("/links", dependencies=_ORDER)
def decide_link(  # noqa: PLR0913, PLR0917 the fields of the form
    request: Request,
    user: GetUserDep,
    settings: SettingsDep,
    key: _Line,
    decision: _Line,
    token: _Token,
) -> Response:
    """Write a decision on a pair into the programme file, or take one back.

    That a pair is dismissed is kept by this page alone.
    """
    check_token(token, user, "links")
    by, on = str(user.get_name()), _today(settings)
    if decision == "withdraw":
        withdraw(settings, key, by=by, on=on)
        ask_again(settings, key)
        return _back(request, "/people/links")
    choose = {"link": link, "apart": keep_apart}.get(decision)
    pairs = {each.key: each for each in _suggestions(settings)}
    pair = pairs.get(key)
    if pair and decision == "dismiss":
        dismiss(settings, key, by=by, on=on, suggested=pairs)
        return _back(request, "/people/links")
    if choose is None or pair is None:
        raise HTTPException(
            404,
            "There is no such pair any more. Nothing was written. Load the page again.",
        )
    if choose is keep_apart and not pair.may_be_apart:
        raise HTTPException(
            422,
            "Both accounts belong to linked people, whom this would part. Nothing was "
            "written. A wrong link is taken back in the file that made it.",
        )
    choose(settings, pair, by=by, on=on)
    return _back(request, "/people/links")


def _suggestions(settings: Settings) -> list[Suggestion]:
    with reading(settings) as connection:
        return suggestions(connection) if connection else []


def _request(platform: str, accounts: str, requested_by: str, reason: str):  # noqa: ANN202 imported late
    """Return the request that a form describes.

    Raises:
        InputError: a field is empty, or no export names people on the platform.
    """
    from heartshare.orchestration.steps.forgetting import ErasureRequest

    names = tuple(name for part in accounts.split(",") if (name := part.strip()))
    wanted = ErasureRequest(
        platform.strip(), names, requested_by.strip(), reason.strip()
    )
    if not (names and wanted.requested_by and wanted.reason):
        raise InputError("Fill in accounts, who asks and why. Nothing was started.")
    if wanted.platform_code not in platforms():
        raise InputError("Choose a platform of the list. Nothing was started.")
    return wanted


def _today(settings: Settings) -> date:
    return datetime.now(UTC).astimezone(settings.timezone).date()


def _back(request: Request, path: str) -> RedirectResponse:
    return RedirectResponse(f"{root_of(request)}{path}", status_code=303)
