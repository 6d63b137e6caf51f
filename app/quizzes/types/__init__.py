"""Quizzes as the graph shows them."""
