"""Quizzes: the bank of questions, rounds, and who takes them."""

from app.quizzes.models.bank import BankState, Difficulty, QuestionKind, QuizQuestion
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
    "BankState",
    "Difficulty",
    "Entrants",
    "QuestionKind",
    "QuizAnswer",
    "QuizAttempt",
    "QuizEntrant",
    "QuizQuestion",
    "QuizRound",
    "Reveals",
]
