"""What lies at the top of the repository."""

from app.graph.saved import FOLDER

ROOT = FOLDER.parents[1]
MADE = {"var", "dist"}
"""By scripts/start and by a build; Git ignores them."""


def test_nothing_new_lies_at_the_top() -> None:
    seen = {path.name for path in ROOT.iterdir() if not path.name.startswith((".", "__"))} - MADE
    files = {"README.md", "LICENSE", "pyproject.toml", "uv.lock", "schema.graphql"}
    assert seen == files | {"app", "workers", "scripts", "tests"}
