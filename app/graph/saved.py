"""The saved operations of `app/operations`: what clients' screens ask for, and what GraphiQL offers to begin with.

`ROLE/NAME.graphql` is one operation for that role, or for `anyone`; the comment at its top says what it is for.
`NAME.json` beside it has variables to begin with, in which `<Question>` stands for the id of a question.
"""

import re
from dataclasses import asdict, dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path

from app.core.access import Role

ROLES = ("ANYONE", *Role)
FOLDER = Path(__file__).parent.parent / "operations"


@dataclass(frozen=True)
class Saved:
    role: str
    """A name of Role, or ANYONE."""
    name: str
    about: str
    document: str
    variables: str
    """JSON, "" where it takes none."""

    @property
    def kind(self) -> str:
        """query, mutation or subscription."""
        found = re.search("^(query|mutation|subscription) ", self.document, re.MULTILINE)
        assert found, f"{self.name} does not say what it is"
        return found[1]

    @property
    def twin(self) -> str | None:
        """Of a subscription: the query that tells the same by the same names, for who has to poll.

        It is the query field of that name; of a stream of states, which takes no cursor, the one that gives the state,
        whose refusals are errors.
        """
        if self.kind != "subscription":
            return None
        query = re.sub("^subscription ", "query ", self.document, count=1, flags=re.MULTILINE)
        if "$after" in query:
            return query
        query = re.sub(r"^  ((\w+)Updates)\b", r"  \1: \2", query, count=1, flags=re.MULTILINE)
        return re.sub(r"^    \.\.\. on Refused \{\n.*?^    \}\n", "", query, flags=re.MULTILINE | re.DOTALL)

    @property
    def documents(self) -> tuple[str, ...]:
        """All that clients send of it."""
        return (self.document, self.twin) if self.twin else (self.document,)

    @property
    def is_keyed(self) -> bool:
        """Whether its input has an idempotency key: only then may it be sent again when no answer came."""
        return '"idempotencyKey"' in self.variables

    def told(self) -> dict[str, str]:
        """For JSON."""
        return asdict(self)


@cache
def saved() -> tuple[Saved, ...]:
    """By role, then by name."""
    found = [_read(path) for path in FOLDER.glob("*/*.graphql")]
    return tuple(sorted(found, key=lambda one: (ROLES.index(one.role), one.name)))


def _read(path: Path) -> Saved:
    document = path.read_text("utf-8")
    comment = takewhile(lambda line: line.startswith("#"), document.splitlines())
    variables = path.with_suffix(".json")
    return Saved(
        path.parent.name.upper(),
        path.stem,
        " ".join(line.removeprefix("#").strip() for line in comment),
        document,
        variables.read_text("utf-8") if variables.exists() else "",
    )
