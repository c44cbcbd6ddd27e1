"""How the house is made ready: what was done is not done again, and nothing unchecked is installed."""

import re
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from procure.config import ROOT
from procure.infra import building
from procure.infra.building import Step, StepFailed
from tests.conftest import settings_for

LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-build.txt", "requirements-node.txt")


class Bench:
    """One step whose reasons can be turned."""

    def __init__(self) -> None:
        self.key, self.made, self.done = "first", True, 0

    def do(self) -> None:
        self.done += 1

    def step(self) -> Step:
        return Step("bench", "Doing it", lambda: self.key, lambda: self.made, self.do)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    found = Bench()
    monkeypatch.setattr(building, "STAMPS", tmp_path / "stamps")
    monkeypatch.setattr(building, "steps", lambda level, settings: [found.step()])
    return found


def prepare(folder: Path) -> int:
    return building.prepare("run", settings_for(f"sqlite:///{folder / 'x.db'}", folder))


def test_what_was_done_is_not_done_again(bench: Bench, tmp_path: Path) -> None:
    assert [prepare(tmp_path), prepare(tmp_path)] == [1, 0]
    assert bench.done == 1


def test_a_changed_reason_or_a_missing_product_makes_a_step_due(bench: Bench, tmp_path: Path) -> None:
    prepare(tmp_path)
    bench.key = "second"
    assert prepare(tmp_path) == 1
    bench.made = False
    assert prepare(tmp_path) == 1


def test_a_step_that_fails_is_due_again(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise StepFailed("no network")

    good = bench.do
    monkeypatch.setattr(bench, "do", fail)
    with pytest.raises(StepFailed):
        prepare(tmp_path)
    monkeypatch.setattr(bench, "do", good)

    assert prepare(tmp_path) == 1


def test_every_step_says_how_far_it_is(bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prepare(tmp_path)

    assert capsys.readouterr().out.startswith("[1/1] Doing it\n      done in ")


def test_it_runs_before_anything_is_installed() -> None:
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); import procure.infra.building"]

    assert subprocess.run(command, capture_output=True, check=False).stderr == b""


def test_an_environment_that_clones_share_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "shared")
    monkeypatch.setattr(building, "ENVIRONMENT", tmp_path / "link")
    names = [step.name for step in building.steps("dev", settings_for("sqlite:///x.db", tmp_path))]

    assert "packages" not in names
    assert "environment" not in names


def test_a_database_server_gets_the_demo_only_where_a_password_for_it_is_set(tmp_path: Path) -> None:
    server = settings_for("postgresql+psycopg://db.example/procure", tmp_path, demo_password="")
    names = [step.name for step in building.steps("run", server)]
    asked = [step.name for step in building.steps("run", replace(server, demo_password="given and long enough"))]

    assert "database" in names
    assert "demo" not in names
    assert "demo" in asked


def test_tests_and_checks_leave_the_data_alone(tmp_path: Path) -> None:
    names = [step.name for step in building.steps("dev", settings_for("sqlite:///x.db", tmp_path))]

    assert not {"database", "demo"} & set(names)


@pytest.mark.parametrize("command", [[sys.executable, "-c", "raise SystemExit(3)"], ["/no/such/program"]])
def test_a_program_that_fails_is_one_line_with_what_to_do(command: list[str]) -> None:
    with pytest.raises(StepFailed, match=r"Is the network reachable\?$"):
        building.call(command, "Is the network reachable?")


def test_a_taken_port_is_noticed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = int(server.getsockname()[1])
        assert building.taken(port)
    assert not building.taken(port)


def packages(name: str) -> dict[str, list[str]]:
    """Package and version -> its hashes."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([a-z0-9._-]+==[^ ;]+)", line):
            found[match[1]] = []
        elif "--hash=sha256:" in line:
            found[list(found)[-1]].append(line)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes_and_names_no_host(name: str) -> None:
    assert packages(name)
    assert all(packages(name).values())
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def test_tests_run_on_what_is_served() -> None:
    assert set(packages("requirements.txt")) < set(packages("requirements-dev.txt"))


def test_what_is_served_brings_no_second_node() -> None:
    assert not [name for name in packages("requirements.txt") if "node" in name]


def test_make_alone_lists_the_commands() -> None:
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    for target in ("setup", "run", "test", "lint", "bench", "lock", "clean"):
        assert f"make {target} " in said
