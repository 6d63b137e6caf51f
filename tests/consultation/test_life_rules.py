"""Where acts lead, what silence means, which words wait: pure."""

from itertools import product

import pytest

from app.consultation.models import Lane, QuestionStatus
from app.consultation.rules.life import MOVES, NEEDS_AN_ANSWER, QuestionAct, Quiet, Silence, allowed, becomes, silence
from app.consultation.rules.screened import crises, lane, look
from app.core.errors import Code
from app.screening.rules.unlawful import Verdict

EVERY = [*product(QuestionStatus, QuestionAct)]


@pytest.mark.parametrize(("status", "act"), EVERY)
def test_every_act_leads_somewhere_or_has_a_name_for_its_refusal(status: QuestionStatus, act: QuestionAct) -> None:
    there = becomes(status, act)
    assert isinstance(there, Code) == (act not in MOVES[status])
    shown = [act in allowed(status, answered) for answered in (False, True)]
    assert shown == [act in MOVES[status] and act not in NEEDS_AN_ANSWER, act in MOVES[status]]


def test_no_way_leads_back_to_where_nobody_was_called() -> None:
    """What was sent never waits for other words again, and what is over stays so."""
    unsent = {QuestionStatus.NEEDS_EDIT, QuestionStatus.BLOCKED}
    for status, moves in MOVES.items():
        if status not in unsent:
            assert unsent.isdisjoint(moves.values())


def quiet(**differs: object) -> Quiet:
    return Quiet(**{"status": "OPEN", "kept": True, "answered": 3, "follow_ups": 0, "inquiries": 0} | differs)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stands", "first", "second"),
    [
        (quiet(), Silence.REMIND, Silence.RESOLVE),
        (quiet(kept=False, answered=2), Silence.LEAVE, Silence.LEAVE),
        (quiet(follow_ups=1), Silence.LEAVE, Silence.LEAVE),
        # She was asked back: nothing is owed to her until she says more.
        (quiet(inquiries=1), Silence.REMIND, Silence.RESOLVE),
        (quiet(inquiries=1, follow_ups=1), Silence.REMIND, Silence.RESOLVE),
        (quiet(inquiries=1, kept=False, answered=1), Silence.REMIND, Silence.RESOLVE),
        (quiet(inquiries=1, kept=False, answered=0), Silence.LEAVE, Silence.LEAVE),
        *[(quiet(status=status), Silence.LEAVE, Silence.LEAVE) for status in ("RESOLVED", "CLOSED", "WITHDRAWN")],
    ],
)
def test_silence_reminds_once_and_then_resolves_what_waits_for_no_lawyer(
    stands: Quiet, first: Silence, second: Silence
) -> None:
    assert (silence(stands, reminded=False), silence(stands, reminded=True)) == (first, second)


@pytest.mark.parametrize(
    ("body", "brief", "verdict", "field"),
    [
        ("老板拖欠我三个月工资怎么办", "工资", Verdict.PASS, "body"),
        ("哈哈哈哈哈", "工资", Verdict.EDIT, "body"),
        ("老板拖欠我三个月工资怎么办", "https://example.com/a", Verdict.EDIT, "brief"),
        ("哈哈哈哈哈", "代开发票，电话13800001111", Verdict.BLOCK, "brief"),
        ("代开发票，电话13800001111", "代开发票，电话13800001111", Verdict.BLOCK, "body"),
    ],
)
def test_the_graver_of_two_findings_is_told(body: str, brief: str, verdict: Verdict, field: str) -> None:
    found = look(body, brief)
    assert (found.verdict, found.field) == (verdict, field)
    assert (found.reason is None) == (verdict is Verdict.PASS)


def test_danger_in_either_text_takes_the_short_way() -> None:
    assert crises("老公打我，我想离婚怎么办", "法律咨询") == ["DOMESTIC_VIOLENCE"]
    assert lane(crises("我不想活了", "家里老公打我")) is Lane.CRISIS
    assert crises("我不想活了", "我不想活了") == ["SUICIDE"]
    assert lane(crises("老板拖欠工资怎么办", "法律咨询")) is Lane.NORMAL
