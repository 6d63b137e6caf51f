"""This room's root fields and nodes, by what people do."""

from app.advisers.api import services, terms
from app.advisers.api.services import ServicesMutation, ServicesQuery
from app.advisers.api.terms import TermsMutation, TermsQuery

NODES = terms.NODES | services.NODES


class AdvisersQuery(TermsQuery, ServicesQuery): ...


class AdvisersMutation(TermsMutation, ServicesMutation): ...
