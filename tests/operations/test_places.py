"""Where the city's services are, when one may come, and villages' advisers: by saved operations alone."""

from datetime import timedelta

import pytest

from app.core.access import Role
from app.graph.ids import global_id
from tests.accounts.hall import file_id
from tests.accounts.town import Town
from tests.advisers.hall import in_register, today
from tests.city import codes
from tests.operations.living import Living

pytestmark = [pytest.mark.anyio, pytest.mark.full]

NAMES = """
    EnterInstitution ChangeInstitution EnterLegalWorker ChangeLegalWorker PlaceInstitution PlaceDivision SetOpeningHours
    SetCalendarYear MapPoints DivisionPage AppointAdviser EndAdviser LogAdviserService ContestAppraisalLine
    DecideAppraisalContest AdviserAppraisal AdviserServices CreateVisitCode SetMyVillage SetAppointmentService
    OpenAppointmentCalendar ChangeAppointmentCalendar
"""
OF_PLACES = frozenset(NAMES.split())
"""What is sent here and, but for this, by nobody."""


async def test_the_register_is_kept_by_saved_operations(town: Town) -> None:
    city = town.city
    now, day = await city.now(), await today(city)
    said = {"<today>": str(day), "<in a year>": str(day + timedelta(days=364)), "<now>": now.isoformat()}
    said |= {"<in an hour>": (now + timedelta(hours=1)).isoformat()}
    said |= {"<in five hours>": (now + timedelta(hours=5)).isoformat()}
    life = Living(city, said)
    await of_the_register(life)
    await of_advisers(life)
    assert life.done >= OF_PLACES, OF_PLACES - life.done


async def of_the_register(life: Living) -> None:
    city, editor, admin = life.city, await life.city.person(Role.EDITOR), await life.city.person(Role.ADMIN)
    made = await life.does(editor, "EnterInstitution", verifiedAt="<now>")
    of = {"institutionId": made["id"]}
    changed = await life.does(editor, "ChangeInstitution", version=made["version"], **of)
    placed = await life.does(editor, "PlaceInstitution", version=changed["version"], **of)
    assert placed["coordinates"]["longitude"] == pytest.approx(112.6, abs=1e-5)
    opened = await life.does(editor, "SetOpeningHours", version=placed["version"], **of)
    assert opened["version"] == placed["version"] + 1
    features = (await life.asks(None, "MapPoints"))["mapPoints"]
    assert [one["count"] for one in features] == [1]
    worker = await life.does(editor, "EnterLegalWorker", **of)
    changed = await life.does(editor, "ChangeLegalWorker", legalWorkerId=worker["id"], version=worker["version"])
    assert changed["version"] == worker["version"] + 1
    assert (await life.does(editor, "PlaceDivision"))["version"] == 1
    year = (await today(city)).year + 1
    days = [{"day": f"{year}-01-01", "kind": "HOLIDAY"}]
    assert (await life.does(editor, "SetCalendarYear", year=year, days=days))["known"]

    officer = await city.person(Role.OFFICER)
    centre = await life.does(editor, "EnterInstitution", kind="LEGAL_AID_CENTRE", number="示例-F-9", verifiedAt="<now>")
    await life.does(admin, "SetPost", personId=file_id(officer), institutionId=centre["id"])
    assert (await life.does(officer, "SetAppointmentService"))["version"] == 1
    calendar = await life.does(officer, "OpenAppointmentCalendar")
    said = {"calendarId": calendar["id"], "version": calendar["version"]}
    assert len((await life.does(officer, "ChangeAppointmentCalendar", **said))["away"]) == 1


async def of_advisers(life: Living) -> None:
    city, officer = life.city, await life.city.person(Role.OFFICER)
    lawyer, villager = await city.lawyer(), await city.resident()
    term = await life.does(officer, "AppointAdviser", legalWorkerId=await in_register(city, lawyer))
    assert (await life.does(villager, "SetMyVillage"))["village"]["code"] == "419001001001"
    assert (await life.asks(None, "DivisionPage"))["division"]["adviser"]["id"] == term["id"]
    digits = (await life.does(villager, "CreateVisitCode"))["digits"]
    at = (await city.now()).isoformat()
    assert (await life.does(lawyer, "LogAdviserService", code=digits, at=at))["people"] == 3
    (logged,) = (await life.asks(lawyer, "AdviserServices", term=term["id"]))["adviserServices"]["nodes"]
    assert logged["kind"] == "VISIT"
    year = (await today(city)).year
    assert (await life.asks(lawyer, "AdviserAppraisal", term=term["id"], year=year))["adviserAppraisal"]["lines"]
    of = {"termId": term["id"]}
    # Of her first day no line counts yet: what comes of contesting one, tests/advisers play.
    said = await life.tries(lawyer, "ContestAppraisalLine", year=year, line="QUESTIONS", **of)
    assert codes(said) == ["LINE_NOT_COUNTED"]
    nothing = global_id("AppraisalContest", lawyer.id)
    assert codes(await life.tries(officer, "DecideAppraisalContest", contestId=nothing)) == ["NOT_FOUND"]
    assert (await life.does(officer, "EndAdviser", version=term["version"], **of))["version"] == term["version"] + 1
