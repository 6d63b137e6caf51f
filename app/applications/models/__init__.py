"""Tables of the applications and their states."""

from app.applications.models.applications import (
    FOREVER,
    Application,
    ApplicationDraft,
    ApplicationKind,
    ApplicationMove,
    ApplicationState,
    ApplicationStep,
    By,
    Channel,
    Clock,
    KindOfApplication,
    Move,
)
from app.applications.models.assignments import Assignment, AssignmentState, DeclinedFor, RecusalGround
from app.applications.models.mediation import Route
from app.applications.models.notarisation import PauseGround, RefusalGround

__all__ = [
    "FOREVER",
    "Application",
    "ApplicationDraft",
    "ApplicationKind",
    "ApplicationMove",
    "ApplicationState",
    "ApplicationStep",
    "Assignment",
    "AssignmentState",
    "By",
    "Channel",
    "Clock",
    "DeclinedFor",
    "KindOfApplication",
    "Move",
    "PauseGround",
    "RecusalGround",
    "RefusalGround",
    "Route",
]
