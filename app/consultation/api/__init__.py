"""This room's root fields and nodes."""

from app.consultation.api.answering import AnsweringMutation, AnsweringQuery, AnsweringSubscription
from app.consultation.api.asking import AskingMutation, AskingQuery, AskingSubscription
from app.consultation.api.nodes import NODES

__all__ = [
    "NODES",
    "AnsweringMutation",
    "AnsweringQuery",
    "AnsweringSubscription",
    "AskingMutation",
    "AskingQuery",
    "AskingSubscription",
]
