"""This room's root fields and nodes."""

from app.window.api import counter, rating, visiting
from app.window.api.counter import CounterMutation, CounterQuery
from app.window.api.looking import LookingQuery
from app.window.api.rating import RatingMutation, RatingQuery
from app.window.api.visiting import VisitingMutation, VisitingQuery

NODES = visiting.NODES | rating.NODES | counter.NODES


class WindowQuery(VisitingQuery, CounterQuery, RatingQuery, LookingQuery): ...


class WindowMutation(VisitingMutation, CounterMutation, RatingMutation): ...


__all__ = ["NODES", "WindowMutation", "WindowQuery"]
