"""Quizzes as the graph shows them."""

from app.graph.enums import explain
from app.quizzes.models import BankState, Difficulty, QuestionKind

explain(
    QuestionKind,
    "How a question of a quiz is answered.",
    "QuizQuestionKind",
    SINGLE="One option is right (单选题).",
    MULTIPLE="Two or more options are right (多选题).",
    TRUE_FALSE="The statement is right or wrong (判断题): the first option says 正确, the second 错误.",
    ORDERING="The options are brought into an order (排序题).",
)
explain(
    Difficulty,
    "How hard a question of a quiz is.",
    "QuizDifficulty",
    EASY="Most people know it.",
    MEDIUM="Who has read about it knows it.",
    HARD="Few know it.",
)
explain(
    BankState,
    "Where a question stands in the bank.",
    "QuizQuestionState",
    IN_REVIEW="A second person is to look at it.",
    APPROVED="Quizzes may draw it; it is not changed any more.",
    REJECTED="Its author may put it right.",
    RETIRED="It is drawn no more.",
)
