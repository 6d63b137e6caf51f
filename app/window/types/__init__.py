"""A pick-up code as its maker sees it, and a visit as the window and its owner see it."""

from app.window.types.codes import CreatePickupCodeResult, PickupCode, WindowQrFormat
from app.window.types.visits import WindowVisit, WindowVisitResult

__all__ = ["CreatePickupCodeResult", "PickupCode", "WindowQrFormat", "WindowVisit", "WindowVisitResult"]
