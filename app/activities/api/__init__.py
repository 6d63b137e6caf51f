"""This room's root fields and nodes, by what people do."""

from app.activities.api import following
from app.activities.api.editing import EditingMutation
from app.activities.api.following import FollowingQuery, FollowingSubscription

NODES = following.NODES


class ActivitiesQuery(FollowingQuery): ...


class ActivitiesMutation(EditingMutation): ...


class ActivitiesSubscription(FollowingSubscription): ...
