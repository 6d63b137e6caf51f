"""This room's root fields and nodes, by what people do."""

from app.contests.api import looking
from app.contests.api.entering import EnteringMutation
from app.contests.api.looking import LookingQuery
from app.contests.api.voting import VotingMutation

NODES = looking.NODES


class ContestsQuery(LookingQuery): ...


class ContestsMutation(EnteringMutation, VotingMutation): ...
