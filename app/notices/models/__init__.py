"""The tables of this room and their states."""

from app.notices.models.deliveries import ChannelState, Delivery, DeliveryState, Lane, Why
from app.notices.models.notices import Notice, NoticeKind
from app.notices.models.wishes import MessageConsent, NoticePreference, Template, ToldBy

__all__ = [
    "ChannelState",
    "Delivery",
    "DeliveryState",
    "Lane",
    "MessageConsent",
    "Notice",
    "NoticeKind",
    "NoticePreference",
    "Template",
    "ToldBy",
    "Why",
]
