"""What was disclosed goes with the question, also where it was being reported in that moment."""

from datetime import timedelta

import pytest

from app.core.db import now
from app.core.ids import new_id
from app.core.sealing import KeyProvider
from app.graph.ids import uuid_of
from app.moderation.actions import reporting
from app.moderation.actions.reporting import Complaint
from app.moderation.models import ReportReason
from tests.city import City
from tests.moderation import desk
from tests.moderation.test_appealing import BODY, ERASE, RESOLVE

pytestmark = pytest.mark.anyio


async def test_what_is_being_reported_while_the_question_is_erased_follows_it(city: City) -> None:
    asker, lawyer = await city.resident(), await city.lawyer()
    question, _ = await desk.answered(city, asker, lawyer, BODY)
    follow_up = await desk.asks_back(city, asker, question, "你们都是骗子，快回答我")
    await city.one(asker, RESOLVE, id=question)
    said = Complaint(about=uuid_of(follow_up, "FollowUp"), also=[], reason=ReportReason.OTHER, words=None)
    async with city.db.acting(lawyer) as session:
        await reporting.report(session, lawyer, city.doors[KeyProvider], said, str(new_id()), now(session))
        erased = await city.one(asker, ERASE, i={"questionId": question, "idempotencyKey": str(new_id())})
        assert erased["__typename"] == "Erasure"
    for _ in range(2):
        await city.pass_time(timedelta(minutes=1))
    assert await city.sql("SELECT state, content FROM app.report") == [("ERASED", b"")]
    assert await city.sql("SELECT 1 FROM app.key k JOIN app.report r ON r.id = k.subject") == []
    assert await city.sql("SELECT 1 FROM app.report_source") == []
