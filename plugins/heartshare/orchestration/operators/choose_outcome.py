"""Task: publish or hold?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.providers.standard.operators.branch import BaseBranchOperator

from heartshare.quality.gate import Decision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from airflow.sdk import Context


class ChooseOutcomeOperator(BaseBranchOperator):
    """Follows the verdict, so that "the gate said no" differs from "the gate broke"."""

    template_fields: Sequence[str] = ("verdict",)

    def __init__(
        self,
        *,
        verdict: Any,  # noqa: ANN401 XCom
        publish_task: str,
        hold_task: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.verdict = verdict
        self.publish_task = publish_task
        self.hold_task = hold_task

    def choose_branch(self, context: Context) -> str:
        """Return the task that follows."""
        blocked = self.verdict["verdict"] == Decision.BLOCKED
        return self.hold_task if blocked else self.publish_task
