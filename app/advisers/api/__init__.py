"""This room's root fields and nodes, by what people do."""

from app.advisers.api import terms
from app.advisers.api.terms import TermsMutation, TermsQuery

NODES = terms.NODES


class AdvisersQuery(TermsQuery): ...


class AdvisersMutation(TermsMutation): ...
