"""How much memory this program itself has needed so far."""

from __future__ import annotations

from pathlib import Path


def peak_gb() -> float:
    """Return the most memory this process has held since it was started, in GiB.

    Linux counts `ru_maxrss` on from the parent's, so a small child of a large process
    would seem as large as that one; VmHWM begins anew with each program.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    held = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(held.split()[1]) / 1024**2
