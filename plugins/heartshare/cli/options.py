"""Options that several commands take."""

from __future__ import annotations

from typing import Any

import click

from heartshare.errors import HeartshareError
from heartshare.weeks import ReportingWeek


class WeekType(click.ParamType[ReportingWeek]):
    """A week, as 2026-W46 or as its Monday's date."""

    name = "week"

    def convert(
        self,
        value: Any,  # noqa: ANN401 click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> ReportingWeek:
        """Return the week, or fail with our own explanation."""
        if isinstance(value, ReportingWeek):
            return value
        try:
            return ReportingWeek.parse(value)
        except HeartshareError as error:
            self.fail(str(error), param, ctx)


WEEK = click.option(
    "--week",
    type=WeekType(),
    help="Week, as 2026-W46 or its Monday; default: the last one that has ended.",
)
