"""What people ask of mediation, and do in it."""

from app.mediation.api.following import NODES, FollowingQuery, FollowingSubscription
from app.mediation.api.handling import HandlingMutation
from app.mediation.api.invited import InvitedMutation, InvitedQuery
from app.mediation.api.offering import OfferingMutation
from app.mediation.api.taking_part import TakingPartMutation

__all__ = ["NODES", "MediationMutation", "MediationQuery", "MediationSubscription"]


class MediationQuery(FollowingQuery, InvitedQuery): ...


class MediationMutation(InvitedMutation, TakingPartMutation, HandlingMutation, OfferingMutation): ...


class MediationSubscription(FollowingSubscription): ...
