"""Asking for a copy of what is kept, fetching it, and what it holds."""

import io
from collections import defaultdict
from json import loads
from typing import Any
from zipfile import ZipFile

import httpx

from app.core.access import Viewer
from app.core.ids import new_id
from tests.city import REFUSED, City
from tests.vault.sending import path

FIELDS = "id state progress at readyAt until url contents { kind count }"
WANT = f"""mutation ($key: String!) {{ exportMyData(input: {{idempotencyKey: $key}}) {{
  __typename ... on Export {{ {FIELDS} }} {REFUSED} }} }}"""
UPDATES = f"""query ($after: String) {{ exportUpdates(after: $after) {{
  __typename ... on ExportUpdates {{ export {{ {FIELDS} }} resync cursor serverTime }} {REFUSED} }} }}"""
FOLLOWS = UPDATES.replace("query", "subscription", 1)


async def want(city: City, who: Viewer, key: str | None = None) -> Any:
    return await city.one(who, WANT, key=key or str(new_id()))


async def newest(city: City, who: Viewer) -> Any:
    return (await city.one(who, UPDATES))["export"]


async def ready(city: City, who: Viewer) -> Any:
    """An export of hers that can be fetched."""
    made = await want(city, who)
    assert made["__typename"] == "Export", made
    await city.settle()
    found = await newest(city, who)
    assert (found["id"], found["state"], found["progress"]) == (made["id"], "READY", 1)
    return found


class Copy:
    """An archive as it came."""

    def __init__(self, data: bytes) -> None:
        self.zip = ZipFile(io.BytesIO(data))
        assert self.zip.testzip() is None
        self.names = self.zip.namelist()
        self.index = self.json("index.json")
        self.records: dict[str, list[Any]] = defaultdict(list)
        for part in self.index["parts"]:
            found = self.json(part["data"])
            assert len(found) == part["count"]
            self.records[part["kind"]] += found

    def json(self, name: str) -> Any:
        return loads(self.zip.read(name))

    def one(self, kind: str) -> Any:
        (record,) = self.records[kind]
        return record

    def pages(self) -> str:
        """Everything that people read."""
        return "".join(self.zip.read(name).decode() for name in self.names if name.endswith(".html"))

    def said(self) -> str:
        """Everything that is written in it."""
        return "".join(self.zip.read(name).decode() for name in self.names if name.endswith((".html", ".json")))


async def fetch(client: httpx.AsyncClient, url: str) -> Copy:
    answer = await client.get(path(url))
    assert answer.status_code == 200, answer.text
    return Copy(answer.content)


async def copied(city: City, client: httpx.AsyncClient, who: Viewer) -> Copy:
    return await fetch(client, (await ready(city, who))["url"])
