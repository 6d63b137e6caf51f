"""Where the city's people live, and when its offices work."""

from app.places.rules.divisions import CITY, DIVISIONS, Division, DivisionKind, divisions_of, is_division, town_of
from app.places.rules.workdays import add_workdays, is_workday

__all__ = [
    "CITY",
    "DIVISIONS",
    "Division",
    "DivisionKind",
    "add_workdays",
    "divisions_of",
    "is_division",
    "is_workday",
    "town_of",
]
