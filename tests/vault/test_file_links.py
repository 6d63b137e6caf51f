"""A link to a file is good for its person, for five minutes, while she is signed in, and for nobody else."""

import asyncio

import httpx
import pytest
from sqlalchemy import text

from app.core.access import Viewer
from app.core.db import NOBODY
from app.core.links import SECRET, Link, Way
from app.core.sealing import KeyProvider
from app.graph.ids import uuid_of
from app.outside.storage import Storage
from app.settings import Settings
from app.vault.actions.storing import clear
from tests.city import City
from tests.vault.sending import codes_of, house, path, sent, shown

pytestmark = pytest.mark.anyio


async def link_to(city: City, who: Viewer, id: str) -> str:
    return path((await shown(city, who, id))["url"])


async def test_a_stolen_link_ends_with_its_minutes_and_with_the_session(city: City) -> None:
    asker = await city.resident()
    async with house(city) as client:
        id = await sent(city, client, asker)
        link = await link_to(city, asker, id)
        assert (await client.get(link)).status_code == 200
        await city.turn_seconds(285)
        assert (await client.get(link)).status_code == 200
        await city.turn_seconds(16)
        gone = await client.get(link)
        assert gone.status_code == 404
        link = await link_to(city, asker, id)
        assert (await client.get(link)).status_code == 200
        await city.sql("UPDATE app.sign_in SET ended_at = now() WHERE id = :id", id=asker.sign_in)
        signed_out = await client.get(link)
        assert (signed_out.status_code, signed_out.content) == (404, gone.content)


async def test_whatever_is_wrong_with_a_link_the_answer_is_the_same(city: City) -> None:
    """Also of one that the house itself would sign: a link says what to look for, the walls say what is found."""
    asker, other = await city.resident(), await city.resident()
    secret = city.doors[KeyProvider].secret(SECRET)
    until = await city.now()
    until = until.replace(year=until.year + 1)
    async with house(city) as client:
        id = await sent(city, client, asker)
        file = uuid_of(id, "File")
        link = await link_to(city, asker, id)
        tampered = link[:-3] + ("AAA" if not link.endswith("AAA") else "BBB")
        foreign = "/files/" + Link(Way.WHOLE, file, other.id, other.sign_in, until).signed(secret)
        borrowed = "/files/" + Link(Way.WHOLE, file, asker.id, other.sign_in, until).signed(secret)
        nothing = "/files/" + Link(Way.WHOLE, other.id, asker.id, asker.sign_in, until).signed(secret)
        ticket = "/files/" + Link(Way.SEND, file, asker.id, asker.sign_in, until).signed(secret)
        forged = "/files/" + Link(Way.WHOLE, file, asker.id, asker.sign_in, until).signed(b"not the secret")
        answers: list[httpx.Response] = [
            await client.get(each) for each in (tampered, foreign, borrowed, nothing, ticket, forged, "/files/x")
        ]
        assert {each.status_code for each in answers} == {404}
        assert len({each.content for each in answers}) == 1
        english = await client.get("/files/x", headers={"accept-language": "en"})
        assert english.json()["reasons"][0]["message"] == "This link is no longer good; please open it again."
        assert (await client.get("/files/" + link.removeprefix("/files/"))).status_code == 200


async def test_a_file_that_is_no_longer_there_is_not_found(city: City) -> None:
    asker = await city.resident()
    async with house(city) as client:
        id = await sent(city, client, asker)
        link = await link_to(city, asker, id)
        await clear(city.doors[Storage], uuid_of(id, "File"))
        assert (await client.get(link)).status_code == 404


async def test_pages_of_allowed_origins_may_send_and_fetch(city: City) -> None:
    city.settings = Settings(demo=True, allowed_origins=("https://law.example",))
    async with house(city) as client:
        for method, wanted in (("PUT", "content-range"), ("HEAD", "authorization"), ("GET", "range")):
            asking = {"origin": "https://law.example", "access-control-request-method": method}
            answer = await client.options("/uploads/x", headers=asking | {"access-control-request-headers": wanted})
            assert answer.status_code == 200, method
            assert method in answer.headers["access-control-allow-methods"]
        answer = await client.put("/uploads/x", headers={"origin": "https://law.example"})
        exposed = answer.headers["access-control-expose-headers"]
        assert "Upload-Offset" in exposed
        assert "Content-Range" in exposed
        strange = {"origin": "https://elsewhere.example", "access-control-request-method": "PUT"}
        assert (await client.options("/uploads/x", headers=strange)).status_code == 400


async def test_whose_connection_is_taken_away_comes_again_in_a_moment(city: City) -> None:
    asker = await city.resident()
    waiting = """SELECT a.pid FROM pg_stat_activity a WHERE a.wait_event_type = 'Lock' AND a.usename LIKE '%api%'
        AND a.datname = current_database()"""
    async with house(city) as client:
        link = path((await shown(city, asker, await sent(city, client, asker)))["url"])
        async with city.super.acting(NOBODY) as session:
            await session.rows(text("LOCK TABLE app.file"))
            fetching = asyncio.create_task(client.get(link))
            async with asyncio.timeout(60):
                while not (held := await city.sql(waiting)):
                    await asyncio.sleep(0.02)
            for row in held:
                await city.sql("SELECT pg_terminate_backend(:pid)", pid=row.pid)
            answer = await fetching
        assert (answer.status_code, codes_of(answer), answer.headers["retry-after"]) == (503, ["BUSY"], "1")
        assert (await client.get(link)).status_code == 200
