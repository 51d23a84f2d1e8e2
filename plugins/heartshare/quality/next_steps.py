"""Read expectations/next_steps.yml: what the person on duty does first, by suite."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from heartshare.errors import InputError
from heartshare.language import mark

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: For a suite that the file does not name.
COMMON_STEP = mark(
    "Look at the rows that the check names, correct the export that they come from and "
    "drop it into its inbox folder; the week is judged again by itself."
)
#: For a check that could not be carried out: its data may be right.
BROKEN_STEP = mark(
    "The check itself could not be carried out. Read the task's log for the reason, "
    "correct the suite or the model, then run the gate again; a broken check cannot be "
    "waived."
)


class UnreadableStepsError(InputError):
    """The file of next steps is not a mapping of suites to sentences."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name} must map the name of a suite to a sentence, in UTF-8. "
            "See expectations/README.md."
        )


def load_next_steps(path: Path) -> Mapping[str, str]:
    """Return the next step of each suite; a file that does not exist names none.

    Raises:
        UnreadableStepsError: when it holds anything but sentences by suite.
    """
    if not path.exists():
        return {}
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise UnreadableStepsError(path) from error
    if not isinstance(content, dict) or not all(
        isinstance(text, str) and text.strip() for text in content.values()
    ):
        raise UnreadableStepsError(path)
    return {str(suite): " ".join(text.split()) for suite, text in content.items()}
