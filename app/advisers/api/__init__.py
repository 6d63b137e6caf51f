"""This room's root fields and nodes, by what people do."""

from app.advisers.api import appraisal, services, terms
from app.advisers.api.appraisal import AppraisalMutation, AppraisalQuery
from app.advisers.api.services import ServicesMutation, ServicesQuery
from app.advisers.api.terms import TermsMutation, TermsQuery

NODES = terms.NODES | services.NODES | appraisal.NODES


class AdvisersQuery(TermsQuery, ServicesQuery, AppraisalQuery): ...


class AdvisersMutation(TermsMutation, ServicesMutation, AppraisalMutation): ...
