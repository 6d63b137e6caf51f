"""Root fields of this room."""

from app.quizzes.api import attempts, bank, prizes
from app.quizzes.api.attempts import AttemptsMutation, AttemptsQuery
from app.quizzes.api.bank import BankMutation, BankQuery
from app.quizzes.api.prizes import PrizesMutation
from app.quizzes.api.rounds import RoundsMutation, RoundsQuery, RoundsSubscription

NODES = bank.NODES | attempts.NODES | prizes.NODES


class QuizzesQuery(BankQuery, RoundsQuery, AttemptsQuery): ...


class QuizzesMutation(BankMutation, RoundsMutation, AttemptsMutation, PrizesMutation): ...


class QuizzesSubscription(RoundsSubscription): ...
