"""Asking to be called, appealing against a block, and what is offered when the promise is broken."""

import asyncio
from datetime import datetime, timedelta

import pytest

from app.consultation.rules.petitions import answered_by_a_person
from app.core.ids import new_id
from app.graph.ids import global_id
from tests.city import City, codes
from tests.oversight.office import (
    MINE,
    QUOTED,
    READ,
    SEEN,
    appeal,
    blocked,
    call_me,
    key_of,
    window,
)

pytestmark = pytest.mark.anyio

WITHDRAW = "mutation ($id: ID!) { withdrawQuestion(input: {questionId: $id}) { __typename } }"
NEVER = "这句话只有我和打电话的人知道"


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("13800000000", "+8613800000000"),
        ("+86 138-0000-0000", "+8613800000000"),
        ("１３８００００００００", "+8613800000000"),
        ("0391-6633123", "+863916633123"),
        ("(0371) 65712348", "+8637165712348"),
        ("010 6234 5678", "+861062345678"),
        *((service, None) for service in ("12348", "0391 12348", "110", "95588", "039195588", "0391-10086", "96110")),
        *((service, None) for service in ("400-800-1234", "8008101234")),
        ("6633123", None),  # no area code
        ("0391-6633123 ext. 801", None),
        ("0391-6633123#801", None),
        ("1380000000", None),
        ("+1 650 253 0000", None),
        ("", None),
        ("电话", None),
        ("13800000000" * 9, None),
    ],
)
def test_a_telephone_that_a_person_answers(said: str, number: str | None) -> None:
    assert answered_by_a_person(said) == number


async def test_an_asker_asks_to_be_called_and_sees_where_it_stands(city: City) -> None:
    asker = await city.resident()
    id = await city.asked(asker)
    when = await window(city)
    made = await call_me(city, asker, id, note=" 请说普通话 ", **when)
    assert (made["kind"], made["state"], made["outcome"], made["accesses"]) == ("CALLBACK", "OPEN", None, [])
    assert datetime.fromisoformat(made["dueAt"]) == datetime.fromisoformat(when["windowTo"])
    said = made["details"]
    assert (said["phone"], said["note"], said["text"], said["question"]) == (READ, " 请说普通话 ", None, None)
    for end in ("windowFrom", "windowTo"):
        assert datetime.fromisoformat(said[end]) == datetime.fromisoformat(when[end])
    assert await city.one(asker, SEEN, id=made["id"]) == {"__typename": "Petition"} | {
        name: value for name, value in made.items() if name != "__typename"
    }
    log = await city.sql("SELECT ids FROM app.feed WHERE kind = 'CALLBACK_WANTED'")
    assert [ids for (ids,) in log] == [{"petition": str(key_of(made["id"]))}]


async def test_the_same_request_twice_is_one_even_when_the_window_has_almost_passed(city: City) -> None:
    asker = await city.resident()
    id = await city.asked(asker)
    said = {"idempotencyKey": str(new_id())} | await window(city, begins=0, lasts=0.6)
    first = await call_me(city, asker, id, **said)
    await city.turn(timedelta(minutes=20))
    assert (await call_me(city, asker, id, **said))["id"] == first["id"]
    assert codes(await call_me(city, asker, id, **said | {"phone": "13900000000"})) == ["KEY_REUSED"]
    assert len(await city.sql("SELECT 1 FROM app.petition")) == 1


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"phone": "12348"}, "BAD_NUMBER", "phone"),
        ({"phone": "\ud800"}, "BAD_NUMBER", "phone"),
        ({"note": "话" * 201}, "TOO_LONG", "note"),
        ({"note": "  "}, "BLANK", "note"),
        ({"note": "\x00"}, "BAD_TEXT", "note"),
        ({"windowTo": "9999-12-31T23:59:59-12:00"}, "BAD_WINDOW", "windowFrom"),
        ({"windowTo": "2001-01-01T00:00:00Z"}, "BAD_WINDOW", "windowFrom"),
        ({"questionId": global_id("Answer", str(new_id()))}, "BAD_ID", "questionId"),
        ({"questionId": global_id("Question", str(new_id()))}, "NOT_FOUND", "questionId"),
        ({"idempotencyKey": "short"}, "BAD_KEY", "idempotencyKey"),
    ],
)
async def test_what_cannot_be_asked_is_refused_by_name_and_leaves_nothing(
    city: City, change: dict[str, str], code: str, field: str
) -> None:
    asker = await city.resident()
    made = await call_me(city, asker, await city.asked(asker), **change)
    assert [(reason["code"], reason["field"]) for reason in made["reasons"]] == [(code, field)]
    assert await city.sql("SELECT 1 FROM app.petition") == []
    assert await city.sql("SELECT 1 FROM app.idempotency WHERE operation = 'requestCallback'") == []


@pytest.mark.parametrize(
    ("begins", "lasts", "good"),
    [
        (0, 0.5, True),
        (0, 0.49, False),
        (-5, 5.6, True),  # half an hour and more is left of it
        (-5, 5.4, False),
        (1, -0.5, False),
        (167, 0.99, True),
        (167, 1.01, False),  # more than seven days ahead
    ],
)
async def test_a_window_is_half_an_hour_within_a_week(city: City, begins: float, lasts: float, good: bool) -> None:
    asker = await city.resident()
    # A minute more: the clock goes on between the looks at it.
    when = await window(city, begins, lasts + (1 / 60 if good and lasts != 0.99 else 0))
    made = await call_me(city, asker, await city.asked(asker), **when)
    assert codes(made) == ([] if good else ["BAD_WINDOW"])
    if good:
        assert datetime.fromisoformat(made["details"]["windowFrom"]) >= datetime.fromisoformat(made["madeAt"])


async def test_a_window_from_the_beginning_of_time_is_cut_off_at_now(city: City) -> None:
    asker = await city.resident()
    when = await window(city) | {"windowFrom": "0001-01-01T00:00:00+14:00"}
    made = await call_me(city, asker, await city.asked(asker), **when)
    assert made["details"]["windowFrom"] == made["madeAt"]


async def test_all_that_is_wrong_is_said_at_once(city: City) -> None:
    asker = await city.resident()
    said = {"phone": "110", "note": "", "windowTo": "2001-01-01T00:00:00Z"}
    assert codes(await call_me(city, asker, await city.asked(asker), **said)) == ["BAD_NUMBER", "BLANK", "BAD_WINDOW"]


async def test_one_callback_at_a_time_however_many_are_asked_for_at_once(city: City) -> None:
    asker = await city.resident()
    id = await city.asked(asker)
    made = await asyncio.gather(*(call_me(city, asker, id) for _ in range(12)))
    assert sorted(code for payload in made for code in codes(payload)) == ["CALLBACK_OPEN"] * 11
    assert len(await city.sql("SELECT 1 FROM app.key")) == 3  # question, brief and the one petition
    assert len(await city.sql("SELECT 1 FROM app.outbox WHERE kind = 'PetitionMade'")) == 1


async def test_only_about_an_open_question_of_ones_own(city: City) -> None:
    asker, lawyer, other = await city.resident(), await city.lawyer(), await city.resident()
    id = await city.asked(asker)
    await city.settle()
    await city.claim(lawyer)
    for stranger in (lawyer, other):
        assert codes(await call_me(city, stranger, id)) == ["NOT_FOUND"]
        assert codes(await appeal(city, stranger, id)) == ["NOT_FOUND"]
    assert codes(await appeal(city, asker, id)) == ["NOT_BLOCKED"]
    await city.run(asker, WITHDRAW, id=id)
    assert codes(await call_me(city, asker, id)) == ["QUESTION_CLOSED"]


async def test_what_may_not_be_seen_costs_what_does_not_exist(city: City) -> None:
    asker, other = await city.resident(), await city.resident()
    id = await city.asked(asker)
    counts = []
    for wanted in (id, global_id("Question", str(new_id()))):
        with city.statements() as asked:
            assert codes(await call_me(city, other, wanted)) == ["NOT_FOUND"]
            assert codes(await appeal(city, other, wanted)) == ["NOT_FOUND"]
        counts.append([statement.split("(")[0] for statement in asked])
    assert counts[0] == counts[1]


async def test_a_broken_promise_says_so_and_what_can_be_done(city: City) -> None:
    asker = await city.resident()
    id = await city.asked(asker)
    await city.pass_time(570)
    assert (await city.one(asker, MINE, id=id))["breach"] is None
    await city.pass_time(40)
    breach = (await city.one(asker, MINE, id=id))["breach"]
    assert breach["choices"] == ["WAIT", "CALLBACK", "HOTLINE"]
    assert (breach["hotline"], breach["callback"]) == ("12348", None)
    assert datetime.fromisoformat(breach["brokenAt"]) <= await city.now()

    made = await call_me(city, asker, id)
    breach = (await city.one(asker, MINE, id=id))["breach"]
    assert breach["choices"] == ["WAIT", "HOTLINE"]
    assert breach["callback"]["id"] == made["id"]
    await city.run(asker, WITHDRAW, id=id)
    assert (await city.one(asker, MINE, id=id))["breach"]["choices"] == ["HOTLINE"]


async def test_a_page_of_broken_promises_costs_one_statement_more_each_for_log_policy_and_petitions(city: City) -> None:
    asker = await city.resident()
    for _ in range(3):
        await city.asked(asker)
    await city.pass_time(601)
    page = "{ questions(first: 20) { nodes { id %s } } }"
    with city.statements() as bare:
        await city.one(asker, page % "")
    with city.statements() as asked:
        found = await city.one(asker, page % "appeal { id } breach { brokenAt choices hotline callback { id } }")
    assert all(node["breach"]["choices"] for node in found["nodes"])
    assert len(asked) - len(bare) <= 3, asked


async def test_an_appeal_is_made_once_and_says_no_more_than_the_asker_wants(city: City) -> None:
    asker = await city.resident()
    silent, open_ = await blocked(city, asker), await blocked(city, asker)
    made = await appeal(city, asker, silent)
    assert (made["kind"], made["state"], made["details"]["question"]) == ("APPEAL", "OPEN", None)
    assert made["details"]["phone"] is None
    assert codes(await appeal(city, asker, silent)) == ["APPEALED_ALREADY"]
    disclosed = await appeal(city, asker, open_, disclose=True)
    assert disclosed["details"]["question"] == QUOTED
    assert (await city.one(asker, MINE, id=silent))["appeal"]["id"] == made["id"]
    assert codes(await call_me(city, asker, silent)) == ["QUESTION_CLOSED"]


@pytest.mark.parametrize(("text", "code"), [("", "BLANK"), ("冤枉", "TOO_SHORT"), ("冤" * 501, "TOO_LONG")])
async def test_an_appeal_has_five_to_five_hundred_characters(city: City, text: str, code: str) -> None:
    asker = await city.resident()
    assert codes(await appeal(city, asker, await blocked(city, asker), text=text)) == [code]


async def test_an_elder_sees_what_her_delegate_asked_for_and_the_end_of_consent_ends_it(city: City) -> None:
    """The rows that consent leaves are made by hand here; how it is given is another story."""
    elder, child = await city.resident(), await city.resident()
    id = await city.asked(elder)
    await city.sql(
        """INSERT INTO app.delegation (id, elder, delegate, relation, consent, names, granted_at)
        VALUES (gen_random_uuid(), :elder, :child, 'CHILD', 'IN_APP', '', now())""",
        elder=elder.id,
        child=child.id,
    )
    consent = "INSERT INTO app.reader (subject, person, basis, since) VALUES (:q, :child, 'delegate', now())"
    await city.sql(consent, q=key_of(id), child=child.id)
    made = await call_me(city, child, id, note=NEVER)
    assert made["details"]["note"] == NEVER
    seen = await city.one(elder, SEEN, id=made["id"])
    assert seen["details"]["phone"] == READ
    assert [access["basis"] for access in seen["accesses"]] == ["delegate"]
    assert codes(await call_me(city, elder, id)) == ["CALLBACK_OPEN"]

    await city.sql("UPDATE app.delegation SET ended_at = now(), ended_by = 'ELDER'")
    assert await city.one(child, SEEN, id=made["id"]) is None
    assert await city.one(elder, SEEN, id=made["id"]) is not None
