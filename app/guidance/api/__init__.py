"""What helps before anything is asked or applied for."""

import strawberry

from app.guidance.api.categories import NODES, CategoriesQuery
from app.guidance.api.eligibility import EligibilityQuery
from app.guidance.api.limits import LimitsQuery
from app.guidance.api.notarisation import NotarisationQuery
from app.guidance.api.path import PathQuery

__all__ = ["NODES", "GuidanceQuery"]


@strawberry.type
class GuidanceQuery(CategoriesQuery, EligibilityQuery, LimitsQuery, NotarisationQuery, PathQuery):
    pass
