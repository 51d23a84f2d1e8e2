"""How does an erasure start from a page: what would go, and a run of the DAG."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from airflow.api.common.trigger_dag import trigger_dag
from airflow.exceptions import DagNotFound
from airflow.models import DagModel, DagRun
from airflow.utils.session import create_session
from airflow.utils.types import DagRunTriggeredByType
from sqlalchemy import select

from heartshare.errors import InputError
from heartshare.exports.contract import load_contracts
from heartshare.exports.people import find_person
from heartshare.exports.redaction import identity_columns
from heartshare.ui.access import FORGETTING
from heartshare.ui.inbox_books import reading

if TYPE_CHECKING:
    from heartshare.orchestration.steps.forgetting import ErasureRequest
    from heartshare.settings import Settings

_SHOWN_RUNS = 10


class MissingDagError(InputError):
    """Airflow does not know the DAG that erases, or may not run it."""

    def __init__(self) -> None:
        super().__init__(
            f"Airflow knows no DAG {FORGETTING}, or cannot load it. Nothing began. "
            "Look at Import Errors on Airflow's first page, or run heartshare forget."
        )


@dataclass(frozen=True)
class ErasureRun:
    """A run of the DAG, without its parameters."""

    run_id: str
    state: str
    started_by: str
    started_at: datetime | None
    ended_at: datetime | None


@cache
def platforms() -> tuple[str, ...]:
    """Return the platforms on which exports name people, in order."""
    named = {
        contract.code.partition("/")[0]
        for contract in load_contracts()
        if any(identity_columns(table) for table in contract.tables)
    }
    return tuple(sorted(named))


def loaded_rows(settings: Settings, request: ErasureRequest) -> int | None:
    """Return how many loaded rows bear the person; None before anything is loaded.

    Raises:
        SharedNameError: several accounts bear the name, so nothing could be erased.
        NobodyNamedError: what was named is nobody's account.
        WarehouseBusyError: a step of the pipeline is writing.
    """
    with reading(settings) as connection:
        if connection is None:
            return None
        known = {
            name
            for (name,) in connection.execute(
                "select table_name from information_schema.tables "
                "where table_schema = 'raw'"
            ).fetchall()
        }
        contracts = [
            contract
            for contract in load_contracts()
            if all(table.name in known for table in contract.tables)
        ]
        person = find_person(
            connection, contracts, request.platform_code, request.identifiers
        )
        return person.row_count


def start_erasure(settings: Settings, request: ErasureRequest, user: Any) -> str:  # noqa: ANN401
    """Start the DAG on a request; return the run's id.

    The run's parameters hold the id of the request and no name.

    Raises:
        MissingDagError: Airflow does not know the DAG; nothing was kept.
    """
    from heartshare.orchestration.steps.erasure_requests import (
        drop_request,
        file_request,
    )

    request_id = file_request(settings, request)
    try:
        run = trigger_dag(
            FORGETTING,
            triggered_by=DagRunTriggeredByType.UI,
            triggering_user_name=user.get_name(),
            run_after=datetime.now(UTC),
            conf={"request": request_id},
        )
    except BaseException as error:
        drop_request(settings, request_id)
        if isinstance(error, DagNotFound):
            raise MissingDagError from error
        raise
    if run is None:
        drop_request(settings, request_id)
        raise MissingDagError
    return str(run.run_id)


def recent_runs() -> tuple[list[ErasureRun], bool]:
    """Return the last runs of the DAG, and whether it is paused."""
    with create_session() as session:
        rows = session.execute(
            select(
                DagRun.run_id,
                DagRun.state,
                DagRun.triggering_user_name,
                DagRun.run_after,
                DagRun.end_date,
            )
            .where(DagRun.dag_id == FORGETTING)
            .order_by(DagRun.run_after.desc())
            .limit(_SHOWN_RUNS)
        ).all()
        paused = session.scalar(
            select(DagModel.is_paused).where(DagModel.dag_id == FORGETTING)
        )
    runs = [ErasureRun(r[0], str(r[1]), r[2] or "", r[3], r[4]) for r in rows]
    return runs, bool(paused)
