"""What can be wrong with an export, each with the step that mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heartshare.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection


class ContractError(InputError):
    """A contract file says something that the engine does not understand."""

    def __init__(self, code: str, problem: str) -> None:
        super().__init__(f"exports/contracts/{code}.yml: {problem}")


class UnreadableFileError(InputError):
    """A file cannot be read at all: damaged, cut off, encrypted or too large."""

    def __init__(self, name: str, problem: str, next_step: str) -> None:
        super().__init__(f"{name} cannot be read: {problem}. {next_step}")


class UnrecognisedExportError(InputError):
    """No contract describes this file.

    ``delimiter`` divides its columns, where the nearest contract knows another one.
    """

    def __init__(
        self,
        name: str,
        nearest: str | None,
        missing: Collection[str],
        *,
        delimiter: str = "",
        is_archive: bool = False,
    ) -> None:
        self.nearest = nearest
        self.missing = tuple(missing)
        step = (
            "If the platform renamed a column, record the new header in the contract; "
            "if this is another kind of export, it needs a contract of its own in "
            "exports/contracts/."
        )
        if nearest is None:
            detail = "It resembles no contract."
        elif missing:
            detail = (
                f"The nearest is {nearest}, for which it lacks {', '.join(missing)}."
            )
        else:
            form = f", divided by {delimiter!r}" if delimiter else ", in another form"
            detail = f"It has the columns of {nearest}{form}."
            step = (
                "Some program has saved it anew: download the export again, and do not "
                "open it in a spreadsheet program before it has landed."
            )
        if is_archive:
            step = (
                "Unpack it and hand in the exports that it holds one by one, unless "
                "the platform itself packs them so: then it needs a contract in "
                "exports/contracts/."
            )
        super().__init__(f"{name} matches no export contract. {detail} {step}")


class AmbiguousExportError(InputError):
    """Two contracts describe the same file."""

    def __init__(self, name: str, codes: Collection[str]) -> None:
        super().__init__(
            f"{name} matches more than one export contract: {', '.join(codes)}. Name "
            "in each contract's signature which columns the other export lacks."
        )


class ExportHeaderChangedError(InputError):
    """A platform renamed or dropped a column without which no row can be read."""

    def __init__(self, name: str, contract: str, missing: Collection[str]) -> None:
        super().__init__(
            f"{name} is a {contract} export but lacks {', '.join(sorted(missing))}. "
            f"Record the new header in exports/contracts/{contract}.yml, then land "
            "the file again."
        )
