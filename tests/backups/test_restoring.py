"""A city is backed up while it lives, and brought back: all of it, or as it was but for what nobody may lose."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.accounts.models import Ended
from app.consultation.rules.receipt import Receipt, Unverified
from app.core.access import Viewer
from app.core.db import NOBODY
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from app.outside.post import Channel
from scripts import legal_hold, restore
from scripts.backups import proof
from scripts.backups.shelf import Shelf
from tests.audit.night import DAY, anchor, newest, reads
from tests.backups.place import Place, audited, looked, received
from tests.city import City
from tests.notices.carrying import reachable
from tests.notices.telling import told
from tests.people import VERSIONS
from tests.vault.sending import house, sent

ERASE = "mutation ($input: EraseQuestionInput!) { eraseQuestion(input: $input) { __typename } }"
CLOSE = "mutation { closeAccount(input: {understood: true}) { __typename } }"
TAKE_BACK = "mutation { withdrawConsent(input: {purpose: EDUCATION}) { __typename } }"
NO_MORE = """mutation ($delegation: ID!, $guardianship: ID!, $who: Boolean!) {
    endDelegation(input: {delegationId: $delegation}) @include(if: $who) { __typename }
    endGuardianship(input: {guardianshipId: $guardianship}) @skip(if: $who) { __typename } }"""
LET = """INSERT INTO app.delegation (id, elder, delegate, relation, consent, names, granted_at)
    VALUES (:id, :one, :other, 'CHILD', 'SMS_CODE', '', now())"""
GUARD = """INSERT INTO app.guardianship (id, minor, guardian, version, names, granted_at)
    VALUES (:id, :one, :other, 1, '', now())"""
KEEP = "mutation ($input: KeepDateInput!) { keepDate(input: $input) { __typename } }"
DROP = "mutation ($id: ID!) { dropDate(input: {dateId: $id}) { __typename } }"
AGREE = "mutation ($version: Int!) { giveConsent(input: {purpose: EDUCATION, version: $version}) { __typename } }"
SIGN_OUT = "UPDATE app.sign_in SET ended_at = now(), ended_why = :why WHERE id = :id"

CLIMB_NOW = "UPDATE app.outbox SET due_at = now(), next_at = now() WHERE kind = 'NoticesTold' AND done_at IS NULL"


def test_all_of_it_comes_back_and_opens(place: Place, shelf: Shelf, back: Path) -> None:
    async def ask_with_a_picture(city: City) -> str:
        await reads(city, await city.now() - DAY)
        await anchor(city)
        asker = await city.resident()
        async with house(city) as client:
            return await city.asked(asker, attachments=[await sent(city, client, asker)])

    async def ask(city: City) -> str:
        return await city.asked(await city.resident())

    async def send(city: City) -> str:
        async with house(city) as client:
            return await sent(city, client, await city.resident())

    first = place.live(ask_with_a_picture)
    keeper = place.keeper(shelf)
    keeper.begin()
    second = place.live(ask)
    keeper.tick()
    # No moment was written down after these, but the log tells of them; of the file it does, and it is not there.
    third, uncopied = place.live(ask), place.live(send)
    received(place)
    keeper.end(go_on=False)

    done = restore.restore(shelf.path, back, place.keys, None)
    assert (done.files_lost, done.done_again) == (1, {})
    assert (back / ".house").read_text().startswith("real data\n")

    async def look(connection: Any) -> None:
        asked = {row[0] for row in await connection.fetch("SELECT id FROM app.question")}
        assert {uuid_of(id, "Question") for id in (first, second, third)} <= asked
        state = "SELECT state FROM app.file WHERE id = $1"
        assert await connection.fetchval(state, uuid_of(uncopied, "File")) == "GONE"
        found = await proof.prove(connection, back / "keys", back / "files")
        assert found.texts >= 6
        assert found.files >= 1

    looked(back, look)
    found = audited(back)
    assert (found.facts, found.faults) == (1, [])
    assert (place.keys / "keys.json").stat().st_mode & 0o777 == 0o600
    secrets = [place.servers.folder.secret("postgres"), json.loads((place.keys / "keys.json").read_text())["root"]]
    kept = [path.read_bytes() for path in shelf.path.rglob("*") if path.is_file()]
    assert not any(secret.encode() in content for content in kept for secret in secrets)


def test_what_nobody_may_lose_is_so_in_an_earlier_moment_too(place: Place, shelf: Shelf, back: Path) -> None:
    """Erased, left, taken back, signed out and held: all of it after the moment that is brought back."""

    async def before(city: City) -> tuple[str, str, list[Viewer]]:
        await anchor(city)
        eraser, leaver, other = [await city.resident() for _ in range(3)]
        lawyer = await city.lawyer()
        await city.run(other, AGREE, version=VERSIONS["EDUCATION"])
        erased, kept = await city.asked(eraser), await city.asked(other)
        # Of two messages one is ready to be sent, and what makes the other is due.
        for person in (other, lawyer):
            await reachable(city, person, Channel.SMS)
            await told(city, person)
            await city.settle()
            await city.sql(CLIMB_NOW)
        return erased, kept, [eraser, leaver, other, lawyer]

    async def after(city: City) -> tuple[str, int, Receipt]:
        said = await city.one(eraser, ERASE, input={"questionId": erased, "idempotencyKey": str(new_id())})
        assert said["__typename"] == "Erasure"
        await city.run(leaver, CLOSE)
        await city.run(other, TAKE_BACK)
        await city.sql(SIGN_OUT, why=Ended.SIGNED_OUT, id=lawyer.sign_in)
        async with city.owner.acting(NOBODY) as session:
            await legal_hold.place(session, other.id, "诉讼保全", "（2026）1号", "王")
        later = await city.asked(await city.resident())
        await city.settle()
        (counted,) = await city.sql("SELECT pg_current_xact_id()::text::bigint")
        for table in ("audit_anchor", "audit_leaf"):
            await city.sql(f"DELETE FROM app.{table}")
        await anchor(city)
        return later, counted[0], await newest(city)

    erased, kept, (eraser, leaver, other, lawyer) = place.live(before)
    keeper = place.keeper(shelf)
    keeper.begin()
    later, counted, held = place.live(after)
    until = shelf.at(None)[1]
    keeper.tick()
    keeper.end(go_on=False)

    done = restore.restore(shelf.path, back, place.keys, until)
    assert done.at == until
    again = {"question erased": 1, "account closed": 1, "consent": 1, "sign_in": 2, "legal_hold": 1}
    assert {what: many for what, many in done.done_again.items() if what in again} == again
    assert done.unsent == 2

    async def look(connection: Any) -> None:
        status = {row[0]: row[1] for row in await connection.fetch("SELECT id, status FROM app.question")}
        assert status[uuid_of(erased, "Question")] == "ERASED"
        assert status[uuid_of(kept, "Question")] == "OPEN"
        assert uuid_of(later, "Question") not in status
        keys = {row[0] for row in await connection.fetch("SELECT subject FROM app.key")}
        assert uuid_of(erased, "Question") not in keys
        assert uuid_of(kept, "Question") in keys
        closed = "SELECT count(*) FROM app.closing WHERE person = $1"
        assert await connection.fetchval(closed, leaver.id) == 1
        given = "SELECT given FROM app.consent WHERE person = $1 AND purpose = 'EDUCATION' ORDER BY turn DESC LIMIT 1"
        assert await connection.fetchval(given, other.id) is False
        ended = "SELECT ended_why FROM app.sign_in WHERE id = $1"
        assert await connection.fetchval(ended, lawyer.sign_in) == Ended.SIGNED_OUT
        assert await connection.fetchval("SELECT count(*) FROM app.legal_hold WHERE subject = $1", other.id) == 1
        # Both may have gone out: of one the carrier can be asked, the other it knew by another id.
        states = dict(await connection.fetch("SELECT person, state FROM app.delivery"))
        assert (states[other.id], states[lawyer.id]) == ("SENDING", "UNKNOWN")
        # Who had read on until then is told to begin anew.
        assert await connection.fetchval("SELECT pg_current_xact_id()::text::bigint") > counted
        await proof.prove(connection, back / "keys", back / "files")

    looked(back, look)
    # What was anchored until then holds, whatever was done again; who has a later anchor is told that it is gone.
    assert audited(back).faults == []
    with pytest.raises(Unverified, match="not in the chain"):
        audited(back, held)


def test_who_said_no_since_has_said_no(place: Place, shelf: Shelf, back: Path) -> None:
    """To her delegate, to her child's asking, and to the house; and of a date she wants to hear no more."""

    async def before(city: City) -> tuple[list[Viewer], list[str]]:
        people = [await city.resident() for _ in range(5)]
        elder, delegate, guardian, child, asker = people
        asked = [await city.asked(elder), await city.asked(asker)]
        await city.sql(LET, id=delegation, one=elder.id, other=delegate.id)
        await city.sql(GUARD, id=guardianship, one=child.id, other=guardian.id)
        for day in range(40, 42):
            said = {"own": {"kind": "HEARING", "day": str(await city.today() + timedelta(days=day))}}
            await city.run(elder, KEEP, input=said | {"idempotencyKey": str(new_id())})
        subject = uuid_of(asked[0], "Question")
        await city.sql(
            "INSERT INTO app.reader (subject, person, basis, since) VALUES (:subject, :person, 'delegate', now())",
            subject=subject,
            person=delegate.id,
        )
        return people, asked

    async def after(city: City) -> None:
        ids = {
            "delegation": global_id("Delegation", delegation),
            "guardianship": global_id("Guardianship", guardianship),
        }
        first, second = (await city.run(elder, "{ myDates { id } }"))["myDates"]
        await city.run(elder, DROP, id=first["id"])
        kept.append(uuid_of(second["id"], "KeptDate"))
        await city.run(elder, NO_MORE, **ids, who=True)
        await city.run(guardian, NO_MORE, **ids, who=False)
        await city.run(asker, "mutation { withdrawConsent(input: {purpose: SERVICE}) { __typename } }")
        await city.settle()

    delegation, guardianship = new_id(), new_id()
    kept: list[UUID] = []
    (elder, delegate, guardian, _, asker), asked = place.live(before)
    keeper = place.keeper(shelf)
    keeper.begin()
    until = shelf.at(None)[1]
    place.live(after)
    keeper.tick()
    keeper.end(go_on=False)

    done = restore.restore(shelf.path, back, place.keys, until)
    assert (done.done_again["delegation"], done.done_again["guardianship"], done.done_again["consent"]) == (1, 1, 1)

    async def look(connection: Any) -> None:
        for table, id in (("delegation", delegation), ("guardianship", guardianship)):
            assert await connection.fetchval(f"SELECT ended_at IS NOT NULL FROM app.{table} WHERE id = $1", id)
        assert [row[0] for row in await connection.fetch("SELECT id FROM app.kept_date")] == kept
        reads = "SELECT until > now() FROM app.reader WHERE subject = $1 AND person = $2"
        question = uuid_of(asked[0], "Question")
        assert [await connection.fetchval(reads, question, who.id) for who in (elder, delegate)] == [True, False]
        # What rests on it stops: at once, or as soon as the city is open again.
        status = await connection.fetchval(
            "SELECT status FROM app.question WHERE id = $1", uuid_of(asked[1], "Question")
        )
        waits = "SELECT ids FROM app.outbox WHERE kind = $1 AND done_at IS NULL"
        stops = [json.loads(row[0]) for row in await connection.fetch(waits, "ConsentWithdrawn")]
        assert status == "WITHDRAWN" or {"person": str(asker.id), "purpose": "SERVICE"} in stops

    looked(back, look)
