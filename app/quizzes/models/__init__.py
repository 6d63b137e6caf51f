"""Quizzes: the bank of questions."""

from app.quizzes.models.bank import BankState, Difficulty, QuestionKind, QuizQuestion

__all__ = ["BankState", "Difficulty", "QuestionKind", "QuizQuestion"]
