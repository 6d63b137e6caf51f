"""This room's root fields and nodes."""

from app.window.api import visiting
from app.window.api.visiting import VisitingMutation, VisitingQuery

NODES = visiting.NODES


class WindowQuery(VisitingQuery): ...


class WindowMutation(VisitingMutation): ...


__all__ = ["NODES", "WindowMutation", "WindowQuery"]
