"""Which ways a grievance can take, in which order and until when: pure, by what `data/path.toml` says.

诉访分离 (信访工作条例第二十八条、第三十一条): what a suit, an arbitration or a reconsideration is for is led there, and
the card says so of the petition as well. Where the law wants one way before another (行政复议法第二十三条,
劳动争议调解仲裁法第五条, 民事诉讼法第二百二十条) the later one waits for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.errors import BAD_VALUE, Reason, because
from app.guidance.rules.limits import StatutoryLimit
from app.guidance.rules.path.law import (
    QUESTIONS,
    ROUTES,
    WAYS,
    Answers,
    Entry,
    PathMatter,
    PathQuestion,
    PathStage,
    PathState,
    PathWay,
    Route,
)

_RANK: Final = {
    PathState.OPEN: 0,
    PathState.UNDER_WAY: 0,
    PathState.AFTERWARDS: 0,
    PathState.LATE: 1,
    PathState.DONE: 1,
    PathState.CLOSED: 1,
    PathState.NOT_FOR_THIS: 2,
}


@dataclass(frozen=True, slots=True)
class Step:
    """A way on the card."""

    entry: Entry
    state: PathState
    limit: StatutoryLimit | None
    since: date | None
    first: PathWay | None
    opens: tuple[PathWay, ...]
    """Which wait for it."""


def route_of(said: Answers) -> Route | None:
    """None until it is known what it is about."""
    if said.about is None:
        return None
    return ROUTES.get((said.about, said.dispute if said.about is PathMatter.DISPUTE else None))


def against(said: Answers, today: date) -> Iterator[Reason]:
    """Days that have not come yet, and stages that its matter does not have."""
    route = route_of(said)
    if said.stage and (route is None or said.stage not in route.stages):
        yield because(BAD_VALUE, "answers.stage")
    for field, day in (("learnedOn", said.learned_on), ("decidedOn", said.decided_on)):
        if day and day > today:
            yield because(BAD_VALUE, f"answers.{field}")


def card(said: Answers, today: date) -> list[Step]:
    """The ways of this grievance: those that are open or will be in their order, then what is over, last what is not
    for this."""
    route = route_of(said)
    if route is None:
        return []
    steps = [_step(entry, route, said, today) for entry in route.entries]
    return sorted(steps, key=lambda step: _RANK[step.state])


def missing(said: Answers) -> list[PathQuestion]:
    """What was not answered and would make the card better, in the order in which people are asked."""
    route = route_of(said)
    if route is None:
        return [QUESTIONS["about" if said.about is None else "dispute"]]
    wanted = [*route.asks, *(["stage"] if route.stages else [])]
    if any(step.limit for step in card(said, date.min)):
        decided = any(said.stage in entry.by for entry in route.entries)
        wanted.append("decidedOn" if decided else "learnedOn")
    answered = {
        "reviewFirst": said.review_first,
        "authority": said.authority,
        "stage": said.stage,
        "learnedOn": said.learned_on,
        "decidedOn": said.decided_on,
    }
    return [QUESTIONS[name] for name in wanted if answered[name] is None]


def _step(entry: Entry, route: Route, said: Answers, today: date) -> Step:
    way, stage, first = WAYS[entry.way], said.stage or PathStage.NOTHING, entry.first(said)
    limit, since = entry.runs(said)
    opens = tuple(other.way for other in route.entries if other.first(said) is entry.way)
    if entry.not_for:
        state = PathState.NOT_FOR_THIS
    elif stage in way.under_way:
        state, limit = PathState.UNDER_WAY, None
    elif stage in way.done:
        state, limit = PathState.DONE, None
    elif stage in way.closed:
        state, limit = PathState.CLOSED, None
    elif first is not None:
        state, limit = PathState.AFTERWARDS, None
    elif limit and since and limit.last_day(since) < today:
        state = PathState.LATE
    else:
        state = PathState.OPEN
    return Step(entry, state, limit, since, first, opens)
