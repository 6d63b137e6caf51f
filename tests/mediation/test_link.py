"""A respondent's link opens what is meant for her and nothing else, expires, counts tries, and survives being clicked
fifty times at once; the other side, a stranger and another committee see nothing that is not theirs."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.core.access import Viewer
from app.core.db import NOBODY
from app.core.errors import Language
from app.core.ids import new_id
from app.core.sealing import KeyProvider
from app.graph.ids import uuid_of
from app.mediation.actions.inviting import link_of
from app.mediation.rules.rights import RIGHTS
from tests.accounts.hall import persist
from tests.accounts.town import Town, wrong
from tests.city import codes
from tests.mediation.hall import ANSWER, APPLIED, CODE, HERS, INVITATION, LOOK, OPEN, OWN, form, open_hall
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio
NODE = "query ($id: ID!) { node(id: $id) { id } }"
UPDATES = """query ($id: ID!) { mediationUpdates(mediationId: $id) { __typename
  ... on MediationUpdates { cursor mediation { state } events { kind } } ... on Refused { reasons { code } } } }"""


async def test_fifty_clicks_at_once_open_one_door_and_make_one_answer(town: Town) -> None:
    hall, city = await open_hall(town), town.city
    resident = await city.resident()
    id, mediation, token = await hall.invited(resident)
    again = await hall.does(hall.mediator, "inviteRespondent", id)
    assert codes(await city.one(None, INVITATION, token=token)) == ["INVITATION_OVER"]  # a newer one took its place
    token = again["token"]
    for bad in ("12348", "工资\ud800", "1" * 10_000):
        assert codes(await hall.does(hall.mediator, "inviteRespondent", id, phone=bad)) == ["BAD_PHONE"], bad
    assert (await hall.sees(hall.mediator, mediation))["invitations"][0]["ended"]

    looks = await asyncio.gather(*(persist(city, None, INVITATION, token=token) for _ in range(50)))
    assert {(one["phoneEnd"], one["inviter"], one["name"], one["matter"]) for one in looks} == {
        (OWN[-4:], None, None, None)
    }
    assert {tuple(one["rights"]) for one in looks} == {RIGHTS[Language.ZH]}  # before she says anything
    asked = await asyncio.gather(*(persist(city, None, CODE, input={"token": token}) for _ in range(50)))
    assert [one["__typename"] for one in asked].count("CodeSent") == 1
    assert "人民调解" in town.providers.sms.arrived(OWN)[-1].text
    said = {"token": token, "code": hall.code()}
    opened = await asyncio.gather(*(persist(city, None, OPEN, input=said) for _ in range(50)))
    doors = [one for one in opened if one["__typename"] == "MediationDoor"]
    assert len(doors) == 1
    assert (doors[0]["invitation"]["inviter"], doors[0]["invitation"]["matter"]) == ("王建国", "NEIGHBOURS")
    assert doors[0]["invitation"]["institution"]["id"] == hall.committee
    said = {"token": token, "door": doors[0]["door"], "consents": True}
    answers = await asyncio.gather(*(persist(city, None, ANSWER, input=said) for _ in range(50)))
    assert {one["answer"] for one in answers} == {"CONSENTS"}
    await city.settle()
    steps = [step["move"] for step in (await hall.applicant_sees(resident, id))["steps"]]
    assert steps.count("CONSENT") == 1


async def test_a_link_opens_nothing_else_and_ends(town: Town) -> None:
    hall, city = await open_hall(town), town.city
    resident, other = await city.resident(), await city.resident()
    id, mediation, token = await hall.invited(resident)
    for bad in ("x" * 43, token[:-1], token + "x", "链接", "", "x" * 10_000):
        assert codes(await city.one(None, INVITATION, token=bad)) == ["INVITATION_UNKNOWN"], bad
        assert codes(await persist(city, None, CODE, input={"token": bad})) == ["INVITATION_UNKNOWN"], bad
    door = await hall.opens(token)
    assert codes(await city.one(None, INVITATION, token=token, door="x" * 43)) == ["DOOR_SHUT"]
    assert codes(await hall.answers(token, "x" * 43)) == ["DOOR_SHUT"]
    assert (await hall.sees(hall.mediator, mediation))["invitations"][0]["answer"] is None
    # By the link alone nothing of the case is there: not by the graph, and not for who presents it to the database.
    for document in (LOOK, APPLIED):
        found = await city.errors(None, document, id=mediation if document is LOOK else id)
        assert found[0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert await city.one(other, NODE, id=mediation) is None
    link = link_of(city.doors[KeyProvider], token).hex()
    keys = {"m": uuid_of(mediation, "Mediation"), "a": uuid_of(id, "MediationApplication")}
    tables = {
        "mediation": "true",
        "mediation_record": "true",
        "application": "id = :a",
        "application_step": "application = :a",
        "key": "subject IN (:a, :m)",
        "reader": "subject IN (:a, :m)",
    }
    for table, where in tables.items():
        seen = f"SELECT set_config('app.presented', '{link}', true) FROM app.{table} WHERE {where}"
        assert await attempt(city.db, NOBODY, seen, **{k: v for k, v in keys.items() if f":{k}" in where}) == "rows=0"

    # Tries that go wrong are counted, by the code and by the link.
    await city.pass_time(timedelta(minutes=2))
    await persist(city, None, CODE, input={"token": token})
    tried = [
        codes(await persist(city, None, OPEN, input={"token": token, "code": wrong(hall.code())})) for _ in range(10)
    ]
    assert tried[0] == ["CODE_WRONG"]
    assert tried[-1] == ["CODE_TRIED_OUT"]
    assert codes(await city.one(None, INVITATION, token=token)) == ["INVITATION_OVER"]
    assert codes(await hall.answers(token, door)) == ["INVITATION_OVER"]

    # Who applied or handles it cannot come in by the other side's door; a door shuts, and a link ends.
    token = (await hall.does(hall.mediator, "inviteRespondent", id))["token"]
    await city.pass_time(timedelta(minutes=2))
    door = await hall.opens(token)
    await hall.answers(token, door)
    for who in (resident, hall.mediator):
        assert codes(await hall.joins(who, token, door)) == ["NOT_BOTH_SIDES"]
    assert (await hall.joins(other, token, door))["side"] == "RESPONDENT"
    assert codes(await hall.joins(await city.resident(), token, door)) == ["ANSWERED_OTHERWISE"]
    await city.pass_time(timedelta(minutes=31))
    assert codes(await city.one(None, INVITATION, token=token, door=door)) == ["DOOR_SHUT"]
    await city.pass_time(timedelta(days=10))
    assert codes(await city.one(None, INVITATION, token=token)) == ["INVITATION_OVER"]


async def test_nobody_sees_what_is_not_hers(town: Town) -> None:
    hall, city = await open_hall(town), town.city
    resident, other = await city.resident(), await city.resident()
    _, mediation = await hall.meeting(resident, other)
    for who, where in ((resident, "APPLICANT"), (other, "RESPONDENT"), (resident, "SHARED")):
        said = {"where": where, "kind": "STATEMENT", "text": f"只写给{where}的话。"}
        await hall.does(who, "addMediationRecord", mediation, **said)
    agreement = (await hall.draws(mediation))["agreement"]["id"]
    # Each has a case of her own: a wall that asks only whether she reads anything at all would let her in.
    stranger = await city.resident()
    await hall.registered(stranger)
    strangers = {"stranger": stranger, "elsewhere": hall.stranger, "colleague": hall.second}
    strangers |= {"admin": hall.admin, "lawyer": await city.lawyer()}
    key = uuid_of(mediation, "Mediation")
    ((application, own, others),) = await city.sql(
        "SELECT application, applicant_side, respondent_side FROM app.mediation WHERE id = :id", id=key
    )
    for name, viewer in strangers.items():
        assert await hall.sees(viewer, mediation) is None, name
        assert await city.one(viewer, NODE, id=mediation) is None, name
        assert codes(await city.one(viewer, UPDATES, id=mediation)) == ["NOT_FOUND"], name
        for table in ("mediation_record", "mediation_agreement", "mediation_term", "mediation_invitation"):
            there = f"SELECT 1 FROM app.{table} WHERE mediation = :id"
            assert await attempt(city.db, viewer.id, there, id=key) == "rows=0", (name, table)
    assert (await city.one(other, UPDATES, id=mediation))["mediation"]["state"] == "MEDIATING"
    mine = "{ mediations(first: 9) { nodes { id side } } }"
    assert (await city.one(other, mine))["nodes"] == [{"id": mediation, "side": "RESPONDENT"}]
    assert (await city.one(hall.mediator, mine))["nodes"] == []

    # In raw SQL each side has the keys of its own record and of the shared one alone, and writes nowhere else.
    for who, subject in ((resident, others), (other, own), (other, application)):
        assert await attempt(city.db, who.id, "SELECT 1 FROM app.key WHERE subject = :id", id=subject) == "rows=0"
    record = """INSERT INTO app.mediation_record (id, mediation, subject, kind, teller, author, at, appointments,
        attended, body) VALUES (:new, :m, :s, :kind, :teller, :me, app.clock(), '{}', '{}', '\\x01')"""
    for who, subject, kind, teller in (
        (other, own, "STATEMENT", "RESPONDENT"),
        (other, own, "STATEMENT", "APPLICANT"),
        (other, others, "NOTE", "MEDIATOR"),
        (resident, others, "STATEMENT", "APPLICANT"),
        (resident, key, "STATEMENT", "RESPONDENT"),
        (hall.second, key, "NOTE", "MEDIATOR"),
        (hall.mediator, application, "NOTE", "MEDIATOR"),
    ):
        made: dict[str, Any] = {"new": new_id(), "m": key, "s": subject, "kind": kind, "teller": teller, "me": who.id}
        assert await attempt(city.db, who.id, record, **made) == DENIED, (subject, kind, teller)
    yes = """INSERT INTO app.mediation_assent (thing, about, side, mediation, yes, how, actor, at)
        VALUES (:t, :about, :side, :m, true, :how, :me, app.clock())"""
    thing = uuid_of(agreement, "MediationAgreement")
    for who, about, side, how in (
        (other, "AGREEMENT", "APPLICANT", "ONLINE"),
        (other, "AGREEMENT", "RESPONDENT", "IN_PERSON"),
        (hall.second, "AGREEMENT", "RESPONDENT", "IN_PERSON"),
        (hall.mediator, "AGREEMENT", "RESPONDENT", "ONLINE"),
        (hall.mediator, "CARRY_OVER", "RESPONDENT", "IN_PERSON"),
        (resident, "COURT", "APPLICANT", "ONLINE"),
    ):
        said_by: dict[str, Any] = {"t": thing, "about": about, "side": side, "m": key, "how": how, "me": who.id}
        assert await attempt(city.db, who.id, yes, **said_by) == DENIED, (about, side, how)
    for who in (resident, other, hall.mediator):
        for change in (
            "UPDATE app.mediation SET state = 'PERFORMED'",
            "UPDATE app.mediation_agreement SET effective_at = app.clock()",
            "DELETE FROM app.mediation_record",
            "UPDATE app.mediation_record SET body = ''",
            "UPDATE app.mediation_invitation SET said = ''",
        ):
            assert await attempt(city.db, who.id, change) == DENIED, change
    kept = "UPDATE app.mediation_term SET kept_at = app.clock(), kept_by = :me"
    assert await attempt(city.db, other.id, kept, me=other.id) == DENIED
    court = "UPDATE app.mediation_confirmation SET state = 'CONFIRMED', ended_at = app.clock()"
    assert await attempt(city.db, other.id, court) == "rows=0"


async def test_fifty_yeses_at_once_make_one_agreement(town: Town) -> None:
    hall, city = await open_hall(town), town.city
    resident, other = await city.resident(), await city.resident()
    id, mediation = await hall.meeting(resident, other)
    agreement = (await hall.draws(mediation))["agreement"]["id"]

    def says(who: Viewer) -> Any:
        to = {"about": "AGREEMENT", "agreementId": agreement, "yes": True}
        return hall.does(who, "sayToMediation", mediation, **to)

    made = await asyncio.gather(*(says(who) for _ in range(25) for who in (resident, other)))
    assert [one["__typename"] for one in made].count("Mediation") == 2
    steps = [step["move"] for step in (await hall.applicant_sees(resident, id))["steps"]]
    assert (steps.count("AGREE_WRITTEN"), steps.count("PERFORM")) == (1, 1)


async def test_who_consented_is_invited_anew_and_who_was_not_asked_yet_is_asked(town: Town) -> None:
    hall, city = await open_hall(town), town.city
    resident, other, third = [await city.resident() for _ in range(3)]
    said = form()
    said["respondents"].append(said["respondents"][0] | {"name": "孙二", "phone": HERS})
    id, mediation = await hall.registered(resident, mediation=said)
    made = await hall.does(hall.mediator, "inviteRespondent", id)
    door = await hall.opens(made["token"])
    await hall.answers(made["token"], door)  # before the mediator has invited the second
    seen = await hall.sees(resident, mediation)
    assert seen["state"] == "CONSENTED"
    due = seen["dueAt"]
    second = await hall.does(hall.mediator, "inviteRespondent", id, respondent=1)
    assert (second["mediation"]["state"], second["mediation"]["dueAt"]) == ("CONSENTED", due)
    await hall.does(hall.mediator, "beginMediation", id)

    await city.pass_time(timedelta(days=11))
    assert codes(await hall.joins(other, made["token"], door)) == ["INVITATION_OVER"]
    anew = await hall.does(hall.mediator, "inviteRespondent", id)
    assert anew["mediation"]["state"] == "MEDIATING"
    door = await hall.opens(anew["token"])
    await hall.answers(anew["token"], door)
    assert (await hall.joins(other, anew["token"], door))["side"] == "RESPONDENT"
    assert (await hall.sees(other, mediation))["dueAt"] == due
    # Who is asked last may refuse: nobody is mediated who did not consent.
    last = await hall.does(hall.mediator, "inviteRespondent", id, respondent=1)
    door = await hall.opens(last["token"], HERS)
    await hall.answers(last["token"], door, consents=False)
    assert (await hall.sees(resident, mediation))["state"] == "RESPONDENT_REFUSED"
    assert codes(await hall.joins(third, last["token"], door)) == ["NOT_CONSENTED"]
