"""Routes of the report archive: its list, and the filed bytes, read-only."""

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from heartshare.ui.access import READS_ARCHIVE, SettingsDep
from heartshare.ui.issues import (
    FILES,
    SHOWN,
    ChangedFileError,
    archived_issues,
    damaged_issues,
    find_issue,
    served_file,
)
from heartshare.ui.pages import page, root_of

ROUTER = APIRouter(prefix="/archive", dependencies=READS_ARCHIVE)

#: An archived page is one file: it needs no script, and nothing from anywhere.
_FILED_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
)
_FOREVER = "private, max-age=31536000, immutable"


@ROUTER.get("")
def list_issues(request: Request, user: GetUserDep, settings: SettingsDep) -> Response:
    """Show every issue and revision with its verdict and files."""
    return page(
        request,
        user,
        settings,
        "archive.html.j2",
        section="archive",
        issues=archived_issues(settings.archive),
        damaged=damaged_issues(settings.archive),
        names=FILES,
        shown=SHOWN,
    )


@ROUTER.get("/files/{digest}/{label}/{folder}/{name}")
def serve_file(  # noqa: PLR0913, PLR0917 the parts of an address
    request: Request,
    settings: SettingsDep,
    digest: str,
    label: str,
    folder: str,
    name: str,
) -> Response:
    """Serve a filed file; below one digest the bytes never change."""
    issue = find_issue(settings.archive, label, folder)
    if issue is None or issue.digest != digest:
        raise HTTPException(404, "The archive holds no such file.")
    try:
        file = served_file(issue, name)
    except ChangedFileError as error:
        raise HTTPException(
            409,
            f"{name} of {issue.manifest['issue']} is gone or no longer what was filed. "
            "Restore the archive from a backup.",
        ) from error
    if file is None:
        raise HTTPException(404, "The archive holds no such file.")
    headers = {
        "Cache-Control": _FOREVER,
        "ETag": f'"{file.digest}"',
        "Content-Security-Policy": _FILED_POLICY,
        "Content-Disposition": (
            "inline"
            if file.name in SHOWN
            else f'attachment; filename="{issue.label}.{issue.folder}.{file.name}"'
        ),
    }
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(file.content, media_type=FILES[file.name][1], headers=headers)


@ROUTER.get("/{label}/{folder}/{name}")
def find_file(
    request: Request, settings: SettingsDep, label: str, folder: str, name: str
) -> Response:
    """Lead from an issue's lasting address, as mail has it, to its filed bytes."""
    issue = find_issue(settings.archive, label, folder)
    if issue is None or name not in issue.files:
        raise HTTPException(404, "The archive holds no such file.")
    return RedirectResponse(f"{root_of(request)}{issue.address(name)}", status_code=307)
