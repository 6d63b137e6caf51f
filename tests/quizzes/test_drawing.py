"""What is asked in which order comes from one number: pure."""

from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from app.quizzes.models import Entrants, QuestionKind, Reveals
from app.quizzes.rules.drawing import drawn, kept, order, pseudonym, seen
from app.quizzes.rules.rounds import Setup, against_setup, team_of

SEEDS, KINDS = st.integers(0, 2**63 - 1), st.sampled_from(QuestionKind)
POOL = [uuid5(UUID(int=0), str(n)) for n in range(40)]


@given(SEEDS, st.integers(1, 40))
def test_so_many_are_drawn_and_always_the_same(seed: int, count: int) -> None:
    found = drawn(seed, POOL, count)
    assert len(set(found)) == count
    assert set(found) <= set(POOL)
    assert found == drawn(seed, list(reversed(POOL)), count)


def test_everything_is_drawn_as_often_and_no_order_is_the_rule() -> None:
    often = dict.fromkeys(POOL, 0)
    for seed in range(2_000):
        for id in drawn(seed, POOL, 10):
            often[id] += 1
    assert 400 < min(often.values()) <= max(often.values()) < 600  # 500 each; five standard deviations are 97
    firsts = [order(seed, POOL[0], QuestionKind.SINGLE, 4)[0] for seed in range(1_000)]
    assert all(180 < firsts.count(place) < 320 for place in range(4))
    assert {tuple(order(seed, POOL[0], QuestionKind.TRUE_FALSE, 2)) for seed in range(99)} == {(0, 1)}
    assert len({pseudonym(seed) for seed in range(2_000)}) > 1_990


@given(SEEDS, KINDS, st.integers(2, 8), st.lists(st.integers(-1, 8), max_size=9))
def test_what_she_chooses_comes_back_as_she_chose_it(
    seed: int, kind: QuestionKind, size: int, chosen: list[int]
) -> None:
    shown = order(seed, POOL[0], kind, size)
    assert sorted(shown) == list(range(size))
    keeps = kept(chosen, shown, kind)
    possible = len(set(chosen)) == len(chosen) and all(0 <= place < size for place in chosen)
    fits = {QuestionKind.MULTIPLE: True, QuestionKind.ORDERING: len(chosen) in (0, size)}
    assert (keeps is not None) == (possible and fits.get(kind, len(chosen) <= 1))
    if keeps is not None:
        back = seen(keeps, shown, kind)
        assert back == (chosen if kind is QuestionKind.ORDERING else sorted(chosen))
        assert set(keeps) <= set(range(size))


def test_a_quiz_is_set_up_within_bounds() -> None:
    good = Setup(
        questions=tuple(POOL),
        draws=10,
        seconds=600,
        attempts=1,
        reveals=Reveals.ROUND,
        entrants=Entrants.SCHOOL,
        groups=("第一中学", "第二中学"),
    )
    assert list(against_setup(good)) == []
    for said, fields in (
        ({"draws": 0, "seconds": 29, "attempts": 11}, ["draws", "seconds", "attempts"]),
        ({"questions": ()}, ["questionIds"]),
        ({"questions": (POOL[0], POOL[0])}, ["questionIds"]),
        ({"groups": ("第一中学",)}, ["groups"]),
        ({"groups": ("第一中学", "第一中学 ")}, ["groups"]),
        ({"groups": ("第一中学", "\x00中学")}, ["groups.1"]),
        ({"entrants": Entrants.PERSON}, ["groups"]),
        ({"entrants": Entrants.PERSON, "groups": ()}, []),
    ):
        assert [reason.field for reason in against_setup(good.model_copy(update=said))] == fields, said
    assert [team_of(said, good.groups) for said in ("第二中学 ", "第三中学", None)] == [2, None, None]
    assert [team_of(said, []) for said in (None, "随便")] == [0, 0]
