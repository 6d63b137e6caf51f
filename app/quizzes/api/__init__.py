"""Root fields of this room."""

from app.quizzes.api import bank
from app.quizzes.api.bank import BankMutation, BankQuery

NODES = bank.NODES


class QuizzesQuery(BankQuery): ...


class QuizzesMutation(BankMutation): ...
