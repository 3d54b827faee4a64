"""The house stands as it was drawn: imports, sizes, names, and what is pinned."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
FOLDERS = ("services", "portal", "tests", "benchmarks")
MOST_LINES_OF_A_FILE = 300
MOST_LINES_OF_A_FUNCTION = 40
NAMELESS = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
PINNED = re.compile(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+_-]+( ; .+)?")
WRITTEN_BY_ALEMBIC = ROOT / "services/migrations/versions"


def sources() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not path.is_relative_to(WRITTEN_BY_ALEMBIC):
                yield path


def test_imports_follow_the_contracts() -> None:
    command = Path(sys.executable).parent / "lint-imports"
    told = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr


def test_no_file_is_too_long_to_read() -> None:
    long = {str(path.relative_to(ROOT)): n for path in sources() if (n := lines_of(path)) > MOST_LINES_OF_A_FILE}
    assert long == {}


def test_no_function_is_too_long_to_grasp() -> None:
    long = {}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and length(node) > MOST_LINES_OF_A_FUNCTION:
                long[f"{path.relative_to(ROOT)}:{node.name}"] = length(node)
    assert long == {}


def lines_of(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines that do something: neither the parameters, one a line, nor what is said of them."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_nothing_is_put_off_in_a_comment() -> None:
    later = re.compile(r"\b(TODO|FIX" + r"ME|HACK)\b")
    texts = [*sources(), *ROOT.glob("portal/templates/**/*.html"), *ROOT.glob("portal/static/portal.*")]
    assert [path for path in texts if path != Path(__file__) and later.search(path.read_text(encoding="utf-8"))] == []


def test_every_module_is_named_after_what_it_does() -> None:
    assert [path for path in sources() if path.stem in NAMELESS or path.parent.name in NAMELESS] == []


def test_no_room_is_empty() -> None:
    rooms = {path.parent for path in sources() if path.name == "__init__.py"}
    assert [room for room in rooms if len(list(room.rglob("*.py"))) == 1 and not lines_of(room / "__init__.py")] == []


@pytest.mark.parametrize("room", ["citizen", "desk", "ops", "public"])
def test_views_write_no_queries(room: str) -> None:
    for path in (ROOT / "portal" / room).glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "sqlalchemy" not in text, path
        assert not re.search(r"from services\.\S*models\b", text), path


def test_every_pin_is_exact_and_says_not_where_it_came_from() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert [line for line in lines if not PINNED.fullmatch(line)] == []
    assert "://" not in (ROOT / "pyproject.toml").read_text()


def test_everything_that_is_installed_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    pinned = {canonicalize_name(line.split("==")[0]) for line in (ROOT / "constraints.txt").read_text().splitlines()}
    assert needed_by(wanted) - pinned == set()


def needed_by(wanted: list[str]) -> set[str]:
    """Every distribution that these requirements bring in here, themselves included."""
    found: set[str] = set()
    waiting = [(Requirement(text), "") for text in wanted]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        if name in found and not requirement.extras:
            continue
        found.add(name)
        try:
            brought = requires(requirement.name) or []
        except PackageNotFoundError:
            continue
        waiting += [(Requirement(text), one) for text in brought for one in {"", *requirement.extras}]
    return found
