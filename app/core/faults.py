"""What PostgreSQL said no with, by its code (SQLSTATE; PostgreSQL, Appendix A)."""

from sqlalchemy.exc import DBAPIError

INSUFFICIENT_PRIVILEGE = "42501"


def state_of(cause: BaseException) -> str | None:
    """Its code, where it is PostgreSQL's at all."""
    state: str | None = getattr(getattr(cause, "orig", None), "sqlstate", None)
    return state


def walled(error: DBAPIError) -> bool:
    """Whether a row was forbidden by row-level security: where it was allowed a moment ago, a wall has come down
    between the look and the write, as a seat ended or a question was erased. (A right that is missing altogether is a
    fault of ours.)"""
    return state_of(error) == INSUFFICIENT_PRIVILEGE and "row-level security" in str(error.orig)
