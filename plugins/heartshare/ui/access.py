"""Who may see and do what? Airflow's log-in and permissions decide on every route.

Reading asks for the right to see runs of the DAG behind a page, so that an auth manager
with permissions per DAG can close each section by itself. Annotations are evaluated
here, because FastAPI reads them.
"""

import os
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import (
    AccessView,
    DagAccessEntity,
    DagDetails,
)
from airflow.api_fastapi.core_api.security import (
    GetUserDep,
    requires_access_dag,
    requires_access_view,
)
from fastapi import Depends, HTTPException, Request, status

from heartshare.settings import Settings

FORGETTING = "forget_person"


@dataclass(frozen=True)
class Section:
    """One part of the interface, and the DAG whose runs its readers may see."""

    code: str
    title: str
    dag_id: str
    is_about_people: bool = False


SECTIONS = (
    Section("archive", "Report archive", "publish_weekly_report"),
    Section("gate", "Gate history", "build_marts"),
    Section("inbox", "Export inbox", "pull_exports"),
    Section("people", "People", FORGETTING, is_about_people=True),
)


def current_settings() -> Settings:
    """Return the settings of this process, read anew for every request."""
    return Settings.from_env(os.environ)


SettingsDep = Annotated[Settings, Depends(current_settings)]


def require_people_role(user: GetUserDep, settings: SettingsDep) -> None:
    """Refuse whoever has none of the roles that may erase and link people."""
    if not has_people_role(user, settings):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "Forbidden")


def has_people_role(user: Any, settings: Settings) -> bool:  # noqa: ANN401 each manager's own
    """Return whether a user has a role that HEARTSHARE_PEOPLE_ROLES names.

    Users of Airflow's simple manager have one role, those of FAB several with names;
    users without any are refused.
    """
    single = getattr(user, "role", None)
    several = getattr(user, "roles", None) or ()
    names = {str(getattr(role, "name", role)) for role in (single, *several) if role}
    return bool({name.casefold() for name in names} & settings.people_roles)


def may_enter(user: Any, settings: Settings, section: Section) -> bool:  # noqa: ANN401
    """Return whether a user may see a section; the routes ask the same questions."""
    manager = get_auth_manager()
    return (
        manager.is_authorized_view(access_view=AccessView.WEBSITE, user=user)
        and manager.is_authorized_dag(
            method="POST" if section.is_about_people else "GET",
            access_entity=DagAccessEntity.RUN,
            details=DagDetails(id=section.dag_id),
            user=user,
        )
        and (not section.is_about_people or has_people_role(user, settings))
    )


def _reads(dag_id: str) -> list[Any]:
    return [
        Depends(requires_access_view(AccessView.WEBSITE)),
        Depends(requires_access_dag("GET", DagAccessEntity.RUN, param_dag_id=dag_id)),
    ]


#: Rules by name; each route carries exactly one of them.
IS_LOGGED_IN = [Depends(requires_access_view(AccessView.WEBSITE))]
READS_ARCHIVE = _reads("publish_weekly_report")
READS_GATE = _reads("build_marts")
READS_INBOX = _reads("pull_exports")
HANDLES_PEOPLE = [
    Depends(requires_access_view(AccessView.WEBSITE)),
    Depends(requires_access_dag("POST", DagAccessEntity.RUN, param_dag_id=FORGETTING)),
    Depends(require_people_role),
]


def wants_page(request: Request) -> bool:
    """Return whether a person is looking: a browser that opens an address."""
    is_reading = request.method in {"GET", "HEAD"}
    return is_reading and "text/html" in request.headers.get("accept", "")


def login_address(request: Request) -> str:
    """Return where to log in, and from there back to the page that was asked for."""
    target = request.url.path
    if request.url.query:
        target = f"{target}?{request.url.query}"
    address = get_auth_manager().get_url_login()
    mark = "&" if "?" in address else "?"
    return f"{address}{mark}next={quote(target, safe='/')}"
