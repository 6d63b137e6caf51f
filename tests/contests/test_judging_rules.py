"""A result by rule, held against a recount of another kind. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import fmean
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.contests.models.juries import Prize
from app.contests.rules.judging import (
    TRIMMED_FROM,
    Criterion,
    Judged,
    Rubric,
    against_rubric,
    jury_points,
    lacking,
    rank,
    score_of,
)

AT_LEISURE = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
NOON = datetime(2027, 3, 1, 4, tzinfo=UTC)


@st.composite
def contests(draw: st.DrawFn) -> tuple[Rubric, list[Judged]]:
    """A rubric and up to seven entries, each with one to seven scores."""
    cuts = sorted(draw(st.sets(st.integers(1, 99), max_size=3)))
    weights = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
    scales = draw(st.lists(st.integers(1, 100), min_size=len(weights), max_size=len(weights)))
    each = [Criterion(name="项", weight=weight, scale=scale) for weight, scale in zip(weights, scales, strict=True)]
    prizes = draw(st.tuples(*[st.integers(0, 3)] * 4))
    shortlist = draw(st.integers(max(1, sum(prizes)), 20))
    share = draw(st.integers(0, 100))
    rubric = Rubric(criteria=tuple(each), needed=1, vote_share=share, shortlist=shortlist, prizes=prizes)
    points = st.tuples(*[st.integers(0, scale) for scale in scales])
    entries = st.builds(
        lambda n, scores, votes: Judged(UUID(int=n), NOON + timedelta(minutes=n % 3), votes, scores),
        st.integers(1, 99),
        st.lists(points, min_size=1, max_size=7),
        st.integers(0, 5),
    )
    return rubric, draw(st.lists(entries, max_size=7, unique_by=lambda one: one.entry))


def recounted(rubric: Rubric, one: Judged, most: int) -> tuple[float, float]:
    """(the jury's points, the total) in the plain way."""

    def of(points: Sequence[int]) -> float:
        parts = zip(rubric.criteria, points, strict=True)
        return sum(each.weight * point / each.scale for each, point in parts)

    scores = [of(points) for points in one.scores]
    if len(scores) > 4:
        scores.remove(max(scores))
        scores.remove(min(scores))
    jury, share = fmean(scores), rubric.vote_share / 100
    return jury, jury * (1 - share) + (100 * one.votes / most if most else 0) * share


@AT_LEISURE
@given(contests())
def test_a_result_equals_a_recount(drawn: tuple[Rubric, list[Judged]]) -> None:
    rubric, judged = drawn
    assert list(against_rubric(rubric)) == []
    ranked = rank(rubric, judged)
    assert [one.place for one in ranked] == list(range(1, len(judged) + 1))
    of = {one.entry: one for one in judged}
    assert {one.entry for one in ranked} == set(of)
    most = max((one.votes for one in judged), default=0)
    for one in ranked:
        jury, total = recounted(rubric, of[one.entry], most)
        assert abs(one.points / 100 - jury) < 0.0051
        assert abs(one.total / 100 - total) < 0.0051
        assert 0 <= one.points <= 10_000
    totals = [recounted(rubric, of[one.entry], most)[1] for one in ranked]
    assert all(before >= after - 1e-9 for before, after in pairwise(totals))
    # As many prizes as there are, the best first, and no matter in which order the entries came.
    wanted = [prize for prize, many in zip(Prize, rubric.prizes, strict=True) for _ in range(many)]
    won = [one.prize for one in ranked if one.prize is not None]
    assert won == wanted[: len(judged)]
    assert [one.prize for one in ranked][: len(won)] == won
    assert rank(rubric, judged[::-1]) == ranked
    assert lacking(rubric, judged) == 0


@AT_LEISURE
@given(contests(), st.integers(0, 7), st.integers(0, 100))
def test_no_one_juror_lifts_or_sinks_an_entry_alone(
    drawn: tuple[Rubric, list[Judged]], which: int, percent: int
) -> None:
    """From five scores on: whatever one of them is, the result stays among the others."""
    rubric, judged = drawn
    for one in judged:
        scores = [score_of(rubric, points) for points in one.scores]
        if len(scores) < TRIMMED_FROM or which >= len(scores):
            continue
        others = [each for n, each in enumerate(scores) if n != which]
        told = jury_points([*others, score_of(rubric, [percent * each.scale // 100 for each in rubric.criteria])])
        assert min(others) <= told <= max(others)


def test_a_rubric_is_whole() -> None:
    wrong = Rubric(
        criteria=(Criterion(name="", weight=101, scale=0),), needed=0, vote_share=101, shortlist=0, prizes=(1, 0, 0, -1)
    )
    assert [(reason.code.name, reason.field) for reason in against_rubric(wrong)] == [
        ("BLANK", "criteria.name"),
        ("BAD_VALUE", "criteria.weight"),
        ("BAD_VALUE", "criteria.scale"),
        ("WEIGHTS_UNEVEN", "criteria.weight"),
        ("BAD_VALUE", "scoresNeeded"),
        ("BAD_VALUE", "voteShare"),
        ("BAD_VALUE", "shortlist"),
        ("BAD_VALUE", "prizes.encouragement"),
    ]
