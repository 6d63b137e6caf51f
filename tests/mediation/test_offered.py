"""A mediation for which nobody applied: a mediator offers it, and begins once both sides have consented."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.access import Role
from tests.accounts.town import Town
from tests.city import codes
from tests.mediation.hall import APPLICATION, HERS, mutation, offered, open_hall
from tests.threads.talk import told

pytestmark = pytest.mark.anyio
OPEN = mutation("openMediation", APPLICATION)


async def test_a_mediator_offers_it_and_both_have_to_consent(town: Town) -> None:
    hall, city = await open_hall(town), town.city
    one, other, applicant = [await city.resident() for _ in range(3)]
    (error,) = await city.errors(one, OPEN, input={"case": offered(), "idempotencyKey": "of-a-resident"})
    assert error["extensions"]["code"] == "FORBIDDEN"
    assert codes(await hall.offers(await city.person(Role.MEDIATOR))) == ["NO_MEDIATORS_POST"]
    for said, refusal, field in (
        ({"source": "APPLICATION"}, "BAD_VALUE", "case.source"),
        ({"source": "REFERRED"}, "BLANK", "case.materials"),
        ({"firstSide": []}, "BLANK", "case.firstSide"),
        ({"firstSide": [{"name": "赵"}]}, "TOO_SHORT", "case.firstSide.0.name"),
        ({"respondents": []}, "BLANK", "case.respondents"),
    ):
        made = await hall.offers(hall.mediator, **said)
        assert [(reason["code"], reason["field"]) for reason in made["reasons"]] == [(refusal, field)], made

    # Of fifty at once there is one.
    once = {"case": offered(), "idempotencyKey": "offered-once"}
    many = await asyncio.gather(*(city.one(hall.mediator, OPEN, input=once) for _ in range(50)))
    await city.settle()
    (id,) = {made["id"] for made in many if made["__typename"] == "MediationApplication"}
    assert await city.sql("SELECT count(*), count(applicant) FROM app.application") == [(1, 0)]
    seen = await hall.applicant_sees(hall.mediator, id)
    assert (seen["state"], seen["clock"]["kind"]) == ("REGISTERED", "INVITE")
    assert [step["move"] for step in seen["steps"]] == ["OFFER_MEDIATION", "REGISTER"]
    assert seen["steps"][0]["article"] == "人民调解法第十七条"
    for who, opens in ((hall.head, True), (hall.second, False)):
        assert bool((await hall.applicant_sees(who, id))["form"]) is opens
    assert await hall.applicant_sees(hall.stranger, id) is None
    case = await hall.sees(hall.mediator, id)
    assert (case["applied"], case["mediator"]) == (False, "王调解员")

    # One of the two alone is not enough, and nobody is on both sides.
    token = await hall.invites(id)
    door = await hall.opens(token)
    assert (await hall.answers(token, door))["source"] == "OWN_INITIATIVE"
    joined = await hall.joins(other, token, door)
    assert (joined["state"], joined["side"], joined["application"]) == ("RESPONDENT_INVITED", "RESPONDENT", None)
    first = await hall.invites(id, side="APPLICANT")
    inside = await hall.opens(first, HERS)
    answered = await hall.answers(first, inside)
    assert (answered["name"], answered["inviter"], answered["matter"]) == ("赵大勇", None, "NEIGHBOURS")
    for who in (other, hall.mediator, hall.head):
        assert codes(await hall.joins(who, first, inside)) == ["NOT_BOTH_SIDES"]
    joined = await hall.joins(one, first, inside)
    assert (joined["state"], joined["side"], joined["application"]) == ("CONSENTED", "APPLICANT", None)
    assert await hall.applicant_sees(one, id) is None
    assert [(who["side"], who["joined"]) for who in (await hall.sees(hall.mediator, id))["invitations"]] == [
        ("RESPONDENT", True),
        ("APPLICANT", True),
    ]
    assert (await hall.does(hall.mediator, "beginMediation", id))["state"] == "MEDIATING"
    record = {"where": "APPLICANT", "kind": "STATEMENT", "text": "我愿意各让一步。"}
    mediation = joined["id"]
    await hall.does(one, "addMediationRecord", mediation, **record)
    assert [len((await hall.sees(who, mediation))["records"]) for who in (one, other, hall.mediator)] == [1, 0, 1]
    drawn = (await hall.draws(mediation))["agreement"]["id"]
    for who in (one, other):
        await hall.does(who, "sayToMediation", mediation, about="AGREEMENT", yes=True, agreementId=drawn)
    assert (await hall.sees(one, mediation))["state"] == "PERFORMING"
    assert "MEDIATION_PROGRESS" in await told(city, one)

    # Either refuses: that ends it. Who applied is not invited.
    id = (await hall.offers(hall.mediator))["id"]
    await hall.invites(id)
    first = await hall.invites(id, side="APPLICANT")
    await city.pass_time(timedelta(minutes=2))
    inside = await hall.opens(first, HERS)
    assert (await hall.answers(first, inside, consents=False))["answer"] == "REFUSES"
    seen = await hall.sees(hall.mediator, id)
    assert (seen["state"], [way["route"] for way in seen["otherWays"]]) == (
        "RESPONDENT_REFUSED",
        ["COURT", "LEGAL_AID"],
    )
    id, mediation = await hall.registered(applicant)
    assert codes(await hall.does(hall.mediator, "inviteRespondent", id, side="APPLICANT")) == ["NOT_FOUND"]
    async with city.db.acting(hall.mediator.id) as session:
        with pytest.raises(DBAPIError, match="who applied is not invited"):
            await session.rows(
                text(
                    "INSERT INTO app.mediation_invitation (id, mediation, side, link, said, invited_by, made_at,"
                    " expires_at) SELECT gen_random_uuid(), id, 'APPLICANT', '\\x09', '', app.person(), app.clock(),"
                    " app.clock() + interval '1 day' FROM app.mediation WHERE applied"
                )
            )
