"""Task: take a person out of everything, and keep them out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from heartshare.orchestration.operators.task_context import StepOperator
from heartshare.orchestration.postgres import postgres_settings
from heartshare.orchestration.steps.erasure_requests import drop_request, read_request
from heartshare.orchestration.steps.forgetting import (
    ErasureRequest,
    UnexplainedRequestError,
    forget_person,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from airflow.sdk import Context

    from heartshare.settings import Settings


class ForgetPersonOperator(StepOperator):
    """Runs one erasure; who is meant comes from the run's parameters.

    A run that was started on a page names the request that waits; no name is in it.
    """

    template_fields: Sequence[str] = (
        "platform_code",
        "identifiers",
        "requested_by",
        "reason",
        "request_id",
    )

    def __init__(
        self,
        *,
        platform_code: str,
        identifiers: str,
        requested_by: str,
        reason: str,
        request_id: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.platform_code = platform_code
        self.identifiers = identifiers
        self.requested_by = requested_by
        self.reason = reason
        self.request_id = request_id

    def run_step(self, settings: Settings, context: Context) -> dict[str, Any]:
        """Return what was erased, without a name; the build downstream needs counts."""
        request = self._request(settings)
        at = context["dag_run"].run_after or datetime.now(UTC)
        done = forget_person(postgres_settings(settings), request, at=at)
        if self.request_id:
            drop_request(settings, self.request_id)
        return {
            "erasure_id": done.erasure_id,
            "files_new": done.landing.files_redacted,
            "rows_landed": 0,
            "rows_erased": done.landing.rows_erased,
            "revisions": done.revisions,
            "issues": done.issues,
            "inbox_files": len(done.inbox_files),
        }

    def _request(self, settings: Settings) -> ErasureRequest:
        if self.request_id:
            return read_request(settings, self.request_id)
        if not (self.requested_by and self.reason):
            raise UnexplainedRequestError
        names = tuple(part.strip() for part in self.identifiers.split(","))
        return ErasureRequest(
            platform_code=self.platform_code,
            identifiers=tuple(name for name in names if name),
            requested_by=self.requested_by,
            reason=self.reason,
        )
