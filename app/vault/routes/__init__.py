"""The addresses of files, each good for one file, one person and a short while:

`POST|PUT|HEAD /uploads/TICKET` takes the bytes `createUpload` gave a ticket for; `GET|HEAD /files/LINK` gives them.
`GET|HEAD /exports/LINK` gives a person the copy of all that is kept about her. `GET|HEAD /pictures/ID[/small]` are for
everybody.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.routing import Route

from app.core.db import Database
from app.core.portable import Part
from app.core.sealing import KeyProvider
from app.outside.clamd import Clamd
from app.outside.inspecting import Inspector
from app.outside.storage import Storage
from app.vault.routes.exporting import Exporting
from app.vault.routes.fetching import Fetching
from app.vault.routes.sending import Sending
from app.vault.routes.showing import Showing


def file_routes(db: Database, doors: Mapping[type[Any], Any], stall: float, parts: Sequence[Part]) -> list[Route]:
    """`stall`: seconds without a byte after which a sender is given up. `parts`: what goes into an export. Without a
    Clamd among the doors none is asked."""
    keys, storage = doors[KeyProvider], doors[Storage]
    sending = Sending(db, keys, storage, doors[Inspector], doors.get(Clamd), stall)
    fetching, showing = Fetching(db, keys, storage), Showing(db, keys, storage)
    return [
        Route("/uploads/{ticket}", sending.post, methods=["POST"]),
        Route("/uploads/{ticket}", sending.put, methods=["PUT"]),
        Route("/uploads/{ticket}", sending.head, methods=["HEAD"]),
        Route("/files/{link}", fetching.get, methods=["GET", "HEAD"]),
        Route("/pictures/{id:uuid}", showing.whole, methods=["GET", "HEAD"]),
        Route("/pictures/{id:uuid}/small", showing.small, methods=["GET", "HEAD"]),
        Route("/exports/{link}", Exporting(db, doors, parts).get, methods=["GET", "HEAD"]),
    ]
