"""The house's own source, read as text and as trees."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"
NOT_ROOMS = {"core", "graph", "outside", "migrations", "pages"}
ROOMS = sorted(path for path in APP.iterdir() if (path / "__init__.py").exists() and path.name not in NOT_ROOMS)
DOMAIN = ("models", "events", "rules", "reads", "actions")


def files(*folders: Path) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def domain() -> list[Path]:
    """The files of every room that decide, read or write."""
    found = [room / f"{name}.py" for room in ROOMS for name in DOMAIN]
    folders = [room / name for room in ROOMS for name in DOMAIN]
    return [path for path in found if path.exists()] + files(*folders)


def said(path: Path) -> str:
    return path.read_text()


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(said(path))) if isinstance(node, ast.Call))


def place(path: Path, node: ast.expr | ast.stmt | None = None) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}" if node else str(path.relative_to(ROOT))
