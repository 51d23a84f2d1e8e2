"""The command line explains itself and ends with the code of the error's family."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from heartshare.cli.program import commands
from heartshare.errors import InputError

ROOT = Path(__file__).parents[2]
NAMES = sorted(commands.commands)


def heartshare(*arguments, home=None, **env):
    """Run the command line as a person does."""
    return subprocess.run(
        [sys.executable, "-m", "heartshare.cli", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HEARTSHARE_HOME": str(home), **env},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_command_explains_itself(name):
    shown = CliRunner().invoke(commands, [name, "--help"])
    assert shown.exit_code == 0
    assert commands.commands[name].help.split("\n")[0][:40] in " ".join(
        shown.output.split()
    )


def test_all_steps_are_commands():
    steps = {"inspect", "land", "score", "build", "gate", "publish", "report", "demo"}
    assert steps <= set(NAMES)


def test_help_explains_the_exit_codes():
    shown = CliRunner().invoke(commands, ["--help"]).output
    assert "4 the gate holds the week" in " ".join(shown.split())


def test_wrong_week_is_wrong_usage(tmp_path):
    done = heartshare("build", "--week", "next", home=tmp_path)
    assert done.returncode == 2
    assert "2026-W46" in done.stderr


def test_backfill_from_a_later_week_is_wrong_usage_and_not_silence():
    weeks = ["--from", "2026-W40", "--to", "2026-W30"]
    done = CliRunner().invoke(commands, ["backfill", *weeks])
    assert done.exit_code == 2
    assert "--from 2026-W40 lies after --to 2026-W30" in " ".join(done.output.split())


def test_input_error_is_one_sentence_and_exit_code_3(tmp_path):
    done = heartshare("build", "--week", "2026-W46", home=tmp_path)
    assert done.returncode == 3
    assert done.stderr.startswith("Input: No export that was made before")
    assert "Traceback" not in done.stderr


def test_verbose_shows_the_traceback(tmp_path):
    done = heartshare("-v", "build", "--week", "2026-W46", home=tmp_path)
    assert done.returncode != 0
    assert "Traceback" in done.stderr


def test_unjudged_week_is_not_published_and_ends_with_exit_code_4(tmp_path):
    done = heartshare("publish", "--week", "2026-W46", home=tmp_path)
    assert done.returncode == 4
    assert "heartshare gate --week 2026-W46" in done.stderr


def test_unknown_revision_is_an_input_error(tmp_path):
    done = heartshare("publish", "--roll-back", "rev-0009", home=tmp_path)
    assert done.returncode == 3
    assert "rev-0009" in done.stderr


def test_busy_warehouse_ends_with_exit_code_5(tmp_path, monkeypatch):
    code = (
        "import os, sys\n"
        "from heartshare.cli import program\n"
        "from heartshare.orchestration.steps import landing\n"
        "from heartshare.settings import Settings\n"
        "from heartshare.warehouse.locking import hold_warehouse\n"
        "landing.PATIENCE_SECONDS = 0.0\n"
        "sys.argv = ['heartshare', 'land']\n"
        "with hold_warehouse(Settings.from_env(os.environ)):\n"
        "    program.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HEARTSHARE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 5, done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith("Busy: ")


def test_inspect_prints_one_json_object(tmp_path):
    file = tmp_path / "overview.csv"
    source = ROOT / "tests/fixtures/exports/x/overview_in_other_order.csv"
    file.write_bytes(source.read_bytes())
    done = heartshare("inspect", "--json", str(file), home=tmp_path)
    answer = json.loads(done.stdout)
    assert answer["contract"] == "x/daily_overview"
    assert {"rows_in", "rows_good", "rows_rejected", "period", "drift"} <= set(answer)


def test_inspect_says_what_a_file_is(tmp_path):
    source = ROOT / "tests/fixtures/exports/x/overview_in_other_order.csv"
    shown = heartshare("inspect", str(source), home=tmp_path).stdout
    assert "overview_in_other_order.csv is x/daily_overview" in shown
    assert "one row per day" in shown
    assert "rejected" in shown


def test_inspect_refuses_what_no_contract_knows(tmp_path):
    file = tmp_path / "notes.csv"
    file.write_text("a,b\n1,2\n")
    done = heartshare("inspect", str(file), home=tmp_path)
    assert done.returncode == 3
    assert "notes.csv" in done.stderr


def test_light_commands_load_no_airflow():
    code = (
        "import sys\nfrom click.testing import CliRunner\n"
        "from heartshare.cli.program import commands\n"
        "CliRunner().invoke(commands, ['gate', '--week', '2026-W46', '--explain'])\n"
        "print(sorted({'airflow', 'dbt', 'great_expectations'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_home_that_cannot_be_used_is_one_sentence_and_exit_code_3(tmp_path):
    (tmp_path / "file").write_text("in the way")
    done = heartshare("land", home=tmp_path / "file")
    assert done.returncode == 3
    assert done.stderr.startswith("Input: HEARTSHARE_HOME=")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("options", [[], ["-v"]])
def test_full_disk_is_one_sentence_and_exit_code_5(tmp_path, options):
    code = (
        "import errno, sys\n"
        "from heartshare.cli import program\n"
        "from heartshare.orchestration.steps import sources\n"
        "def fail(*_):\n"
        "    raise OSError(errno.ENOSPC, 'No space left on device', 'state.json')\n"
        "sources.example_sources = fail\n"
        "sys.argv = ['heartshare', *sys.argv[1:], 'pull', '--example']\n"
        "program.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *options],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HEARTSHARE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 5, done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("Busy: The disk that holds state.json is full: /")
    assert "MB free now. Make room, then run the same command again" in last
    assert ("Traceback" in done.stderr) == bool(options)


def test_file_beside_the_source_folders_is_named(tmp_path):
    stray = tmp_path / "inbox" / "stray.csv"
    stray.parent.mkdir()
    stray.write_text("a,b\n1,2\n")
    done = heartshare("land", home=tmp_path)
    assert done.returncode == 0
    assert f"{stray} is not read" in done.stderr


def test_inspect_names_the_cell_of_a_rejected_row(tmp_path):
    source = ROOT / "tests/fixtures/exports/facebook/one_bad_count.csv"
    shown = heartshare("inspect", str(source), home=tmp_path).stdout
    (line,) = (each for each in shown.splitlines() if each.startswith("Rejected: "))
    assert "view_count '1.2K'" in line


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (("redit", "marla_quill7", "desk"), "Did you mean reddit?"),
        (("reddit", " ", "desk"), "Name the person"),
        (("reddit", "marla_quill7", " "), "Say who asks"),
    ],
)
def test_nobody_is_asked_to_confirm_an_erasure_that_cannot_be(
    tmp_path, monkeypatch, request_, said
):
    """The question came first: "Erase  of reddit for good?"."""
    monkeypatch.setenv("HEARTSHARE_HOME", str(tmp_path))
    monkeypatch.setenv("HEARTSHARE_PERSON_SALT", "pepper")
    *person, asked_by = request_
    arguments = ["--requested-by", asked_by, "--reason", "by letter"]
    done = CliRunner().invoke(commands, ["forget", *person, *arguments])
    assert "for good?" not in done.output
    assert isinstance(done.exception, InputError)
    assert said in str(done.exception)


def test_inspect_does_not_wait_for_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "posts.csv")
    done = CliRunner().invoke(commands, ["inspect", str(tmp_path / "posts.csv")])
    assert done.exit_code == 2
    assert "is no file" in done.output


def test_catalogue_is_read_as_utf_8_whatever_the_locale_says(tmp_path):
    ascii_only = {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    done = heartshare("messages", "--check", home=tmp_path, **ascii_only)
    assert "Error" not in done.stderr
    assert {line.partition(":")[0] for line in done.stdout.splitlines()} <= {"stale"}
