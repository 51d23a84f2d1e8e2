"""The compose file keeps its promises, checked without a container engine."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Template

from heartshare.settings import VARIABLES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
EXAMPLE = dict(
    re.findall(
        r"^(?:# )?([A-Z][A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.M
    )
)
SETTINGS_PAGE = (ROOT / "docs" / "settings.md").read_text()
OURS = [name for name, one in SERVICES.items() if one["image"] == "heartshare:0.1.0"]
AIRFLOW = [name for name in OURS if name != "mail"]
#: Keys of the compose specification that this file may use.
SERVICE_KEYS = {
    *("build", "cap_add", "cap_drop", "command", "depends_on", "environment"),
    *("healthcheck", "image", "init", "networks", "ports", "profiles", "read_only"),
    *("restart", "security_opt", "tmpfs", "user", "volumes"),
}
CONDITIONS = {"service_healthy", "service_started", "service_completed_successfully"}
#: Airflow's processes, as its own documentation starts them.
PROCESSES = {
    "api-server": ["airflow", "api-server"],
    "scheduler": ["airflow", "scheduler"],
    "dag-processor": ["airflow", "dag-processor"],
    "triggerer": ["airflow", "triggerer"],
    "worker": ["airflow", "celery", "worker"],
    "worker-warehouse": ["airflow", "celery", "worker"],
}


def words(command: str | list[str]) -> str:
    return command if isinstance(command, str) else " ".join(command)


def interpolations() -> list[tuple[str, str, str]]:
    """Variable, operator and word of each ${...}; a doubled $ is for the shell."""
    return re.findall(r"(?<!\$)\$\{([A-Z_]+)(:[-?])?([^}]*)\}", TEXT)


def test_file_holds_the_whole_topology() -> None:
    assert set(COMPOSE) - {"name", "services", "networks", "volumes"} == {
        key for key in COMPOSE if key.startswith("x-")
    }
    assert set(SERVICES) >= {*PROCESSES, "init", "postgres", "redis", "mail", "bi"}


@pytest.mark.parametrize("name", SERVICES)
def test_service_uses_keys_of_the_specification(name: str) -> None:
    service = SERVICES[name]

    assert set(service) <= SERVICE_KEYS
    assert re.fullmatch(r"[a-z][a-z0-9-]*", name)
    assert service["image"].rpartition(":")[2] not in ("", "latest")


@pytest.mark.parametrize("name", SERVICES)
def test_service_waits_only_for_what_can_come_about(name: str) -> None:
    for other, wait in SERVICES[name].get("depends_on", {}).items():
        assert wait["condition"] in CONDITIONS
        if wait["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[other]
        if wait["condition"] == "service_completed_successfully":
            assert SERVICES[other]["restart"] == "no"
        assert set(SERVICES[other].get("profiles", [])) <= set(
            SERVICES[name].get("profiles", [])
        )


def test_waiting_never_runs_in_a_circle() -> None:
    def ancestors(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, path
        for other in SERVICES[name].get("depends_on", {}):
            ancestors(other, (*path, name))

    for name in SERVICES:
        ancestors(name, ())


@pytest.mark.parametrize("name", SERVICES)
def test_networks_and_volumes_are_declared(name: str) -> None:
    assert set(SERVICES[name]["networks"]) <= set(COMPOSE["networks"])
    for mount in SERVICES[name].get("volumes", []):
        # The folder of the host is written ${NAME:-./default}.
        source = re.sub(r"\$\{[^}]+\}", "./host-folder", mount).split(":")[0]
        assert source.startswith("./") or source in COMPOSE["volumes"]


def test_every_declared_volume_and_network_is_used() -> None:
    mounts = " ".join(m for one in SERVICES.values() for m in one.get("volumes", []))
    assert all(f"{volume}:" in mounts for volume in COMPOSE["volumes"])
    used = {network for one in SERVICES.values() for network in one["networks"]}
    assert used == set(COMPOSE["networks"])


@pytest.mark.parametrize("name", SERVICES)
def test_port_is_published_on_this_machine_only(name: str) -> None:
    for port in SERVICES[name].get("ports", []):
        assert re.fullmatch(r"127\.0\.0\.1:\$\{[A-Z_]+:-\d+\}:\d+", port)


def test_database_and_broker_are_reached_from_inside_only() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "redis", "mail"):
        assert SERVICES[name]["networks"] == ["inside"]
        assert "ports" not in SERVICES[name]


@pytest.mark.parametrize("name", SERVICES)
def test_service_runs_with_few_rights(name: str) -> None:
    service = SERVICES[name]

    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    if name in OURS:
        assert service["read_only"] is True


@pytest.mark.parametrize(
    "name", [name for name, one in SERVICES.items() if one["restart"] != "no"]
)
def test_lasting_service_says_whether_it_is_well(name: str) -> None:
    check = SERVICES[name]["healthcheck"]

    assert check["test"][0] in ("CMD", "CMD-SHELL")
    assert {"interval", "timeout", "retries"} <= set(check)


def test_secrets_come_from_the_environment_and_have_no_default() -> None:
    secret = re.compile(r"PASSWORD|SECRET|_KEY|SALT")
    for name, operator, word in interpolations():
        if secret.search(name):
            is_demanded = (operator, bool(word)) == (":?", True)
            is_optional_profile = name.startswith("SUPERSET_") and word == ""
            assert is_demanded or is_optional_profile, name
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if secret.search(name):
                assert "${" in value, name


def test_optional_profile_refuses_to_start_without_its_secrets() -> None:
    command = words(SERVICES["bi-init"]["command"])

    for name in ("SUPERSET_SECRET_KEY", "BI_ADMIN_PASSWORD"):
        assert f': "$${{{name}:?' in command


@pytest.mark.parametrize("name", sorted({name for name, _, _ in interpolations()}))
def test_variable_of_the_file_is_explained(name: str) -> None:
    assert name in EXAMPLE
    assert f"`{name}`" in SETTINGS_PAGE


@pytest.mark.parametrize("name", VARIABLES)
def test_setting_stands_in_example_and_page_as_in_the_code(name: str) -> None:
    default, meaning = VARIABLES[name]
    shown = f"`{default}`" if default else "empty"

    assert EXAMPLE[name] == default
    assert f"| `{name}` | {shown} | {meaning} |" in SETTINGS_PAGE


def test_example_holds_no_value_that_nobody_reads() -> None:
    known = {*VARIABLES, *(name for name, _, _ in interpolations())}
    assert set(EXAMPLE) == known


@pytest.mark.parametrize("name", VARIABLES)
def test_setting_reaches_the_containers(name: str) -> None:
    environment = COMPOSE["x-environment"]

    if re.search(rf"\b{name}=", DOCKERFILE):
        assert name not in environment, "the image fixes it"
    else:
        assert environment[name].startswith(f"${{{name}:")
        default = VARIABLES[name][0]
        if name not in ("HEARTSHARE_PERSON_SALT", "HEARTSHARE_SMTP_URL"):
            assert environment[name] == f"${{{name}:-{default}}}"


def test_memory_of_a_build_reaches_the_containers_and_empty_means_not_set() -> None:
    """Beside five more processes a build must not take four fifths of the memory."""
    name = "HEARTSHARE_DUCKDB_MEMORY"
    assert COMPOSE["x-environment"][name] == f"${{{name}:-}}"
    profile = yaml.safe_load((ROOT / "dbt_project" / "profiles.yml").read_text())
    options = profile["heartshare"]["outputs"]["local"]["config_options"]

    def limit(given: dict[str, str]) -> str:
        template = Template(options["memory_limit"])
        return template.render(env_var=given.get)

    assert [limit({}), limit({name: ""}), limit({name: "4GB"})] == ["80%", "80%", "4GB"]


def test_page_says_what_the_image_fixes_and_where_commands_run() -> None:
    for source in ("dbt_project", "expectations"):
        assert f"COPY {source} {source}\n" in DOCKERFILE
    assert "`docker compose up --build --detach`" in SETTINGS_PAGE
    service = re.search(r"docker compose exec (\S+) heartshare", SETTINGS_PAGE)
    assert service
    mounts = SERVICES[service[1]]["volumes"]
    for folder in ("/var/lib/heartshare", "/var/lib/heartshare/published", "/inbox"):
        assert any(mount.endswith(f":{folder}") for mount in mounts), folder
    assert "outside" in SERVICES[service[1]]["networks"]


@pytest.mark.parametrize("name", PROCESSES)
def test_process_is_the_command_of_airflow(name: str) -> None:
    command = SERVICES[name]["command"]

    assert command[: len(PROCESSES[name])] == PROCESSES[name]
    assert SERVICES[name]["environment"] == COMPOSE["x-environment"]
    assert SERVICES[name]["depends_on"]["init"] == {
        "condition": "service_completed_successfully"
    }


def test_only_one_process_serves_the_queue_of_the_warehouse() -> None:
    serving = [
        one["command"]
        for one in SERVICES.values()
        if "--queues" in one.get("command", [])
    ]
    by_queue = {
        command[command.index("--queues") + 1]: command[
            command.index("--concurrency") + 1
        ]
        for command in serving
    }

    assert len(serving) == len(by_queue) == 2
    assert by_queue["duckdb"] == "1"
    assert COMPOSE["x-environment"]["AIRFLOW__OPERATORS__DEFAULT_QUEUE"] in by_queue


def test_readers_cannot_write_what_is_published() -> None:
    assert "published:/published:ro" in SERVICES["bi"]["volumes"]
    assert not any("data:" in mount for mount in SERVICES["bi"]["volumes"])
    assert "published:/published:ro" in SERVICES["bi-init"]["volumes"]
    # DuckDB opens for writing without this option, and nothing opens "read_only=True".
    uri = "duckdb:////published/current/heartshare.duckdb?access_mode=read_only"
    database = ROOT / "bi" / "dashboard" / "databases" / "heartshare.yaml"
    assert yaml.safe_load(database.read_text())["sqlalchemy_uri"] == uri


def test_init_of_the_optional_profile_runs_what_the_image_holds() -> None:
    command = words(SERVICES["bi-init"]["command"])

    assert "COPY bi /opt/bi\n" in DOCKERFILE
    assert "python /opt/bi/prepare.py" in command
    assert (ROOT / "bi" / "prepare.py").exists()


def test_init_makes_the_pools_that_the_dags_name() -> None:
    from heartshare.orchestration.pools import POOLS

    made = re.findall(
        r'airflow pools set (\w+) (\d+) "([^"]+)"', words(SERVICES["init"]["command"])
    )

    assert {name: (int(slots), text) for name, slots, text in made} == POOLS


def test_mail_catcher_is_a_handler_of_the_library() -> None:
    command = SERVICES["mail"]["command"]
    path = command[command.index("--class") + 1]
    module, _, name = path.rpartition(".")

    assert command[:3] == ["python", "-m", "aiosmtpd"]
    assert hasattr(importlib.import_module(module), name)
    port = command[command.index("--listen") + 1].rpartition(":")[2]
    default = COMPOSE["x-environment"]["HEARTSHARE_SMTP_URL"]
    assert default == f"${{HEARTSHARE_SMTP_URL:-smtp://mail:{port}}}"


def test_command_of_heartshare_is_its_entry_point() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    command = re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.M)[-1]

    assert yaml.safe_load(command)[0] in project["scripts"]
    assert all(f"heartshare:{project['version']}" == SERVICES[n]["image"] for n in OURS)


def airflow_calls() -> dict[str, set[str]]:
    """Options by sub-command, over all commands and health checks of the file."""
    calls: dict[str, set[str]] = {}
    for service in SERVICES.values():
        for run in (service.get("command", []), service.get("healthcheck", {})):
            command = words(run.get("test", []) if isinstance(run, dict) else run)
            script = command.replace("\\\n", " ")
            for line in re.findall(r"(?:^|\s)airflow ([a-z].*)", script):
                subcommand = re.match(r"(?:pools set|(?:(?!--)\S+ ?)+)", line)
                assert subcommand
                calls.setdefault(subcommand[0].strip(), set()).update(
                    re.findall(r"(?<!\S)--[a-z-]+", line)
                )
    return calls


@pytest.mark.slow
@pytest.mark.parametrize(("command", "options"), sorted(airflow_calls().items()))
def test_airflow_knows_the_command_and_its_options(
    command: str, options: set[str]
) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "airflow", *command.split(), "--help"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith(f"Usage: airflow {command} [")
    assert {option for option in options if option not in shown.stdout} == set()


def test_image_copies_only_what_the_build_context_holds() -> None:
    allowed = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    copied = {
        source
        for line in re.findall(r"^COPY ([^-\n].*)$", DOCKERFILE, re.M)
        for source in line.split()[:-1]
    }

    assert copied
    for source in copied:
        assert (ROOT / source).exists(), source
        assert source.split("/")[0] in allowed
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"


def test_image_installs_hashed_packages_and_drops_root() -> None:
    stages = re.split(r"^FROM ", DOCKERFILE, flags=re.M)[1:]

    for install in re.findall(r"pip install (.*)", DOCKERFILE):
        assert "--no-deps" in install
        assert "--require-hashes" in install or "--editable ." in install
    for stage in stages[1:]:
        assert re.findall(r"^USER (.*)$", stage, re.M)[-1] == "heartshare"
    for one in SERVICES.values():
        if "build" in one:
            assert any(f" AS {one['build']['target']}\n" in stage for stage in stages)


def test_packages_of_the_bi_image_are_pinned_with_hashes() -> None:
    text = (ROOT / "requirements-bi.txt").read_text()
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.M)[1:]

    assert len(blocks) > 100
    assert all("==" in block and "--hash=sha256:" in block for block in blocks)
    # A revision is written for readers of this format, so both read it alike.
    ours = re.search(r"^duckdb==(\S+)", (ROOT / "requirements.txt").read_text(), re.M)
    assert ours
    assert f"\nduckdb=={ours[1]} " in text
