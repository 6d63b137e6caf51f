"""Root fields of this room."""

from app.quizzes.api import attempts, bank
from app.quizzes.api.attempts import AttemptsMutation, AttemptsQuery
from app.quizzes.api.bank import BankMutation, BankQuery
from app.quizzes.api.rounds import RoundsMutation, RoundsQuery, RoundsSubscription

NODES = bank.NODES | attempts.NODES


class QuizzesQuery(BankQuery, RoundsQuery, AttemptsQuery): ...


class QuizzesMutation(BankMutation, RoundsMutation, AttemptsMutation): ...


class QuizzesSubscription(RoundsSubscription): ...
