"""Pure: who may ask, and what the notices say."""

import pytest

from app.accounts.models import AgeBand, ConsentPurpose
from app.accounts.rules.consenting import (
    NOTICES,
    WARNING,
    Readiness,
    against_asking,
    against_declaring,
    against_keeping,
)
from app.directory.rules.taxonomy import CATEGORIES
from app.education.rules.choosing import Why

SERVICE, SENSITIVE = ConsentPurpose.SERVICE, ConsentPurpose.SENSITIVE
BOTH = {SERVICE: NOTICES[SERVICE].version, SENSITIVE: NOTICES[SENSITIVE].version}
CHILD, YOUNG, ADULT = AgeBand.UNDER_14, AgeBand.FROM_14_TO_17, AgeBand.ADULT


def missing(ready: Readiness, category: str = "labour.wages", in_danger: bool = False) -> list[str]:
    return [reason.code.name for reason in against_asking(ready, category, in_danger)]


def test_every_purpose_has_its_notice_and_categories_are_of_the_taxonomy() -> None:
    assert set(NOTICES) == set(ConsentPurpose)
    assert {notice.purpose for notice in NOTICES.values() if notice.required} == {SERVICE, SENSITIVE}
    assert NOTICES[SENSITIVE].categories
    assert all(notice.categories <= CATEGORIES.keys() for notice in NOTICES.values())
    assert all(len(notice.text) > 40 for notice in NOTICES.values())
    assert all(notice.on_withdrawal.startswith("撤回以后") for notice in NOTICES.values())
    assert "110" in WARNING


def test_the_notices_say_what_is_done_and_promise_no_more_than_is_kept() -> None:
    """That programs look at every text (nobody but us), that what the law stops is not erased at a wish, that a form
    asks for more than a question does, and each thing by which an article finds its reader."""
    service, education = NOTICES[SERVICE].text, NOTICES[ConsentPurpose.EDUCATION].text
    assert all(said in service for said in ("程序自动检查", "不交给其他平台", "法律要求留存的除外", "年龄段"))
    assert "咨询时我们不要求您填写真实姓名" in service
    by = {Why.TOPIC_CHOSEN: "兴趣", Why.TOWN: "乡镇", Why.ROLE: "身份", Why.AGE_BAND: "年龄段"}
    assert by.keys() == set(Why) - {Why.NEWEST}
    assert all(said in education for said in by.values())


def test_whoever_agreed_to_what_concerns_her_may_ask() -> None:
    assert missing(Readiness(BOTH, ADULT, False), "family.violence") == []
    assert missing(Readiness({SERVICE: BOTH[SERVICE]}, YOUNG, False)) == []


def test_all_that_is_missing_is_told_at_once() -> None:
    assert missing(Readiness({}, None, False), "family.violence") == ["CONSENT_NEEDED", "CONSENT_NEEDED", "AGE_NEEDED"]


def test_a_yes_to_another_version_is_none() -> None:
    for version in (0, BOTH[SERVICE] + 1):
        old = Readiness(BOTH | {SERVICE: version}, ADULT, False)
        (reason,) = against_asking(old, "labour.wages", False)
        assert reason.values["version"] == NOTICES[SERVICE].version
        assert len(list(against_keeping(old))) == 1


def test_an_optional_purpose_never_blocks() -> None:
    for given in ({}, {ConsentPurpose.EDUCATION: 1, ConsentPurpose.QUALITY_CHECK: 1}):
        assert missing(Readiness(BOTH | given, ADULT, False), "minors.school") == []


@pytest.mark.parametrize(("guarded", "in_danger", "said"), [(False, False, ["GUARDIAN_NEEDED"]), (True, False, [])])
def test_a_child_asks_with_her_guardians_yes(guarded: bool, in_danger: bool, said: list[str]) -> None:
    assert missing(Readiness(BOTH, CHILD, guarded), in_danger=in_danger) == said


def test_a_child_in_danger_waits_for_nobody() -> None:
    assert missing(Readiness(BOTH, CHILD, False), "family.violence", in_danger=True) == []


@pytest.mark.parametrize("before", [None, *AgeBand])
@pytest.mark.parametrize("said", list(AgeBand))
def test_only_a_child_needs_a_guardian_to_be_older(before: AgeBand | None, said: AgeBand) -> None:
    assert list(against_declaring(before, said, True)) == []
    refused = [reason.code.name for reason in against_declaring(before, said, False)]
    assert refused == (["AGE_KEPT"] if before is CHILD and said is not CHILD else [])
