"""Routes of the export inbox: what arrived, what became of it, what waits."""

from typing import Annotated

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from heartshare.ui.access import READS_INBOX, SettingsDep
from heartshare.ui.inbox_books import (
    PAGE_FILES,
    PAGE_ROWS,
    STATUSES,
    Books,
    Filter,
    read_books,
    read_file,
)
from heartshare.ui.pages import page
from heartshare.ui.waiting_files import waiting_files
from heartshare.warehouse.connections import WarehouseBusyError

ROUTER = APIRouter(prefix="/inbox", dependencies=READS_INBOX)
_LAST_PAGE = 100_000


@ROUTER.get("")
def list_files(  # noqa: PLR0913, PLR0917 the fields of the filter
    request: Request,
    user: GetUserDep,
    settings: SettingsDep,
    source: str = "",
    status: str = "",
    trouble: str = "",
    number: Annotated[int, Query(alias="page", ge=1, le=_LAST_PAGE)] = 1,
) -> Response:
    """Show sources, waiting files, and the landed files that a filter lets through."""
    wanted = Filter(source, status, bool(trouble), number)
    try:
        books, is_busy = read_books(settings, wanted), False
    except WarehouseBusyError:
        books, is_busy = Books(), True
    return page(
        request,
        user,
        settings,
        "inbox.html.j2",
        section="inbox",
        books=books,
        is_busy=is_busy,
        waiting=waiting_files(settings),
        wanted=wanted,
        statuses=STATUSES,
        page_count=max(1, -(-books.total // PAGE_FILES)),
    )


@ROUTER.get("/files/{source}/{sha256}")
def show_file(
    request: Request, user: GetUserDep, settings: SettingsDep, source: str, sha256: str
) -> Response:
    """Show what became of one file: rejected rows, drift, and the next step."""
    found = read_file(settings, sha256, source)
    if found is None:
        raise HTTPException(404, "No such file has been loaded.")
    file, rows = found
    return page(
        request,
        user,
        settings,
        "inbox_file.html.j2",
        section="inbox",
        file=file,
        rows=rows,
        row_limit=PAGE_ROWS,
    )
