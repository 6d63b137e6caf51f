"""Verifies a receipt: `python -m scripts.verify_receipt FILE (--key BASE64 | --server URL)`.

FILE holds what the graph gave for `receipt { document signature keyId }`, as JSON: of a promise, or of an erasure. The
signature is checked; of a promise the chain of the log is computed anew, and the figures from it by the very rules that
the house goes by. Nothing is asked of a database. `--extends EARLIER` also proves that the log of an earlier receipt is
the beginning of this one. Exits 0 if all of it holds, 1 with the reason if not.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from app.consultation.rules import erasure
from app.consultation.rules.promise import Mark, Promise
from app.consultation.rules.receipt import (
    Document,
    Receipt,
    Unverified,
    against_extension,
    authentic,
    moment,
    read,
    verify,
)

KEYS = "{ receiptKeys { id publicKey } }"


def said(path: Path) -> Receipt:
    try:
        found = json.loads(path.read_text("utf-8"))
        receipt = Receipt(found["document"], found["signature"], found["keyId"])
    except OSError as error:
        raise Unverified(f"{path} cannot be read.") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unverified(f"{path} is not JSON with document, signature and keyId.") from error
    if not all(isinstance(part, str) for part in receipt):
        raise Unverified(f"{path} is not JSON with document, signature and keyId.")
    return receipt


def keys_of(server: str) -> list[str]:
    try:
        answer = httpx.post(f"{server.rstrip('/')}/graphql", json={"query": KEYS}, timeout=10)
        found: list[dict[str, Any]] = answer.raise_for_status().json()["data"]["receiptKeys"]
        return [key["publicKey"] for key in found]
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
        raise Unverified(f"{server} did not tell its keys.") from error


def figures(document: Document) -> Iterable[str]:
    kept, issued = document.promise(), moment(document.issued_at)
    yield f"question {document.question}, policy {document.policy}"
    yield f"log      {len(document.entries)} entries, head {document.head}"
    yield f"issued   {document.issued_at}"
    if kept is None:
        yield "promised nothing: the question was not sent"
        return
    yield f"asked    {kept.asked_at.isoformat()}"
    yield f"promised {document.promised} answers within {_seconds(timedelta(microseconds=document.within))}"
    for name, mark in (("first", kept.first), ("last", kept.last)):
        yield f"{name:8} {' '.join(_told(kept, mark, issued))}"
    yield f"pauses   {len(kept.pauses)}"


def destroyed(document: erasure.ErasureDocument) -> Iterable[str]:
    yield f"question {document.question}, erased {document.erased_at} ({document.why})"
    for what, how_many in document.destroyed.model_dump().items():
        yield f"{what:8} {how_many} destroyed"
    yield f"backups  hold nothing of it from {document.backups_until}"


def _told(kept: Promise, mark: Mark, issued: datetime) -> Iterable[str]:
    until = mark.until(issued)
    ran, wall, paused = kept.elapsed(until), until - kept.asked_at, kept.paused(until)
    yield "came after" if mark.reached_at else "had not come after"
    yield f"{_seconds(ran)} ({_seconds(wall)} on the wall, {_seconds(paused)} paused):"
    yield _verdict(mark, mark.missed(issued))


def _seconds(span: timedelta) -> str:
    return f"{span.total_seconds():.1f} s"


def _verdict(mark: Mark, missed: bool) -> str:
    if missed:
        return "LATE"
    if mark.reached_at:
        return "kept"
    return "the question was over before" if mark.stopped_at else "still within the time"


def _is_erasure(text: str) -> bool:
    try:
        return bool(json.loads(text)["receipt"] == "erasure/1")
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.verify_receipt", description="Verify a receipt.")
    parser.add_argument("file", type=Path, help="JSON with document, signature and keyId")
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("--key", action="append", help="a public key in base64; may be given again")
    whose.add_argument("--server", help="the address of a house, asked for its receiptKeys")
    parser.add_argument("--extends", type=Path, metavar="EARLIER", help="an earlier receipt of the same question")
    asked = parser.parse_args(arguments)
    try:
        keys = asked.key or keys_of(asked.server)
        told = list(_verified(authentic(said(asked.file), keys), keys, asked.extends))
    except Unverified as reason:
        print(f"NOT VERIFIED: {reason}")
        return 1
    print("\n".join(told))
    return 0


def _verified(text: str, keys: list[str], earlier: Path | None) -> Iterable[str]:
    if _is_erasure(text):
        if earlier:
            raise Unverified("An erasure extends nothing.")
        yield "VERIFIED: the signature is good and the document is whole."
        yield from destroyed(erasure.read(text))
        return
    document = read(text)
    yield "VERIFIED: the signature is good and the chain is whole."
    if earlier:
        if reason := against_extension(verify(said(earlier), keys), document):
            raise Unverified(reason)
        yield "The earlier receipt is its beginning."
    yield from figures(document)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
