"""How very many texts are read: in other processes, a bounded number of batches ahead.

One process reads one batch at a time and knows no warehouse; the rows come back in
order and only this process stores them.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

from heartshare.errors import TransientError
from heartshare.listening.readings import read_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

#: Batches per process that are read or wait to be stored: this bounds the memory.
_BATCHES_AHEAD = 2


class ScoringProcessError(TransientError):
    """A process that reads texts is gone."""

    def __init__(self, processes: int) -> None:
        super().__init__(
            f"One of {processes} processes that read texts died, which usually means "
            "that memory ran out. Whole batches are stored and nothing is lost: run "
            "`heartshare score` again, with a smaller HEARTSHARE_SCORING_PROCESSES if "
            "it happens again."
        )


def read_in_processes(
    batches: Iterator[pa.Table], processes: int
) -> Iterator[pa.Table]:
    """Yield each batch with its readings, in the order of the batches.

    Batches have a column ``text``, which is replaced by ``reading``. A new interpreter
    is started for each process: a copy of this one would share the open warehouse.

    Raises:
        ScoringProcessError: a process died.
    """
    context = multiprocessing.get_context("spawn")
    waiting: deque[tuple[pa.Table, Future[pa.StructArray]]] = deque()
    pool = ProcessPoolExecutor(
        processes, mp_context=context, initializer=_end_with_parent
    )
    try:
        for batch in batches:
            texts = batch["text"].to_pylist()
            kept = batch.drop_columns(["text"])
            waiting.append((kept, pool.submit(read_texts, texts)))
            if len(waiting) >= processes * _BATCHES_AHEAD:
                yield _finished(waiting)
        while waiting:
            yield _finished(waiting)
    except BrokenProcessPool as error:
        raise ScoringProcessError(processes) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """Let this process end when the one that started it is killed.

    It would wait for the next batch for ever: no one is left to tell it to stop.
    """
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _finished(waiting: deque[tuple[pa.Table, Future[pa.StructArray]]]) -> pa.Table:
    kept, future = waiting.popleft()
    return kept.append_column("reading", future.result())
