"""Who is asking, as PostgreSQL is told it: row-level security asks `app.person()`.

What is said ends with the transaction, also behind a pooler; where nothing was said there is nobody, who sees nothing
that is somebody's.
"""

from functools import lru_cache
from typing import Final

IN_A_TRANSACTION: Final = "SELECT set_config('app.person', $1, true), app.clock(), true"
# The name is the question's own argument: whatever the planner does, it is said before the sign-in is looked for.
ON_A_DEVICE: Final = "SELECT NULL, app.clock(), door.signed_in($2, CAST(set_config('app.person', $1, true) AS uuid))"


@lru_cache(maxsize=2000)
def by_somebody(statement: str, values: int) -> str:
    """A SELECT that stands alone, and says itself who asks: her id is its last value, after so many of its own.

    As in `crowd.each`, the name is said where the one row is made for which the SELECT is asked, and that asks whether
    it was: whatever the planner does, nothing is shown before.
    """
    return (
        f"SELECT asked.* FROM (SELECT set_config('app.person', ${values + 1}, true) AS person OFFSET 0) AS who,"
        f" LATERAL (SELECT * FROM ({statement}) AS look WHERE who.person = app.person()::text OFFSET 0) AS asked"
    )
