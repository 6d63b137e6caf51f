"""Answers are checked by saved operations alone, each sent as its role."""

import pytest

from app.core.access import Role
from app.graph.ids import global_id
from tests.city import City
from tests.operations.living import Living
from tests.quality.panel import agreeing, night, policy, settled, told

pytestmark = [pytest.mark.anyio, pytest.mark.full]

NAMES = """
    NameQualityReviewer ReleaseQualityReviewer QualityReviewers QualityChecks CompleteQualityCheck PassQualityCheck
    MyQualityMarks ReplyToQualityMark
"""
OF_QUALITY = frozenset(NAMES.split())
"""What is sent here and by nobody else."""


async def test_answers_are_checked_by_saved_operations(city: City) -> None:
    supervisor, asker, lawyer = await city.person(Role.SUPERVISOR), await agreeing(city), await city.lawyer()
    first, second, leaves = [await city.lawyer("marriage") for _ in range(3)]
    life = Living(city, {})
    for who in (leaves, first, second):
        await city.turn_seconds(1)
        life.stands_for["<Lawyer>"] = global_id("Lawyer", who.id)
        await life.does(supervisor, "NameQualityReviewer")
        if who is leaves:
            assert (await life.does(supervisor, "ReleaseQualityReviewer"))["reviewers"] == []
    assert len((await life.asks(supervisor, "QualityReviewers"))["qualityReviewers"]["reviewers"]) == 2
    await policy(city)
    await settled(city, asker, [lawyer])
    await night(city)
    (check,) = (await life.asks(first, "QualityChecks"))["qualityChecks"]["nodes"]
    life.stands_for["<QualityCheck>"] = check["id"]
    await life.does(first, "PassQualityCheck")
    (check,) = (await life.asks(second, "QualityChecks"))["qualityChecks"]["nodes"]
    assert [one["letter"] for one in check["reading"]["answers"]] == ["A"]
    assert (await life.does(second, "CompleteQualityCheck"))["state"] == "DONE"
    assert "ANSWER_DOUBTED" in await told(city, asker)
    (mark,) = (await life.asks(lawyer, "MyQualityMarks"))["myQualityMarks"]["nodes"]
    assert mark["note"]
    life.stands_for["<QualityMark>"] = mark["id"]
    assert (await life.does(lawyer, "ReplyToQualityMark"))["repliedAt"]
    assert life.done >= OF_QUALITY, OF_QUALITY - life.done
