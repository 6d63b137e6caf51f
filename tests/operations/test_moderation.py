"""What is reported and decided, by saved operations alone."""

import pytest

from app.core.access import Role
from tests.city import City
from tests.moderation import desk
from tests.operations.living import Living

pytestmark = [pytest.mark.anyio, pytest.mark.full]

NAMES = """
    ReportMessage WithdrawReport MyReports Reports TakeReport ReturnReport DecideReport MyMeasures AppealMeasure
    MeasureAppeals TakeMeasureAppeal DecideMeasureAppeal
"""
OF_MODERATION = frozenset(NAMES.split())
"""What is sent here and, but for this, by nobody."""


async def test_a_report_lives_by_saved_operations(city: City) -> None:
    asker, lawyer, moderator = await city.resident(), await city.lawyer(), await city.person(Role.MODERATOR)
    _, answer = await desk.answered(city, asker, lawyer, "老板拖欠我三个月工资，该怎么办？")
    life = Living(city, {"<Answer>": answer})
    first = await life.does(asker, "ReportMessage")
    assert (await life.does(asker, "WithdrawReport", reportId=first["id"]))["state"] == "WITHDRAWN"
    of = {"reportId": (await life.does(asker, "ReportMessage", idempotencyKey="report-message-2"))["id"]}
    await life.does(moderator, "TakeReport", **of)
    assert (await life.does(moderator, "ReturnReport", **of))["state"] == "WAITING"
    assert (await life.does(moderator, "TakeReport", **of))["disclosed"]
    assert [one["id"] for one in (await life.asks(moderator, "Reports"))["reports"]["nodes"]] == [of["reportId"]]
    assert (await life.does(moderator, "DecideReport", **of))["state"] == "MEASURE"
    told = (await life.asks(asker, "MyReports"))["myReports"]["nodes"]
    assert [one["state"] for one in told] == ["MEASURE", "WITHDRAWN"]
    assert [one["kind"] for one in (await life.asks(lawyer, "MyMeasures"))["myMeasures"]["nodes"]] == ["REMINDER"]
    supervisor = await city.person(Role.SUPERVISOR)
    (mine,) = (await life.asks(lawyer, "MyMeasures"))["myMeasures"]["nodes"]
    about = {"measureId": mine["id"]}
    assert (await life.does(lawyer, "AppealMeasure", **about))["appealedAt"]
    assert [one["id"] for one in (await life.asks(supervisor, "MeasureAppeals"))["measureAppeals"]["nodes"]] == [
        mine["id"]
    ]
    assert (await life.does(supervisor, "TakeMeasureAppeal", **about))["appeal"]
    assert (await life.does(supervisor, "DecideMeasureAppeal", **about))["lifted"]
    assert life.done >= OF_MODERATION, OF_MODERATION - life.done
