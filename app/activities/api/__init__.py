"""This room's root fields and nodes, by what people do."""

from app.activities.api import attending, following
from app.activities.api.attending import AttendingMutation, AttendingQuery
from app.activities.api.editing import EditingMutation
from app.activities.api.following import FollowingQuery, FollowingSubscription

NODES = following.NODES | attending.NODES


class ActivitiesQuery(FollowingQuery, AttendingQuery): ...


class ActivitiesMutation(EditingMutation, AttendingMutation): ...


class ActivitiesSubscription(FollowingSubscription): ...
