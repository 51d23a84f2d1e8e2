"""The application that Airflow's api-server mounts: routes, headers, failures."""

from collections.abc import Awaitable, Callable

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException as StarletteHTTPException

from heartshare.errors import HeartshareError, TransientError
from heartshare.ui import archive_routes, gate_routes, inbox_routes, people_routes
from heartshare.ui.access import (
    IS_LOGGED_IN,
    SECTIONS,
    SettingsDep,
    login_address,
    may_enter,
    wants_page,
)
from heartshare.ui.pages import HERE, failure_page, root_of

#: Everything comes from here, nothing from another host, and nobody else frames it.
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}
_TITLES = {
    401: "Please log in",
    403: "Not allowed",
    404: "Not found",
    409: "Not as it was filed",
    422: "Not understood",
    503: "Busy",
}
_ANONYMOUS = 401
_ASSETS = {"heartshare.css": "text/css", "theme.js": "text/javascript"}


def create_app() -> FastAPI:
    """Return the application; Airflow mounts it under /heartshare."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.middleware("http")(_with_headers)
    app.add_exception_handler(StarletteHTTPException, _refuse)
    app.add_exception_handler(RequestValidationError, _misunderstood)
    app.add_exception_handler(HeartshareError, _explain)
    app.get("/", dependencies=IS_LOGGED_IN)(open_first_section)
    app.get("/assets/{name}", dependencies=IS_LOGGED_IN)(serve_asset)
    for routes in (archive_routes, gate_routes, inbox_routes, people_routes):
        app.include_router(routes.ROUTER)
    return app


def open_first_section(
    request: Request, user: GetUserDep, settings: SettingsDep
) -> Response:
    """Lead to the first section that the user may see."""
    for section in SECTIONS:
        if may_enter(user, settings, section):
            return RedirectResponse(f"{root_of(request)}/{section.code}")
    raise HTTPException(403, "Forbidden")


def serve_asset(name: str) -> Response:
    """Serve the style sheet or the script; both are ours."""
    if name not in _ASSETS:
        raise HTTPException(404, "There is no such file.")
    path = HERE / "assets" / next(each for each in _ASSETS if each == name)
    headers = {"Cache-Control": "private, max-age=300"}
    return FileResponse(path, media_type=_ASSETS[name], headers=headers)


async def _with_headers(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    response = await call_next(request)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _refuse(request: Request, error: Exception) -> Response:
    """Answer a refusal: the way to log in, a page for people, JSON for programs."""
    status, detail = getattr(error, "status_code", 500), getattr(error, "detail", "")
    if status == _ANONYMOUS and wants_page(request):
        return RedirectResponse(login_address(request), status_code=303)
    text = {
        "Forbidden": "Your role in Airflow does not allow this. Ask an administrator."
    }.get(detail, str(detail))
    return _answer(request, status, text)


def _misunderstood(request: Request, _error: Exception) -> Response:
    """Answer a request that lacks a field; what it held is not repeated."""
    return _answer(request, 422, "A field is missing, too long or of the wrong kind.")


def _explain(request: Request, error: Exception) -> Response:
    """Answer an error that heartshare explains by itself."""
    return _answer(
        request, 503 if isinstance(error, TransientError) else 422, str(error)
    )


def _answer(request: Request, status: int, text: str) -> Response:
    if "text/html" in request.headers.get("accept", ""):
        return failure_page(request, status, _TITLES.get(status, "Error"), text)
    headers = {"WWW-Authenticate": "Bearer"} if status == _ANONYMOUS else {}
    return JSONResponse({"detail": text}, status, headers=headers)
