"""Sending and fetching files as clients do: the graph for leave, then HTTP on a real port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.ids import uuid_of
from app.outside.inspecting.kinds import Kind
from app.outside.storage import Storage
from tests.city import REFUSED, City
from tests.sockets import served
from tests.vault import samples

CREATE = f"""mutation ($input: CreateUploadInput!) {{ createUpload(input: $input) {{
  __typename ... on UploadTicket {{ url expiresAt received file {{ id state contentType }} }} {REFUSED} }} }}"""
FILE = """query ($id: ID!) { file(id: $id) {
  id kind state bytes contentType duration width height url thumbnailUrl refusal refusalReason } }"""


def path(url: str) -> str:
    return urlsplit(url).path


@asynccontextmanager
async def house(city: City) -> AsyncIterator[httpx.AsyncClient]:
    """The city's API on a real port."""
    async with served(city) as url, httpx.AsyncClient(base_url=url[: -len("/graphql")], timeout=60) as client:
        yield client


async def asked(city: City, who: Viewer, kind: Kind, content_type: str, size: float, key: str | None = None) -> Any:
    said = {"kind": kind.value, "contentType": content_type, "bytes": size, "idempotencyKey": key or str(new_id())}
    return await city.one(who, CREATE, input=said)


@dataclass(frozen=True)
class Upload:
    id: str
    path: str
    data: bytes
    content_type: str

    @property
    def file(self) -> UUID:
        return uuid_of(self.id, "File")


async def begun(
    city: City, who: Viewer, data: bytes, content_type: str = "image/jpeg", kind: Kind = Kind.PICTURE
) -> Upload:
    made = await asked(city, who, kind, content_type, len(data))
    assert made["__typename"] == "UploadTicket", made
    return Upload(made["file"]["id"], path(made["url"]), data, content_type)


async def form(
    client: httpx.AsyncClient, upload: Upload, name: str = "tmp_1.jpg", field: str = "file"
) -> httpx.Response:
    return await client.post(upload.path, files={field: (name, upload.data, upload.content_type)}, data={"user": "x"})


async def put(client: httpx.AsyncClient, upload: Upload, start: int = 0, end: int | None = None) -> httpx.Response:
    """One part of it, by Content-Range."""
    total = len(upload.data)
    end = total if end is None else end
    headers = {"content-range": f"bytes {start}-{end - 1}/{total}"}
    return await client.put(upload.path, content=upload.data[start:end], headers=headers)


async def sent(
    city: City,
    client: httpx.AsyncClient,
    who: Viewer,
    data: bytes | None = None,
    content_type: str = "image/jpeg",
    kind: Kind = Kind.PICTURE,
) -> str:
    """The id of a file that is READY."""
    upload = await begun(city, who, samples.picture() if data is None else data, content_type, kind)
    answer = await form(client, upload)
    assert (answer.status_code, answer.json()["state"]) == (200, "READY"), answer.text
    return upload.id


async def shown(city: City, who: Viewer, id: str) -> Any:
    return await city.one(who, FILE, id=id)


async def stored(city: City) -> list[str]:
    """Names of all that lies in the store."""
    storage: Storage = city.doors[Storage]
    return [*await storage.names("incoming"), *await storage.names("kept")]


def codes_of(answer: httpx.Response) -> list[str]:
    return [reason["code"] for reason in answer.json()["reasons"]]
