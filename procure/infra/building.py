"""Makes the house ready: what `make setup` and `make run` do before anything is served.

Runs on nothing but the standard library, for it runs before anything is installed. Each step knows a text that changes when it must
be done again, and keeps the one it was last done for in `.build/`: a second call does nothing and takes a moment.
"""

import hashlib
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn
from urllib.parse import urlsplit

from procure.config import ROOT, SettingMissing, Settings, from_environment, kept_secret

STAMPS: Final = ROOT / ".build"
ENVIRONMENT: Final = ROOT / ".venv"
BIN: Final = ENVIRONMENT / "bin"
OLDEST_NODE: Final = 18
LIBRARIES: Final = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
    "fontconfig": "fontconfig",
}
"""What PDF documents are laid out with, and the Debian packages that hold it."""
PASSWORD_FILE: Final = "demo-password"  # noqa: S105 - a file's name


class StepFailed(Exception):
    """A step could not be done; the message says what to do about it."""


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    says: str
    key: Callable[[], str]
    """Changes when the step has to be done again."""
    made: Callable[[], bool]
    """Whether what the step makes is there."""
    do: Callable[[], None]

    @property
    def stamp(self) -> Path:
        return STAMPS / self.name

    def due(self) -> bool:
        return not self.stamp.is_file() or self.stamp.read_text(encoding="utf-8") != self.key() or not self.made()


def digest(paths: Iterable[Path], *more: str) -> str:
    """A short text that changes when a file's content or name does, or one of `more`."""
    found = hashlib.sha256("\0".join(more).encode())
    for path in sorted(paths):
        found.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:24]


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - this is what the command prints


def call(command: Sequence[str | Path], hint: str = "", **more: str) -> None:
    """Run a program in the project's folder. Raises StepFailed with the hint when it fails."""
    words = [str(word) for word in command]
    # the machine's own certificates: behind a city's inspecting proxy no others are good
    trust = {"UV_SYSTEM_CERTS": "1"}
    environment = (
        trust | os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}", "VIRTUAL_ENV": str(ENVIRONMENT)} | more
    )
    try:
        status = subprocess.run(words, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603 - our own words
    except OSError as error:
        raise StepFailed(f"{words[0]} cannot be run: {error.strerror}. {hint}".strip()) from error
    if status:
        raise StepFailed(f"{' '.join(words[:3])} … ended with {status}. {hint}".strip())


def apt(packages: Sequence[str]) -> bool:
    """Install Debian packages where that is ours to do. False where it is not, or fails."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        call(["apt-get", "-qq", "update"], **quiet)
        call(["apt-get", "-qq", "-y", "--no-install-recommends", "install", *packages], **quiet)
    except StepFailed:
        return False
    return True


def make_environment() -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    command: list[str | Path] = [sys.executable, "-m", "venv", "--clear", ENVIRONMENT]
    hint = f"Run: apt-get install python{version}-venv"
    try:
        call(command, hint)
    except StepFailed:
        if not apt([f"python{version}-venv"]):
            raise
        call(command, hint)
    pip: list[str | Path] = [BIN / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    call([*pip, "--require-hashes", "--no-deps", "-r", "requirements-build.txt"], "Is the network reachable?")


def install_libraries() -> None:
    """A missing library leaves everything working but documents: say so, and go on."""
    missing = [package for library, package in LIBRARIES.items() if not find_library(library)]
    if not missing:
        return
    say(f"      missing: {', '.join(missing)}")
    if not apt([*missing, "fonts-dejavu-core"]):
        line = "brew install pango" if sys.platform == "darwin" else f"sudo apt-get install {' '.join(missing)} fonts-dejavu-core"
        say(f"      PDF documents cannot be made before you run: {line}")


def install_packages(lists: Sequence[str]) -> None:
    uv = BIN / "uv"
    call([uv, "pip", "sync", "--quiet", "--require-hashes", *lists], "Is the network reachable?")
    call([uv, "pip", "install", "--quiet", "--no-deps", "--editable", "."])


def has_node() -> bool:
    """Whether this machine's own node is new enough, and npm beside it."""
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S607 - found above
    number = re.match(r"v(\d+)", answer)
    return number is not None and int(number[1]) >= OLDEST_NODE


def bring_node() -> None:
    if not has_node() and not (BIN / "npm").exists():
        say("      this machine has no node: bringing one for the style sheet")
        call([BIN / "uv", "pip", "install", "--quiet", "--require-hashes", "-r", "requirements-node.txt"])


def install_interface() -> None:
    bring_node()
    quiet = ["--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--silent"]
    call(["npm", "ci", *quiet], "Is the network reachable?")


def build_styles() -> None:
    bring_node()
    call(["npm", "run", "--silent", "build"])


def translations() -> list[Path]:
    return list((ROOT / "procure" / "translations").glob("*/LC_MESSAGES/*.po"))


def compile_translations() -> None:
    if translations():
        call([BIN / "pybabel", "--quiet", "compile", "-d", "procure/translations"])


def database_file(settings: Settings) -> Path | None:
    """The embedded database's file; None for a database server."""
    return Path(settings.database_url.removeprefix("sqlite:///")) if settings.embedded else None


def ask(file: Path | None, question: str) -> set[str]:
    """The first column of an answer of the embedded database, empty when it is not there or has no such table."""
    if file is None or not file.is_file():
        return set()
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            return {str(row[0]) for row in connection.execute(question)}
    except sqlite3.Error:
        return set()


def newest_migrations() -> set[str]:
    """The revisions that no other one follows, read from the files' heads."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "migrations" / "versions").glob("*.py")]
    found = {name: {match[1] for text in texts for match in re.finditer(rf'^{name} = "(\w+)"', text, re.MULTILINE)}
             for name in ("revision", "down_revision")}  # fmt: skip
    return found["revision"] - found["down_revision"]


def announce_demo(settings: Settings) -> None:
    password = settings.demo_password or kept_secret(settings.instance / PASSWORD_FILE, 12)
    say("      Sign in as officer@tampere.example, manager@tampere.example, officer@oulu.example, officer@vaasa.example,")
    say(f"      expert@innocities.example or coordinator@innocities.example; the password of all: {password}")


def load_demo(settings: Settings) -> None:
    with open(os.devnull, "w", encoding="ascii") as nowhere:
        environment = os.environ | {"PYTHONWARNINGS": "ignore"}
        status = subprocess.run([str(BIN / "procure"), "demo"], cwd=ROOT, env=environment, stdout=nowhere, check=False).returncode  # noqa: S603
    if status:
        raise StepFailed(f"procure demo ended with {status}")
    announce_demo(settings)


def steps(level: str, settings: Settings) -> list[Step]:
    """Everything in its order. `level` run or dev: dev brings what tests and checks need, and leaves the data alone."""
    data = _data_steps(settings) if level == "run" else []
    return [*_program_steps(level), *_interface_steps(), *data]


def _program_steps(level: str) -> list[Step]:
    libraries = Step(
        "libraries",
        "Looking for the system libraries of PDF documents",
        lambda: " ".join(LIBRARIES),
        lambda: True,
        install_libraries,
    )
    if ENVIRONMENT.is_symlink():
        return [libraries]  # an environment that several clones share: nothing is put into it or taken out of it
    here = f"{sys.version_info.major}.{sys.version_info.minor} {ROOT}"  # an environment that was moved works no more
    run, dev = digest([ROOT / "requirements.txt"], here), digest([ROOT / "requirements-dev.txt"], here)
    stamp = STAMPS / "packages"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == f"{run} {dev}":
        level = "dev"  # what serves is part of what tests: going back and forth installs nothing
    chosen = "requirements-dev.txt" if level == "dev" else "requirements.txt"
    environment = Step(
        "environment",
        "Making the virtual environment in .venv",
        lambda: digest([ROOT / "requirements-build.txt"], here),
        (BIN / "uv").exists,
        make_environment,
    )
    packages = Step(
        "packages",
        f"Installing Python packages, each checked by its hash ({chosen})",
        lambda: f"{run} {dev}" if level == "dev" else f"{run} -",
        (BIN / "procure").exists,
        lambda: install_packages([chosen]),
    )
    return [environment, libraries, packages]


def _interface_steps() -> list[Step]:
    static, styles = ROOT / "procure" / "static", ROOT / "procure" / "styles"
    locked = [ROOT / "package.json", ROOT / "package-lock.json"]
    return [
        Step(
            "interface", "Installing the interface's packages (package-lock.json)", lambda: digest(locked),
            (ROOT / "node_modules").is_dir, install_interface,
        ),
        Step(
            "styles", "Building the style sheet", lambda: digest([*locked, *(path for path in styles.iterdir() if path.is_file())]),
            lambda: all((static / name).exists() for name in ("theme.css", "vendor", "fonts")), build_styles,
        ),
        Step(
            "translations", "Compiling the Finnish and Swedish translations", lambda: digest(translations()),
            lambda: all(path.with_suffix(".mo").exists() for path in translations()), compile_translations,
        ),
    ]  # fmt: skip


def _data_steps(settings: Settings) -> list[Step]:
    file = database_file(settings)
    where = "embedded" if file else urlsplit(settings.database_url).hostname or "local"
    organisations = ROOT / "procure" / "catalogue" / "organisations.toml"
    found = [
        Step(
            "database", f"Bringing the database up to date ({where})", lambda: digest([organisations], settings.database_url),
            lambda: file is not None and ask(file, "SELECT version_num FROM alembic_version") == newest_migrations(),
            lambda: call([BIN / "procure", "migrate"]),
        ),
    ]  # fmt: skip
    if file or settings.demo_password:
        found.append(
            Step(
                "demo", "Loading the demo cases", lambda: digest([], settings.database_url, settings.demo_password),
                lambda: file is None or bool(ask(file, "SELECT id FROM cases LIMIT 1")), lambda: load_demo(settings),
            )
        )  # fmt: skip
    return found


def prepare(level: str, settings: Settings) -> int:
    """Do what is due and say so; how many steps were done. Raises StepFailed."""
    STAMPS.mkdir(exist_ok=True)
    todo, done = steps(level, settings), 0
    for number, step in enumerate(todo, start=1):
        if not step.due():
            continue
        say(f"[{number}/{len(todo)}] {step.says}")
        begun = time.monotonic()
        step.do()
        step.stamp.write_text(step.key(), encoding="utf-8")
        say(f"      done in {time.monotonic() - begun:.1f} s")
        done += 1
    return done


def taken(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def fail(text: str) -> NoReturn:
    sys.exit(f"procure: {text}")


def main(words: Sequence[str]) -> None:
    """`run` serves when all is ready; `setup` only makes it ready; `setup dev` for tests too."""
    try:
        settings = from_environment()
        done = prepare("dev" if "dev" in words else "run", settings)
    except (StepFailed, SettingMissing) as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail("stopped; run the same again to go on")
    if words[:1] == ["run"]:
        if taken(settings.port):
            fail(f"something else listens on port {settings.port}: choose another one, such as PORT={settings.port + 1} make run")
        command = [str(BIN / "gunicorn"), "--config", "python:procure.infra.serving", "wsgi:app"]
        os.chdir(ROOT)
        os.execv(command[0], command)  # noqa: S606 - the server takes this process over
    elif not done:
        say("Everything is in place.")


if __name__ == "__main__":
    main(sys.argv[1:])
