"""A question's life in real processes, and some that go wrong: their logs are full, and say nothing of it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from scripts.embedded import free_port
from tests.accounts.town import ASK_CODE, BY_SMS, new_phone
from tests.city import ASK, CLAIM, CONTENT, SUBMIT, City, question
from tests.conftest import Servers
from tests.ears import EARS
from tests.operation.processes import child, environment, serving
from tests.people import VERSIONS
from tests.sockets import receive, send, socket, token
from tests.words import own_words

pytestmark = pytest.mark.anyio

BODY = "隔壁老王借走我的三轮车，撞坏了不肯赔，我该找谁说理？"
OFFERS = "query Desk { offers(first: 5) { nodes { id } } }"
NEWS = "subscription News { noticeUpdates { ... on NoticeUpdates { cursor } } }"


class Person:
    def __init__(self, client: httpx.AsyncClient, token: str = "") -> None:
        self._client, self._token = client, token

    async def sends(self, document: str, **variables: Any) -> Any:
        EARS.hear(variables)
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        said = {"query": document, "variables": variables}
        return (await self._client.post("/graphql", json=said, headers=headers)).json()

    async def one(self, document: str, **variables: Any) -> Any:
        """The value of the only root field."""
        (value,) = (await self.sends(document, **variables))["data"].values()
        return value


async def test_no_process_writes_what_people_said(
    city: City, servers: Servers, keys_folder: Path, world: str, tmp_path: Path
) -> None:
    lawyer = await city.lawyer()
    port = free_port()
    told = environment(city, servers, keys_folder, 0, world)
    crew = [
        child("relay", told, tmp_path, "workers.relay"),
        child("worker", told | {"WORKER_METRICS_PORT": str(port)}, tmp_path, "arq", "workers.main.WorkerSettings"),
    ]
    for one in crew:
        one.start()
    try:
        async with serving(told, tmp_path) as (_, client):
            resident = await signed_in(client, world)
            asked = await resident.one(ASK.replace("mutation (", "mutation AskOnce ("), input=question(BODY))
            assert asked["body"] == BODY
            advocate = Person(client, token(city, lawyer))
            async with asyncio.timeout(180):
                while not (offers := (await advocate.one(OFFERS))["nodes"]):
                    await asyncio.sleep(0.1)
            seat = await advocate.one(CLAIM, offer=offers[0]["id"], key="a-key-of-mine")
            content = CONTENT | {"text": own_words(seat["id"])}
            answer = await advocate.one(SUBMIT, seat=seat["id"], content=content, key="another-key")
            assert answer["__typename"] == "Answer"
            await stumble(city, client, resident, f"{client.base_url}/graphql", token(city, lawyer))
            await until_done(city)
            watched = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
    finally:
        for one in crew:
            one.stop()
    EARS.heard_nothing()
    lines = [json.loads(row) for row in (tmp_path / "api.log").read_text().splitlines() if row.startswith("{")]
    operations = [line for line in lines if line["event"] == "operation"]
    assert {"AskOnce", "Desk", "News"} <= {line["operation"] for line in operations}
    assert all(line["statements"] > 0 for line in operations if line["operation"] == "AskOnce")
    assert "reaction_lateness_seconds_count" in watched


async def signed_in(client: httpx.AsyncClient, world: str) -> Person:
    phone, nobody = new_phone(), Person(client)
    assert (await nobody.one(ASK_CODE, phone=phone))["__typename"] == "CodeSent"
    async with httpx.AsyncClient(base_url=world, trust_env=False) as street:
        messages = (await street.get("/arrived", params={"phone": phone})).json()
    session = await nobody.one(BY_SMS, phone=phone, code=messages[-1]["code"])
    assert "accessToken" in session, session
    resident = Person(client, session["accessToken"])
    yes = "mutation ($version: Int!) { giveConsent(input: {purpose: SERVICE, version: $version}) { __typename } }"
    assert await resident.one(yes, version=VERSIONS["SERVICE"])
    assert await resident.one("mutation { declareAge(input: {band: ADULT}) { __typename } }")
    return resident


async def stumble(city: City, client: httpx.AsyncClient, resident: Person, url: str, token: str) -> None:
    """Everything that can be said amiss, each time with something personal in it."""
    await resident.sends(f'mutation {{ askQuestion(input: {{body: "{BODY}"')
    await resident.sends(f'{{ nothing(about: "{BODY}") }}')
    await resident.sends(ASK, input=question(BODY) | {"categoryId": BODY, "divisionCode": 13812345678})
    await resident.sends(f'query ($a: Int = "{BODY}") {{ node(id: "{BODY}") {{ id }} }}', a="13812345678")
    await client.post("/graphql", content=f'{{"query": "{BODY}'.encode())
    await client.get("/graphql", params={"query": f'{{ node(id: "{BODY}") {{ id }} }}'})
    await client.get(f"/{BODY}", headers={"Authorization": f"Bearer {token}"})
    async with socket(url, token) as connection:
        await receive(connection)
        await send(connection, type="subscribe", id="1", payload={"query": NEWS})
        await receive(connection)
        await send(connection, type="subscribe", id="2", payload={"query": f'{{ a(b: "{BODY}")'})
        await receive(connection)
        await connection.send(f'{{"type": "{BODY}')
    # A right that is missing is as unexpected as can be: the id in the log is all that is said of it.
    await city.sql("REVOKE INSERT ON app.question FROM app_api")
    failed = await resident.sends(ASK, input=question(BODY))
    await city.sql("GRANT INSERT ON app.question TO app_api")
    assert failed["errors"][0]["extensions"]["code"] == "INTERNAL"


async def until_done(city: City) -> None:
    """What a worker did not do in time is handed over again after a while."""
    async with asyncio.timeout(180):
        while await city.sql("SELECT 1 FROM app.outbox WHERE done_at IS NULL AND due_at <= app.clock()"):
            await asyncio.sleep(0.1)
