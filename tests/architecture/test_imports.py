"""The rules between the rooms: who may import whom, and that importing does nothing."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

EVERYWHERE = {"bot.clock", "bot.errors"}

MAY_IMPORT: dict[str, set[str]] = {
    "bot.clock": set(),
    "bot.errors": set(),
    "bot.holidays": set(),
    "bot.config": {"bot.holidays"},
    "bot.logs": set(),
    "bot.domain": set(),
    "bot.views": {"bot.domain"},
    "storage": {"bot.domain"},
    "bot.services": {"bot.domain", "storage", "bot.holidays"},
    "bot.slack_answers": {"bot.domain"},
    "bot.gateway": {"bot.domain", "bot.slack_answers"},
    "bot.bolt": {"bot.config", "bot.gateway"},
    "bot.seal": set(),
    "bot.feeds": {"bot.domain"},
    "bot.invites": {"bot.domain", "bot.gateway", "bot.seal", "bot.views"},
    "handlers": {
        "bot.domain",
        "storage",
        "bot.services",
        "bot.views",
        "bot.gateway",
        "bot.seal",
        "bot.feeds",
        "bot.invites",
        "bot.slack_answers",  # events carry the same user objects as Slack's answers
    },
    "bot.delivery": {
        "bot.domain",
        "storage",
        "bot.services",
        "bot.views",
        "bot.gateway",
        "bot.invites",
    },
    "bot.scheduler": {"bot.domain", "storage", "bot.services"},
    "bot.rebuild": {"bot.domain", "storage", "bot.services"},
    "bot.dry_run": {"bot.domain", "storage", "bot.services", "bot.views"},
    "bot.pace": {"bot.domain", "storage", "bot.services", "bot.dry_run"},
    "bot.playground": set(),
    "bot.evaluation": {"bot.domain"},
}
APP = {*MAY_IMPORT} - {"bot.playground", "bot.evaluation", "bot.rebuild", "bot.dry_run", "bot.pace"}
MAY_IMPORT |= {
    "bot.doctor": APP,
    "bot.app": APP | {"bot.doctor"},
    "bot.demo": {*MAY_IMPORT, "bot.app", "bot.doctor"},
    "bot.__main__": {*MAY_IMPORT, "bot.app", "bot.doctor", "bot.demo"},
    "bot": set(),
}

ONLY_IN: dict[str, set[str]] = {
    "slack_bolt": {"handlers", "bot.app", "bot.bolt"},
    "slack_sdk": {"bot.gateway", "bot.slack_answers", "bot.app", "bot.bolt"},
    "sqlalchemy": {"storage", "bot.app"},
    "alembic": {"storage"},
    "apscheduler": {"bot.scheduler"},
    "dotenv": {"bot.__main__"},
    "aiohttp": {"bot.gateway", "bot.slack_answers", "bot.app", "bot.feeds", "bot.playground"},
    "cryptography": {"bot.seal"},
    "dateutil": {"bot.feeds"},
    "icalendar": {"bot.feeds", "bot.views"},
    "click": {"bot.__main__"},
    "holidays": {"bot.holidays"},
}
DOMAIN_MAY_IMPORT = {*sys.stdlib_module_names, "numpy", "bot"}


def modules() -> Iterator[tuple[str, Path]]:
    """Yield each module of ours with its file."""
    for folder in ("bot", "handlers", "storage"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), path


@cache
def parsed(path: Path) -> tuple[list[ast.Import | ast.ImportFrom], list[str]]:
    """Return what a module imports, and what it takes from a name, as in `os.environ`."""
    imports, names = [], []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports.append(node)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            names.append(f"{node.value.id}.{node.attr}")
    return imports, names


def room_of(module: str) -> str:
    """Return the room that `module` is in."""
    parts = module.split(".")
    two = ".".join(parts[:2])
    return two if two in MAY_IMPORT else parts[0]


def imports_of(module: str, path: Path) -> set[str]:
    """Return the full names that `path` imports, relative ones resolved."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found: set[str] = set()
    for node in parsed(path)[0]:
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        else:
            parents = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join(parents) if node.level else ""
            source = ".".join(filter(None, (base, node.module)))
            found.update(f"{source}.{alias.name}" for alias in node.names)
    return found


def breaches() -> Iterator[str]:
    """Yield a line for each import that the rules forbid."""
    for module, path in modules():
        room = room_of(module)
        for name in imports_of(module, path):
            top = name.split(".")[0]
            if top in ("bot", "handlers", "storage"):
                target = room_of(name)
                allowed = MAY_IMPORT[room] | EVERYWHERE | {room}
                if target not in allowed:
                    yield f"{module} imports {name}: {room} may not see {target}"
            elif top in ONLY_IN and room not in ONLY_IN[top]:
                yield f"{module} imports {name}: only {sorted(ONLY_IN[top])} may"
            elif room == "bot.domain" and top not in DOMAIN_MAY_IMPORT:
                yield f"{module} imports {name}: domain is standard library and numpy only"


def test_every_import_points_to_the_left() -> None:
    assert list(breaches()) == []


def test_the_rules_notice_a_breach() -> None:
    assert room_of("bot.views.kit") == "bot.views"
    assert "storage" not in MAY_IMPORT["bot.views"]
    assert "handlers" not in MAY_IMPORT["bot.delivery"]
    assert "bot.delivery" not in MAY_IMPORT["handlers"]


CLOCK_READS = ("datetime.now", "datetime.utcnow", "date.today", "datetime.today", "time.time")


def test_only_the_clock_reads_the_clock() -> None:
    allowed = {"bot.clock", "bot.playground.clocks"}
    readers = [
        f"{module}: {name}"
        for module, path in modules()
        if module not in allowed
        for name in parsed(path)[1]
        if name in CLOCK_READS
    ]
    assert readers == []


def test_only_config_and_main_read_the_environment() -> None:
    readers = [
        module
        for module, path in modules()
        if module not in ("bot.config", "bot.__main__")
        for name in parsed(path)[1]
        if name in ("os.environ", "os.getenv")
    ]
    assert readers == []


NOTHING_HAPPENS = """
import importlib, sys

ours = sys.argv[1:]
importlib.import_module("tests.architecture.third_party")
root = {root!r}

def watch(event, args):
    if event.startswith("socket.") or event in ("sqlite3.connect", "subprocess.Popen"):
        raise SystemExit(f"import caused {{event}} {{args}}")
    if event == "open" and isinstance(args[0], str) and args[0].startswith(root):
        theirs = "/.venv/" in args[0] or "__pycache__" in args[0]
        if not theirs and not args[0].endswith((".py", ".pyc")):
            raise SystemExit(f"import opened {{args[0]}}")
    if event == "os.getenv":
        raise SystemExit("import read the environment")

sys.addaudithook(watch)
import os

class Refusing(type(os.environ)):
    def __getitem__(self, key):
        caller = sys._getframe(1)
        while caller and "importlib" in caller.f_code.co_filename:
            caller = caller.f_back
        if any(part in caller.f_code.co_filename for part in ("/bot/", "/handlers/", "/storage/")):
            raise SystemExit(f"import read {{key}} from the environment")
        return super().__getitem__(key)

os.environ.__class__ = Refusing
for name in ours:
    importlib.import_module(name)
"""


def test_importing_opens_nothing() -> None:
    names = [name for name, path in modules() if not _is_script(name)]
    code = NOTHING_HAPPENS.format(root=f"{ROOT}/").replace(
        'importlib.import_module("tests.architecture.third_party")', _third_party()
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *names],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr or done.stdout


def test_the_check_of_imports_can_fail(tmp_path: Path) -> None:
    (tmp_path / "careless.py").write_text("import socket\nsocket.socket().bind(('127.0.0.1', 0))\n")
    code = NOTHING_HAPPENS.format(root=f"{ROOT}/").replace(
        'importlib.import_module("tests.architecture.third_party")', "import socket"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "careless"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert "import caused socket" in done.stderr


def _third_party() -> str:
    """Return code that imports, unwatched, what our modules import of others."""
    names = {
        name.split(".")[0]
        for module, path in modules()
        for name in imports_of(module, path)
        if name.split(".")[0] not in {*sys.stdlib_module_names, "bot", "handlers", "storage"}
    }
    deep = ("slack_bolt.async_app", "sqlalchemy.ext.asyncio", "aiohttp.web", "aiosqlite", "asyncpg")
    known = [*sorted(names), *deep]
    return "\n".join(
        f"try:\n    importlib.import_module({name!r})\nexcept ImportError:\n    pass"
        for name in known
    )


def _is_script(name: str) -> bool:
    return "migrations" in name or name == "bot.__main__"


@pytest.mark.parametrize("name", ["bot", "handlers", "storage"])
def test_every_folder_is_a_package(name: str) -> None:
    folders = {path.parent for _, path in modules()}
    bare = [str(folder) for folder in folders if not (folder / "__init__.py").exists()]
    assert [folder for folder in bare if f"/{name}" in folder and "migrations" not in folder] == []
