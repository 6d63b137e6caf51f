"""This room's root fields and nodes, by who uses them."""

from app.applications.api import applying, nodes, practising
from app.applications.api.applying import ApplyingMutation, ApplyingQuery, ApplyingSubscription
from app.applications.api.checking import CheckingQuery
from app.applications.api.notarising import NotarisingMutation, NotarisingQuery
from app.applications.api.practising import PractisingMutation, PractisingQuery
from app.applications.api.prefilling import PrefillingQuery
from app.applications.api.working import WorkingMutation, WorkingQuery

NODES = nodes.NODES | applying.NODES | practising.NODES


class ApplicationsQuery(
    ApplyingQuery, CheckingQuery, NotarisingQuery, PrefillingQuery, WorkingQuery, PractisingQuery
): ...


class ApplicationsMutation(ApplyingMutation, WorkingMutation, NotarisingMutation, PractisingMutation): ...


class ApplicationsSubscription(ApplyingSubscription): ...


__all__ = ["NODES", "ApplicationsMutation", "ApplicationsQuery", "ApplicationsSubscription"]
