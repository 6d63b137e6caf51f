"""Which divisions a lawyer may name who serves a place."""

from app.places.rules import DIVISIONS


def areas_of(code: str) -> tuple[str, ...]:
    """The division and all that it lies in: a village, its town, the city. KeyError for what is no division."""
    division = DIVISIONS[code]
    return (code, *areas_of(division.parent)) if division.parent else (code,)
