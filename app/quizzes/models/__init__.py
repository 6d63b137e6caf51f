"""Quizzes: the bank of questions, rounds, who takes them, and what is won."""

from app.quizzes.models.bank import BankState, Difficulty, QuestionKind, QuizQuestion
from app.quizzes.models.prizes import AwardState, QuizAward, QuizPrize
from app.quizzes.models.rounds import (
    AttemptState,
    Entrants,
    QuizAnswer,
    QuizAttempt,
    QuizEntrant,
    QuizRound,
    Reveals,
)

__all__ = [
    "AttemptState",
    "AwardState",
    "BankState",
    "Difficulty",
    "Entrants",
    "QuestionKind",
    "QuizAnswer",
    "QuizAttempt",
    "QuizAward",
    "QuizEntrant",
    "QuizPrize",
    "QuizQuestion",
    "QuizRound",
    "Reveals",
]
