"""This room's root fields and nodes, by what people do."""

from app.consultation.api.answering import AnsweringMutation
from app.consultation.api.asking import AskingMutation, AskingQuery, AskingSubscription
from app.consultation.api.desk import DeskMutation, DeskQuery, DeskSubscription
from app.consultation.api.nodes import NODES

__all__ = [
    "NODES",
    "AnsweringMutation",
    "AskingMutation",
    "AskingQuery",
    "AskingSubscription",
    "DeskMutation",
    "DeskQuery",
    "DeskSubscription",
]
