"""This room's root fields and nodes."""

from app.window.api import rating, visiting
from app.window.api.looking import LookingQuery
from app.window.api.rating import RatingMutation, RatingQuery
from app.window.api.visiting import VisitingMutation, VisitingQuery

NODES = visiting.NODES | rating.NODES


class WindowQuery(VisitingQuery, RatingQuery, LookingQuery): ...


class WindowMutation(VisitingMutation, RatingMutation): ...


__all__ = ["NODES", "WindowMutation", "WindowQuery"]
