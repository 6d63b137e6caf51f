"""This room's root fields and nodes, by what people do."""

from app.contests.api import judging, looking
from app.contests.api.entering import EnteringMutation
from app.contests.api.judging import JudgingMutation, JudgingQuery
from app.contests.api.juries import JuryMutation, JuryQuery
from app.contests.api.looking import LookingQuery
from app.contests.api.voting import VotingMutation

NODES = looking.NODES | judging.NODES


class ContestsQuery(LookingQuery, JuryQuery, JudgingQuery): ...


class ContestsMutation(EnteringMutation, VotingMutation, JuryMutation, JudgingMutation): ...
