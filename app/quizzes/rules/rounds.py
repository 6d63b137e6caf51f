"""How a quiz may be set up, and the words for what is not taken."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict

from app.accounts.models import AgeBand
from app.accounts.rules.consenting import AGE_NEEDED, GUARDIAN_NEEDED, Readiness, against_keeping
from app.core.errors import BAD_VALUE, Reason, because, code
from app.core.texts import against_text
from app.quizzes.models import Entrants, Reveals
from app.quizzes.rules.prizes import Prize, against_prizes

DRAWS: Final = (1, 100)
POOL: Final = 500
SECONDS: Final = (30, 4 * 3600)
ATTEMPTS: Final = (1, 10)
GROUPS: Final = 200
NAME: Final = (2, 40)
WHY: Final = (4, 300)
GRACE: Final = timedelta(seconds=30)
"""After the deadline, for what is on its way. The table's own functions say the same."""
LEAST: Final = {Entrants.SCHOOL: 10, Entrants.TEAM: 3, Entrants.PERSON: 0}
"""Of how many people a total is told: a school's is never that of a few children."""

QUIZ_NOT_OPEN: Final = code(
    "QUIZ_NOT_OPEN",
    zh="该竞赛尚未开始或已经结束。",
    en="This quiz has not begun, or is over.",
    remedy="Show when it opens and closes: `Activity.opensAt`, `closesAt`.",
)
ATTEMPTS_USED: Final = code(
    "ATTEMPTS_USED",
    zh="答题次数已用完，每人最多 {limit} 次。",
    en="All attempts are used: everybody has {limit}.",
    remedy="Show what came of the earlier ones: `myAttempts`.",
)
ATTEMPT_CLOSED: Final = code(
    "ATTEMPT_CLOSED",
    zh="本次答题已结束，已保存的答案均已计入。",
    en="This attempt is closed; every answer that was saved counts.",
    remedy="Show `attempt`, which has all that was saved.",
)
BAD_CHOICE: Final = code(
    "BAD_CHOICE",
    zh="所选答案与题型或选项不符。",
    en="This is no answer to such a question.",
    remedy="Places of options as `QuizItem.options` shows them, from 0: at most one of SINGLE and TRUE_FALSE, all of "
    "ORDERING in your order, none to take it back.",
)
GROUP_NEEDED: Final = code(
    "GROUP_NEEDED",
    zh="请选择您所代表的队伍或学校。",
    en="Please say for which team or school you take it.",
    remedy="Send one of `QuizRound.groups`; who has begun stays with the one she said first.",
)
ROUND_FIXED: Final = code(
    "ROUND_FIXED",
    zh="活动提交审核后，竞赛设置不能修改。",
    en="Once the activity was handed in for review, its quiz stays as it is.",
    remedy="Take the activity back into a draft first.",
)
NOT_A_QUIZ: Final = code(
    "NOT_A_QUIZ",
    zh="该活动不是知识竞赛。",
    en="This activity is no quiz.",
    remedy="Create an activity of the kind QUIZ.",
)
POOL_TOO_SMALL: Final = code(
    "POOL_TOO_SMALL",
    zh="可用的已审核题目只有 {found} 道，少于抽题数。",
    en="Only {found} questions that are approved can be drawn: fewer than are to be.",
    remedy="Name more approved questions, or draw fewer.",
)
CERTIFICATE_NEEDS_INSTITUTION: Final = code(
    "CERTIFICATE_NEEDS_INSTITUTION",
    zh="设置合格分数前，请先为活动指定出具证书的机构。",
    en="A certificate is an institution's: the activity has none yet.",
    remedy="Say which institution puts the activity on, or leave the pass mark out.",
)
NO_CERTIFICATE: Final = code(
    "NO_CERTIFICATE",
    zh="本次答题没有合格证书：成绩未达到合格标准，或该竞赛不发证书。",
    en="This attempt has no certificate: it did not pass, or the quiz gives none.",
    remedy="Show `score` beside `QuizRound.passMark`.",
)
CERTIFICATE_LATER: Final = code(
    "CERTIFICATE_LATER",
    zh="成绩公布后才能领取证书。",
    en="Certificates are given once the results are told.",
    remedy="Ask again when the activity is ANNOUNCED; where `reveals` is ATTEMPT, once the attempt is closed.",
)


NOT_ON_BOARD: Final = code(
    "NOT_ON_BOARD",
    zh="榜上该名次没有这个代号，名次可能已变化，请刷新后再操作。",
    en="Nobody stands at that place of the board under that pseudonym; it may have changed meanwhile.",
    remedy="Read `leaderboard` again, and send an entry's `alias` and `place` as they stand now.",
)
OWN_ATTEMPT: Final = code(
    "OWN_ATTEMPT",
    zh="不能处理自己的答题。",
    en="Nobody decides about an attempt of her own.",
    remedy="Ask a colleague.",
)


def board_of(round: UUID) -> UUID:
    """The topic that rings when a quiz may stand otherwise."""
    return uuid5(round, "board")


class Setup(BaseModel):
    """How a quiz is to be."""

    model_config = ConfigDict(frozen=True)

    questions: tuple[UUID, ...]
    draws: int
    seconds: int
    attempts: int
    reveals: Reveals
    entrants: Entrants
    groups: tuple[str, ...]
    pass_mark: int | None = None
    prizes: tuple[Prize, ...] = ()


def against_setup(said: Setup) -> Iterator[Reason]:
    for name, value, (least, most) in (
        ("draws", said.draws, DRAWS),
        ("seconds", said.seconds, SECONDS),
        ("attempts", said.attempts, ATTEMPTS),
    ):
        if not least <= value <= most:
            yield because(BAD_VALUE, name)
    if not 1 <= len(said.questions) <= POOL or len(set(said.questions)) < len(said.questions):
        yield because(BAD_VALUE, "questionIds")
    if said.pass_mark is not None and not 1 <= said.pass_mark <= said.draws:
        yield because(BAD_VALUE, "passMark")
    yield from against_prizes(said.prizes)
    alone = said.entrants is Entrants.PERSON
    if (
        (alone and said.groups)
        or not (alone or 2 <= len(said.groups) <= GROUPS)
        or len({name.strip() for name in said.groups}) < len(said.groups)
    ):
        yield because(BAD_VALUE, "groups")
    for place, name in enumerate(said.groups[:GROUPS]):
        yield from against_text(name, f"groups.{place}", *NAME)


def against_taking_part(ready: Readiness) -> Iterator[Reason]:
    """What is kept of her rests on her consent; under fourteen on her guardian's (PIPL 31)."""
    yield from against_keeping(ready)
    if ready.band is None:
        yield because(AGE_NEEDED)
    elif ready.band is AgeBand.UNDER_14 and not ready.guarded:
        yield because(GUARDIAN_NEEDED)


def team_of(said: str | None, groups: Sequence[str]) -> int | None:
    """Its place from 1; 0 where there are none, None where one is needed."""
    if not groups:
        return 0
    return groups.index(said.strip()) + 1 if said is not None and said.strip() in groups else None
