"""Mediation in the graph; what its enums mean is said before a type uses them."""

from app.mediation.types import choices

__all__ = ["choices"]
