"""What a question of a quiz must be: answered in one way alone, explained, and founded on an article of law."""

import unicodedata
from collections.abc import Iterator
from typing import Final

from pydantic import BaseModel, ConfigDict

from app.core.errors import BAD_VALUE, Reason, because, code
from app.core.texts import against_text
from app.directory.rules.taxonomy import SPECIALTIES
from app.quizzes.models import BankState, Difficulty, QuestionKind

STEM: Final = (4, 500)
OPTION: Final = (1, 120)
OPTIONS: Final = (2, 8)
EXPLANATION: Final = (4, 1_000)
LAW: Final = (2, 60)
ARTICLE: Final = (2, 40)
WHY: Final = (4, 300)
TRUE_OR_FALSE: Final = ["正确", "错误"]
"""The options of TRUE_FALSE, in this order."""

QUIZ_ANSWER: Final = code(
    "QUIZ_ANSWER",
    zh="正确答案与题型或选项不符。",
    en="The right answer does not fit the kind of question or its options.",
    remedy="Places of options from 0: one for SINGLE and TRUE_FALSE, two or more for MULTIPLE, all of them, each once "
    "and in the right order, for ORDERING.",
)
OPTION_TWICE: Final = code(
    "OPTION_TWICE",
    zh="选项不能相同。",
    en="Two options are the same.",
    remedy="Make every option different.",
)
QUIZ_QUESTION_STATE: Final = code(
    "QUIZ_QUESTION_STATE",
    zh="该题目的当前状态不允许此操作。",
    en="This cannot be done with the question as it stands.",
    remedy="Read its state: what was approved is not changed; make another question and retire this one.",
)
OWN_WORK: Final = code(
    "OWN_WORK",
    zh="不能审核本人的内容，请由另一名工作人员审核。",
    en="Nobody reviews her own work: a second person does.",
    remedy="Leave it to another editor.",
)
NOT_THE_AUTHOR: Final = code(
    "NOT_THE_AUTHOR",
    zh="只能修改本人编写的题目。",
    en="Only its author may change this question.",
    remedy="Reject it with a reason, or make another.",
)


class Draft(BaseModel):
    """A question as it is written. `answer`: places in `options`, from 0."""

    model_config = ConfigDict(frozen=True)

    kind: QuestionKind
    topic: str
    difficulty: Difficulty
    stem: str
    options: tuple[str, ...]
    answer: tuple[int, ...]
    explanation: str
    law: str
    article: str


def tidied(said: Draft) -> Draft:
    """Without blanks around, and with the answer in the form in which it is kept."""
    options = tuple(TRUE_OR_FALSE) if said.kind is QuestionKind.TRUE_FALSE and not said.options else said.options
    texts = {name: getattr(said, name).strip() for name in ("stem", "explanation", "law", "article")}
    answer = said.answer if said.kind is QuestionKind.ORDERING else tuple(sorted(said.answer))
    return said.model_copy(update=texts | {"options": tuple(one.strip() for one in options), "answer": answer})


def against_draft(said: Draft) -> Iterator[Reason]:
    """Of a tidied one, by the names of the fields."""
    if said.topic not in SPECIALTIES:
        yield because(BAD_VALUE, "topic")
    for name, size in (("stem", STEM), ("explanation", EXPLANATION), ("law", LAW), ("article", ARTICLE)):
        yield from against_text(getattr(said, name), name, *size)
    if said.kind is QuestionKind.TRUE_FALSE:
        if list(said.options) != TRUE_OR_FALSE:
            yield because(BAD_VALUE, "options")
    elif not OPTIONS[0] <= len(said.options) <= OPTIONS[1]:
        yield because(BAD_VALUE, "options")
    for place, option in enumerate(said.options[: OPTIONS[1]]):
        yield from against_text(option, f"options.{place}", *OPTION)
    if len({_seen(one) for one in said.options}) < len(said.options):
        yield because(OPTION_TWICE, "options")
    if not answers(said.kind, said.answer, len(said.options)):
        yield because(QUIZ_ANSWER, "answer")


def answers(kind: QuestionKind, answer: tuple[int, ...], options: int) -> bool:
    """Whether it can be the right answer to a question of that kind with so many options."""
    if len(set(answer)) < len(answer) or not all(0 <= place < options for place in answer):
        return False
    match kind:
        case QuestionKind.MULTIPLE:
            return len(answer) >= 2
        case QuestionKind.ORDERING:
            return len(answer) == options
    return len(answer) == 1


def _seen(option: str) -> str:
    """Two that nobody can tell apart are the same."""
    return unicodedata.normalize("NFKC", option).casefold()


CHANGEABLE: Final = frozenset({BankState.IN_REVIEW, BankState.REJECTED})
"""While nobody has been asked it, its author may put it right; it is reviewed anew."""
