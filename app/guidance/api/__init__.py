"""What helps before anything is asked or applied for."""

import strawberry

from app.guidance.api.categories import NODES, CategoriesQuery
from app.guidance.api.eligibility import EligibilityQuery
from app.guidance.api.limits import LimitsQuery

__all__ = ["NODES", "GuidanceQuery"]


@strawberry.type
class GuidanceQuery(CategoriesQuery, EligibilityQuery, LimitsQuery):
    pass
