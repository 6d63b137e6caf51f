"""Where sealed files lie: a folder by default, or any store that speaks S3. What lies there is never plain.

obstore (https://developmentseed.org/obstore/) speaks to either. A name is `incoming/ID/NUMBER` or `kept/ID/WHAT`.
"""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import LocalStore, ObjectStore, S3Store

PIECE = 256 * 1024
"""Bytes that are asked for at once where much is read."""
PART = 5 * 1024 * 1024
"""Bytes of a part of a large object: S3 takes no smaller ones, and holds this many before it sends them."""

Missing = (NotFoundError, FileNotFoundError)
"""Raised for what does not lie there (any more): by a store, and by a folder."""


@dataclass(frozen=True)
class Address:
    """Where clients find the house, so that a link to a file can be whole; without a slash at its end."""

    url: str


class Storage:
    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @classmethod
    def folder(cls, path: Path) -> "Storage":
        """Readable by this account alone; written to a name aside and renamed, so that nobody meets half an object."""
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls(LocalStore(path.resolve(), automatic_cleanup=True))

    @classmethod
    def s3(cls, bucket: str, *, endpoint: str, region: str, key_id: str, secret: str, path_style: bool) -> "Storage":
        """Without an endpoint Amazon's own. `path_style`: the bucket stands in the path, not in the host's name."""
        where: dict[str, Any] = {"endpoint": endpoint} if endpoint else {}
        plain = endpoint.startswith("http://")
        return cls(
            S3Store(
                bucket,
                region=region,
                access_key_id=key_id,
                secret_access_key=secret,
                virtual_hosted_style_request=not path_style,
                client_options={"allow_http": plain, "timeout": "30s", "connect_timeout": "5s"},
                **where,
            )
        )

    @classmethod
    def at(cls, folder: Path, bucket: str, **s3: Any) -> "Storage":
        """A bucket where one is named, else a folder."""
        return cls.s3(bucket, **s3) if bucket else cls.folder(folder)

    async def put(self, name: str, sealed: AsyncIterator[bytes] | bytes) -> None:
        """The object appears whole or not at all."""
        await obstore.put_async(self._store, name, sealed, chunk_size=PART, max_concurrency=1)

    async def read(self, name: str, start: int, end: int) -> bytes:
        """Bytes from `start` to before `end`. Raises Missing."""
        return bytes(await obstore.get_range_async(self._store, name, start=start, end=end))

    async def stream(self, name: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The same, piece by piece as they come; beyond the end of the object there is nothing. Raises Missing."""
        wanted: Any = {"range": {"offset": start} if end is None else (start, end)}
        found = await obstore.get_async(self._store, name, options=wanted)
        async for piece in found.stream(min_chunk_size=PIECE):
            yield bytes(piece)

    async def names(self, prefix: str) -> list[str]:
        """All that lies below `prefix/`."""
        found: list[str] = []
        async for batch in obstore.list(self._store, f"{prefix}/"):
            found += [entry["path"] for entry in batch]
        return found

    async def remove(self, prefix: str) -> None:
        """Everything below `prefix/`; twice changes nothing."""
        if names := await self.names(prefix):
            try:
                await obstore.delete_async(self._store, names)
            except Missing:  # somebody else was faster with one of them
                for name in await self.names(prefix):
                    await self._remove_one(name)

    async def _remove_one(self, name: str) -> None:
        with suppress(*Missing):
            await obstore.delete_async(self._store, name)
