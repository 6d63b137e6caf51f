"""The two addresses of files, each good for one file, one person and a short while:

`POST|PUT|HEAD /uploads/TICKET` takes the bytes `createUpload` gave a ticket for; `GET|HEAD /files/LINK` gives them.
"""

from collections.abc import Mapping
from typing import Any

from starlette.routing import Route

from app.core.db import Database
from app.core.sealing import KeyProvider
from app.outside.clamd import Clamd
from app.outside.inspecting import Inspector
from app.outside.storage import Storage
from app.vault.routes.fetching import Fetching
from app.vault.routes.sending import Sending


def file_routes(db: Database, doors: Mapping[type[Any], Any], stall: float) -> list[Route]:
    """`stall`: seconds without a byte after which a sender is given up. Without a Clamd among the doors none is."""
    keys, storage = doors[KeyProvider], doors[Storage]
    sending = Sending(db, keys, storage, doors[Inspector], doors.get(Clamd), stall)
    fetching = Fetching(db, keys, storage)
    return [
        Route("/uploads/{ticket}", sending.post, methods=["POST"]),
        Route("/uploads/{ticket}", sending.put, methods=["PUT"]),
        Route("/uploads/{ticket}", sending.head, methods=["HEAD"]),
        Route("/files/{link}", fetching.get, methods=["GET", "HEAD"]),
    ]
