"""How a contest is judged, and what comes of it. Pure: figures are exact fractions until they are shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import chain, repeat
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from app.contests.models.juries import ConflictKind, Prize
from app.core.errors import BAD_VALUE, Code, Reason, because, code
from app.core.texts import against_text

NAME: Final = (1, 40)
CALLED: Final = (1, 40)
SCHOOLS: Final = 10
TRIMMED_FROM: Final = 5
"""From so many scores on an entry's highest and its lowest are left out: no one juror lifts or sinks it alone."""

JURY_FIXED: Final = code(
    "JURY_FIXED",
    zh="评审已经开始，评分标准、入围和奖项数量不能再改。",
    en="Judging has begun: the rubric, the shortlist and the prizes stay as they are.",
    remedy="Set the jury up before the activity is moved to SCORING.",
)
JURY_NEEDED: Final = code(
    "JURY_NEEDED",
    zh="请先设定该活动的评分标准。",
    en="The contest has no rubric yet.",
    remedy="Call setContestJury first.",
)
WEIGHTS_UNEVEN: Final = code(
    "WEIGHTS_UNEVEN",
    zh="各评分项的权重之和必须为100（现为 {found}）。",
    en="The weights must come to 100; they come to {found}.",
    remedy="Change the weights.",
)
PRIZES_TOO_MANY: Final = code(
    "PRIZES_TOO_MANY",
    zh="奖项总数不能超过入围数量。",
    en="There are more prizes than places on the shortlist.",
    remedy="Make the shortlist longer, or the prizes fewer.",
)
NO_JUROR: Final = code(
    "NO_JUROR",
    zh="该账号不能担任本活动评委。",
    en="That account cannot be a juror of this contest.",
    remedy="Name a grown-up whose account is in use, other than yourself, before judging ends.",
)
JUDGING_CLOSED: Final = code(
    "JUDGING_CLOSED",
    zh="评审尚未开始或已经结束。",
    en="It is not judged now.",
    remedy="Scores are taken while the activity is SCORING, until judging has ended.",
)
MAY_NOT_JUDGE: Final = code(
    "MAY_NOT_JUDGE",
    zh="您需要回避该作品的评审。",
    en="You may not judge this one.",
    remedy="Judge what `judgingSheet` lists.",
)
POINTS_OUT_OF_SCALE: Final = code(
    "POINTS_OUT_OF_SCALE",
    zh="请按评分标准逐项打分，每项不得超过满分。",
    en="Give points for each criterion, none beyond its scale.",
    remedy="Send as many points as the rubric has criteria, in its order, each from 0 to `scale`.",
)
SCORES_MISSING: Final = code(
    "SCORES_MISSING",
    zh="还有 {left} 件作品的有效评分不足，暂不能结束评审。",
    en="{left} entries have too few scores yet.",
    remedy="Wait for the jurors, or name more.",
)
ENTRIES_UNCHECKED: Final = code(
    "ENTRIES_UNCHECKED",
    zh="还有作品没有审看，暂不能结束评审。",
    en="Entries wait to be checked: none is left out of the judging unseen.",
    remedy="Check what `entryDesk` lists; jurors then judge what is shown.",
)
REFUSED: Final[dict[str, Code]] = {
    "CLOSED": JUDGING_CLOSED,
    "BARRED": MAY_NOT_JUDGE,
    "RANGE": POINTS_OUT_OF_SCALE,
    "STATE": JUDGING_CLOSED,
    "UNCHECKED": ENTRIES_UNCHECKED,
}
"""What the door says when it takes nothing."""


class Criterion(BaseModel):
    name: str
    weight: int
    scale: int


class Rubric(BaseModel):
    """`needed` scores an entry; `vote_share` percent of the total are the votes; `prizes` in the order of Prize."""

    criteria: tuple[Criterion, ...]
    needed: int
    vote_share: int
    shortlist: int
    prizes: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Judged:
    """An entry with what each juror gave it, as points of each criterion in turn."""

    entry: UUID
    since: datetime
    votes: int
    scores: Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Ranked:
    entry: UUID
    place: int
    scores: int
    points: int
    """In hundredths, as the total."""
    votes: int
    total: int
    prize: Prize | None


def against_rubric(said: Rubric) -> Iterator[Reason]:
    yield from _range(len(said.criteria), "criteria", 1, 10)
    for each in said.criteria:
        yield from against_text(each.name, "criteria.name", *NAME)
        yield from _range(each.weight, "criteria.weight", 1, 100)
        yield from _range(each.scale, "criteria.scale", 1, 100)
    if (found := sum(each.weight for each in said.criteria)) != 100:
        yield because(WEIGHTS_UNEVEN, "criteria.weight", found=found)
    yield from _range(said.needed, "scoresNeeded", 1, 20)
    yield from _range(said.vote_share, "voteShare", 0, 100)
    yield from _range(said.shortlist, "shortlist", 1, 500)
    for prize, many in zip(Prize, said.prizes, strict=True):
        yield from _range(many, f"prizes.{prize.lower()}", 0, 500)
    if sum(said.prizes) > said.shortlist:
        yield because(PRIZES_TOO_MANY, "prizes")


def against_answer(accept: bool, schools: Sequence[str]) -> Iterator[Reason]:
    if len(schools) > SCHOOLS or (schools and not accept):
        yield because(BAD_VALUE, "schools")
    for each in schools:
        yield from against_text(each, "schools", 2, 40)


def against_conflict(kind: ConflictKind) -> Iterator[Reason]:
    """What the house finds it says itself."""
    if kind is ConflictKind.FOUND:
        yield because(BAD_VALUE, "kind")


def score_of(rubric: Rubric, points: Sequence[int]) -> Fraction:
    """Out of 100: each criterion's part of its scale, by its weight."""
    each = zip(rubric.criteria, points, strict=True)
    return sum((Fraction(one.weight * point, one.scale) for one, point in each), Fraction(0))


def jury_points(scores: Sequence[Fraction]) -> Fraction:
    """The mean; from TRIMMED_FROM scores on without one highest and one lowest."""
    kept = sorted(scores)
    if len(kept) >= TRIMMED_FROM:
        kept = kept[1:-1]
    return sum(kept, Fraction(0)) / len(kept)


def lacking(rubric: Rubric, judged: Sequence[Judged]) -> int:
    return sum(len(one.scores) < rubric.needed for one in judged)


def rank(rubric: Rubric, judged: Sequence[Judged]) -> list[Ranked]:
    """All in their order. Votes are out of the most that any has. Equal totals go by the jury's points, then by
    votes, then to whoever was shown first: no two have one place, as there are so many prizes and no more."""
    most = max((one.votes for one in judged), default=0)
    jury = {one.entry: jury_points([score_of(rubric, points) for points in one.scores]) for one in judged}
    totals = {one.entry: _total(rubric, jury[one.entry], one.votes, most) for one in judged}
    order = sorted(judged, key=lambda one: (-totals[one.entry], -jury[one.entry], -one.votes, one.since, one.entry))
    prizes = chain.from_iterable(repeat(prize, many) for prize, many in zip(Prize, rubric.prizes, strict=True))
    won: Mapping[UUID, Prize] = {one.entry: prize for one, prize in zip(order, prizes, strict=False)}
    return [
        Ranked(
            entry=one.entry,
            place=place,
            scores=len(one.scores),
            points=_shown(jury[one.entry]),
            votes=one.votes,
            total=_shown(totals[one.entry]),
            prize=won.get(one.entry),
        )
        for place, one in enumerate(order, 1)
    ]


def _total(rubric: Rubric, jury: Fraction, votes: int, most: int) -> Fraction:
    liked = Fraction(100 * votes, most) if most else Fraction(0)
    return (jury * (100 - rubric.vote_share) + liked * rubric.vote_share) / 100


def _shown(exact: Fraction) -> int:
    return int(exact * 100 + Fraction(1, 2))


def _range(found: int, field: str, least: int, most: int) -> Iterator[Reason]:
    if not least <= found <= most:
        yield because(BAD_VALUE, field)
