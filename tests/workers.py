"""How is a whole run shared out among processes? `pytest -n auto` uses what is here.

A worker takes one file after the other, in the order of the run. Files that share a
dear fixture go to one worker, as one piece.
"""

import os

from xdist.scheduler import LoadScopeScheduling

#: What one worker may fill at its worst, in bytes: a build of the demo's marts.
_MEMORY = 3 * 1024**3
#: Files that share a fixture of the session which takes longer than they do.
_TOGETHER = {
    "tests/quality/test_expectations_bite.py": "the built warehouse",
    "tests/quality/test_run.py": "the built warehouse",
}


def count_workers() -> int:
    """Return one worker for each core that has its share of memory; none if alone."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    workers = min(_count_cores(), memory // _MEMORY)
    return workers if workers > 1 else 0


def _count_cores() -> int:
    """Return how many cores this process may use; only Linux says which."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class FilesInOrder(LoadScopeScheduling):
    """Hand out whole files, and keep the order in which they were collected."""

    def __init__(self, config, log=None):
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return _TOGETHER.get(file, file)
