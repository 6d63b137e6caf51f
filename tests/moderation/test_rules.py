"""What a moderator is shown of an answer, and what was promised of it."""

from app.accounts.models import ConsentPurpose
from app.accounts.rules.consenting import NOTICES
from app.consultation.rules.answering import Content, Forum, Limit, LimitUnit
from app.moderation.rules import told


def test_what_an_answer_says_by_a_choice_is_told_too() -> None:
    said = Content(
        conclusion="可以要求支付工资。",
        basis=[],
        next_steps=[],
        evidence=[],
        deadlines=[],
        text="",
        summary="先仲裁。",
        forum=Forum.COURT,
        limit=Limit(amount=3, unit=LimitUnit.YEAR, begins="自离职之日起"),
    )
    assert told(said).split("\n") == ["可以要求支付工资。", "先仲裁。", "先向法院起诉", "3年内提出", "自离职之日起"]


def test_whoever_agrees_that_her_question_is_read_is_told_that_what_is_reported_of_it_is_read_too() -> None:
    for purpose in (ConsentPurpose.SERVICE, ConsentPurpose.SENSITIVE):
        assert "审核员" in NOTICES[purpose].text
        assert "督办人员" in NOTICES[purpose].text
