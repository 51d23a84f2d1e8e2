"""What can go wrong, split by what the person on duty does next."""

from typing import ClassVar


class HeartshareError(Exception):
    """Any failure that heartshare itself explains.

    ``exit_status`` is what the command line ends with.
    """

    exit_status: ClassVar[int] = 1


class InputError(HeartshareError):
    """An export, programme file or setting is wrong: correct it, do not retry."""

    exit_status = 3


class GateError(HeartshareError):
    """The data is not fit to publish: look at it; a retry cannot help."""

    exit_status = 4


class TransientError(HeartshareError):
    """Something outside was busy or away: run the same step again."""

    exit_status = 5
