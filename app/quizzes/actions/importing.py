"""Questions from a spreadsheet: each row goes in for review, or its faults are told by row and column."""

import base64
import binascii
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel

from app.core import workbooks
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import Reason, Refused, because, refuse
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.sealing import KeyProvider, digest
from app.quizzes.actions.bank import add
from app.quizzes.reads.bank import known_stems
from app.quizzes.rules import sheets
from app.quizzes.rules.bank import Draft

UNPACKED: Final = 10_000_000
"""Bytes that a file may unpack to."""
LINES: Final = 2_000
"""Rows that are looked at, empty ones counted: a file may say that its next row is the millionth."""


@dataclass
class Sheet:
    """What stands in a file: questions by their rows, the title row being row 1, and all that is wrong."""

    drafts: list[tuple[int, Draft]] = field(default_factory=list)
    wrong: list[tuple[int, list[Reason]]] = field(default_factory=list)


def sheet_of(said: str) -> Sheet:
    """Of a file in base64; takes its time and needs no transaction. Refuses what is no such table."""
    if len(said) > sheets.BYTES * 4 // 3 + 4:
        raise refuse(sheets.BAD_SHEET, "file")
    try:
        packed = base64.b64decode(said, validate=True)
        return _read(packed)
    except (binascii.Error, ValueError, workbooks.NoWorkbook) as error:
        raise refuse(sheets.BAD_SHEET, "file") from error


def _read(packed: bytes) -> Sheet:
    found, titles = Sheet(), list[str]()
    first: dict[str, int] = {}
    for number, cells in enumerate(workbooks.rows(io.BytesIO(packed), UNPACKED, width=30), 1):
        if number == 1:
            named = sheets.titles(cells)
            if isinstance(named, Reason):
                raise Refused(named)
            titles = named
            continue
        said = {title: cell for title, cell in zip(titles, cells, strict=False) if title}
        if number > LINES or len(found.drafts) + len(found.wrong) > sheets.ROWS:
            raise refuse(sheets.SHEET_ROWS, "file", limit=sheets.ROWS)
        if all(cell in (None, "") for cell in said.values()):
            continue
        draft = sheets.read(said)
        if isinstance(draft, list):
            found.wrong.append((number, draft))
        elif (row := first.setdefault(draft.stem, number)) != number:
            found.wrong.append((number, [because(sheets.TWICE_IN_SHEET, "stem", row=row)]))
        else:
            found.drafts.append((number, draft))
    if not titles:
        raise refuse(sheets.BAD_SHEET, "file")
    if len(found.drafts) + len(found.wrong) > sheets.ROWS:
        raise refuse(sheets.SHEET_ROWS, "file", limit=sheets.ROWS)
    return found


class _Imported(BaseModel):
    digest: str
    dry_run: bool


@dataclass(frozen=True)
class Imported:
    """`rows`: what is wrong, or left out, by row. `added`: how many are in the bank now, or would be."""

    added: int
    rows: Sequence[tuple[int, list[Reason]]]


async def take_in(
    session: Session, viewer: Viewer, keys: KeyProvider, file: str, sheet: Sheet, dry_run: bool, key: str, now: datetime
) -> Imported:
    """All that is right of a file, in one transaction; the same request again adds nothing more."""
    secret = keys.secret("idempotency")
    said = _Imported(digest=digest(secret, file).hex(), dry_run=dry_run)
    again = not dry_run and await once(session, secret, key, said, "importQuizQuestions", new_id()) is not None
    # Of a repeat, what she wrote herself is what went in the first time.
    known = await known_stems(session, [draft.stem for _, draft in sheet.drafts], viewer.id if again else None)
    fresh: list[tuple[UUID, Draft]] = [(new_id(), draft) for _, draft in sheet.drafts if draft.stem not in known]
    left = [(n, [because(sheets.KNOWN_IN_BANK, "stem")]) for n, draft in sheet.drafts if draft.stem in known]
    added = len(fresh)
    if fresh and not (dry_run or again):
        added = await add(session, viewer, fresh, now)
    rows: list[Any] = [*sheet.wrong, *left]
    return Imported(added, sorted(rows, key=lambda one: int(one[0])))
