"""A person sees sentences and progress; the log gets everything else."""

import io
import logging
import os
import subprocess
import sys

import pytest

from heartshare.orchestration.steps.progress import report_progress
from heartshare.orchestration.terminal import Terminal, output_to


def test_steps_are_heard_while_listening_and_not_afterwards():
    stream = io.StringIO()
    terminal = Terminal(stream)
    logger = logging.getLogger("heartshare.orchestration.steps.building")
    with terminal.listening():
        logger.info("Built %s [as told]", "2026-W46")
        logger.debug("too much detail")
        report_progress("files loaded", 3, 9)
    logger.info("nobody listens")
    report_progress("files loaded", 9, 9)
    shown = stream.getvalue()
    assert "Built 2026-W46 [as told]" in shown
    assert "3 of 9 files loaded" in shown
    assert "too much" not in shown
    assert "nobody" not in shown
    assert "9 of 9" not in shown


def test_output_of_libraries_goes_to_the_log(tmp_path):
    code = (
        "import os, sys\nfrom pathlib import Path\n"
        "from heartshare.orchestration.terminal import output_to\n"
        "with output_to(Path(sys.argv[1])) as terminal:\n"
        "    os.write(1, b'library on stdout\\n')\n"
        "    os.write(2, b'library on stderr\\n')\n"
        "    print('sentence', file=terminal, flush=True)\n"
        "print('after')\n"
    )
    log = tmp_path / "logs" / "embedded.log"
    done = subprocess.run(
        [sys.executable, "-c", code, str(log)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == "sentence\n"
    assert done.stdout == "after\n"
    assert log.read_text() == "library on stdout\nlibrary on stderr\n"


def test_output_comes_back_after_an_error(tmp_path, capfd):
    with pytest.raises(ZeroDivisionError), output_to(tmp_path / "log"):  # noqa: PT012
        os.write(1, b"hidden\n")
        _ = 1 / 0
    os.write(1, b"shown\n")
    assert capfd.readouterr().out == "shown\n"
