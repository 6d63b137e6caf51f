"""What a receipt proves to whoever holds it: the document, its chain, its signature, and the command for it."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from app.consultation.rules.promise import QuestionEventKind as K
from app.consultation.rules.receipt import (
    Logged,
    Receipt,
    Unverified,
    against_extension,
    chain,
    head,
    issue,
    public_key,
    read,
    seed,
    verify,
)
from scripts.verify_receipt import main
from tests.consultation.test_rules import POLICY

NINE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
QUESTION = UUID("11111111-2222-4333-8444-555555555555")
SECRET, OTHER = b"s" * 32, b"o" * 32
KEY = public_key(SECRET).key


def uuid(n: int) -> str:
    return str(UUID(int=n))


def entry(seconds: float, kind: K, **ids: Any) -> Logged:
    return Logged(kind, NINE + timedelta(seconds=seconds), ids)


LOG = [
    entry(0, K.QUESTION_ASKED),
    entry(0.25, K.WAVE_SENT, wave=0, offers=16),
    entry(30, K.SEAT_CLAIMED, seat=uuid(1)),
    entry(60, K.INFORMATION_WANTED, inquiry=uuid(7), lawyer=uuid(21)),
    entry(90, K.INFORMATION_GIVEN, inquiry=uuid(7)),
    entry(100, K.ANSWER_DELIVERED, answer=uuid(11), counts=1),
    entry(300, K.ANSWER_DELIVERED, answer=uuid(12), counts=1),
    entry(640, K.ANSWER_DELIVERED, answer=uuid(13), counts=0),
    entry(700, K.ANSWER_COUNTED, answer=uuid(13)),
]


def receipt(log: list[Logged] = LOG, secret: bytes = SECRET, now: datetime = NINE + timedelta(hours=1)) -> Receipt:
    return issue(secret, QUESTION, 2, POLICY, log, now)[1]


def signed(text: str, secret: bytes = SECRET) -> Receipt:
    """Whatever the house would be made to sign: the chain must hold even then."""
    signature = Ed25519PrivateKey.from_private_bytes(secret).sign(text.encode())
    return receipt(secret=secret)._replace(document=text, signature=base64.b64encode(signature).decode())


def test_a_receipt_is_verified_and_tells_the_promise() -> None:
    document = verify(receipt(), [KEY])
    kept = document.promise()
    assert kept
    assert kept.elapsed(NINE + timedelta(seconds=300)) == timedelta(seconds=270)
    assert kept.last.due_at == NINE + timedelta(seconds=630)
    assert kept.last.late
    assert document.entries[0].previous == sha256(str(QUESTION).encode()).hexdigest()
    assert bytes.fromhex(document.head) == head(QUESTION, chain(QUESTION, LOG))


def test_a_receipt_names_no_person_and_repeats_no_id() -> None:
    text = receipt().document
    for n in (1, 7, 11, 12, 13, 21):
        assert uuid(n) not in text
    document = read(text)
    assert [e.ids.get("answer") for e in document.entries[5:]] == ["answer-1", "answer-2", "answer-3", "answer-3"]
    assert document.entries[3].ids == {"inquiry": "inquiry-1", "lawyer": "lawyer-1"}
    assert document.entries[1].ids == {"wave": 0, "offers": 16}


def test_the_chain_grows_and_never_changes() -> None:
    whole = chain(QUESTION, LOG)
    for length in range(len(LOG) + 1):
        assert chain(QUESTION, LOG[:length]) == whole[:length]
    assert head(QUESTION, []) == seed(QUESTION)
    assert len({e.hash for e in whole}) == len(LOG)
    assert chain(UUID(int=5), LOG)[0].hash != whole[0].hash


def test_an_earlier_receipt_is_the_beginning_of_a_later_one() -> None:
    earlier, later = read(receipt(LOG[:4]).document), read(receipt().document)
    assert against_extension(earlier, later) is None
    assert against_extension(later, later) is None
    assert "only 4" in (against_extension(later, earlier) or "")
    rewritten = read(receipt([LOG[0], *LOG[2:]]).document)
    assert "Entry 2" in (against_extension(earlier, rewritten) or "")
    another = read(issue(SECRET, UUID(int=5), 2, POLICY, LOG, NINE)[1].document)
    assert "different questions" in (against_extension(earlier, another) or "")


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    """The document after a change, spelled as receipts are and signed by the house."""
    said = json.loads(receipt().document)
    change(said)
    return json.dumps(said, sort_keys=True, separators=(",", ":"))


def rechained(said: dict[str, Any], start: int) -> None:
    """Whoever changes an entry may also make the chain anew; then the head is another one."""
    previous = bytes.fromhex(said["entries"][start - 1]["hash"])
    for e in said["entries"][start:]:
        own = {name: e[name] for name in ("n", "kind", "at", "ids")}
        e["previous"] = previous.hex()
        previous = sha256(previous + json.dumps(own, sort_keys=True, separators=(",", ":")).encode()).digest()
        e["hash"] = previous.hex()


def swap(said: dict[str, Any]) -> None:
    said["entries"][1:3] = said["entries"][2:0:-1]


def rename(said: dict[str, Any]) -> None:
    said["entries"][5] |= {"at": said["entries"][4]["at"]}
    rechained(said, 5)


FORGERIES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "reordered": (swap, "Entry 2 does not follow"),
    "dropped from the middle": (lambda d: d["entries"].pop(4), "Entry 5 does not follow"),
    "dropped from the end": (lambda d: d["entries"].pop(), "head is not"),
    "dropped from the beginning": (lambda d: d["entries"].pop(0), "Entry 1 does not follow"),
    "added": (lambda d: d["entries"].append(d["entries"][-1]), "Entry 10 does not follow"),
    "another time": (lambda d: d["entries"][5].update(at="2026-01-05T09:00:01.000000Z"), "Entry 6 was changed"),
    "another kind": (lambda d: d["entries"][3].update(kind="WAVE_SENT"), "Entry 4 was changed"),
    "another number": (lambda d: d["entries"][7]["ids"].update(counts=1), "Entry 8 was changed"),
    "another id": (lambda d: d["entries"][7]["ids"].update(answer="answer-1"), "Entry 8 was changed"),
    "an id more": (lambda d: d["entries"][0]["ids"].update(wave=1), "Entry 1 was changed"),
    "another hash": (lambda d: d["entries"][2].update(hash="00" * 32), "Entry 3 was changed"),
    "another previous": (lambda d: d["entries"][2].update(previous="00" * 32), "Entry 3 does not follow"),
    "another n": (lambda d: d["entries"][2].update(n=4), "Entry 3 does not follow"),
    "another head": (lambda d: d.update(head="00" * 32), "head is not"),
    "another question": (lambda d: d.update(question=uuid(5)), "Entry 1 does not follow"),
    "chained anew, with the old head": (rename, "head is not"),
    "a field more": (lambda d: d.update(note="kept"), "not a receipt"),
    "a field less": (lambda d: d.pop("within"), "not a receipt"),
    "a text for a number": (lambda d: d.update(within="600"), "not a receipt"),
    "a fraction": (lambda d: d.update(within=600.5), "not a receipt"),
    "no number": (lambda d: d.update(within=float("nan")), "not a receipt"),
    "no answers promised": (lambda d: d.update(promised=0), "not a receipt"),
    "another kind of document": (lambda d: d.update(receipt="promise/2"), "not a receipt"),
    "no time of issue": (lambda d: d.update(issued_at="soon"), "A time in the document is none"),
    "another spelling of a time": (
        lambda d: d.update(issued_at="2026-1-5T10:00:00.000000Z"),
        "A time in the document is none",
    ),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_document_is_found_out_even_with_a_good_signature(forgery: str) -> None:
    change, reason = FORGERIES[forgery]
    with pytest.raises(Unverified, match=reason):
        verify(signed(changed(change)), [KEY])


def test_a_document_spelled_in_another_way_is_none() -> None:
    text = receipt().document
    twice = text.replace('"policy":2', '"policy":9,"policy":2')
    for spelling in (
        text + " ",
        text.replace(":", ": "),
        twice,
        json.dumps(json.loads(text), separators=(",", ":"))[:-1] + " }",
    ):
        with pytest.raises(Unverified, match="spelled"):
            verify(signed(spelling), [KEY])
    for half in (text[:-1], text[: len(text) // 2], "", "null", "[]", "NaN", '"x"', "{" * 5000):
        with pytest.raises(Unverified, match="not a receipt"):
            verify(signed(half), [KEY])


def test_a_question_that_was_not_sent_has_a_receipt_and_no_promise() -> None:
    blocked = [entry(0, K.QUESTION_BLOCKED)]
    assert verify(receipt(blocked), [KEY]).promise() is None
    assert verify(receipt([]), [KEY]).promise() is None
    assert verify(receipt([*blocked, entry(50, K.QUESTION_REVISED)]), [KEY]).promise() is not None


@given(st.data())
def test_any_character_that_is_changed_breaks_the_signature(data: st.DataObject) -> None:
    good = receipt()
    place = data.draw(st.integers(0, len(good.document) - 1))
    other = data.draw(st.characters(exclude_categories=["Cs"]).filter(lambda char: char != good.document[place]))
    forged = good._replace(document=good.document[:place] + other + good.document[place + 1 :])
    with pytest.raises(Unverified, match="signature"):
        verify(forged, [KEY])


@pytest.mark.parametrize("signature", ["", "AAAA", "%%%%", base64.b64encode(b"\0" * 64).decode(), "é", "\ud800"])
def test_a_signature_that_is_none(signature: str) -> None:
    with pytest.raises(Unverified, match="signature"):
        verify(receipt()._replace(signature=signature), [KEY])


def test_another_key_verifies_nothing() -> None:
    with pytest.raises(Unverified, match="another key"):
        verify(receipt(), [public_key(OTHER).key])
    with pytest.raises(Unverified, match="another key"):
        verify(receipt(secret=OTHER), [KEY])
    with pytest.raises(Unverified, match="signature"):
        verify(receipt(secret=OTHER)._replace(key_id=receipt().key_id), [KEY])
    with pytest.raises(Unverified, match="32 bytes"):
        verify(receipt(), ["AAAA"])
    assert verify(receipt(), [public_key(OTHER).key, KEY])


# The command. -----------------------------------------------------------------------------------------------------


def written(path: Path, good: Receipt) -> str:
    said = {"document": good.document, "signature": good.signature, "keyId": good.key_id}
    path.write_text(json.dumps(said, ensure_ascii=False))
    return str(path)


def test_the_command_tells_the_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now, before = written(tmp_path / "now", receipt()), written(tmp_path / "before", receipt(LOG[:3]))
    assert main([now, "--key", KEY, "--extends", before]) == 0
    told = capsys.readouterr().out
    assert "VERIFIED" in told
    assert "The earlier receipt is its beginning." in told
    assert "came after 70.0 s (100.0 s on the wall, 30.0 s paused): kept" in told
    assert "came after 670.0 s (700.0 s on the wall, 30.0 s paused): LATE" in told
    assert main([before, "--key", KEY]) == 0
    assert "LATE" in capsys.readouterr().out
    blocked = written(tmp_path / "blocked", receipt([entry(0, K.QUESTION_BLOCKED)]))
    assert main([blocked, "--key", KEY]) == 0
    assert "the question was not sent" in capsys.readouterr().out
    early = written(tmp_path / "early", receipt(LOG[:3], now=NINE + timedelta(seconds=40)))
    assert main([early, "--key", KEY]) == 0
    assert (
        "had not come after 40.0 s (40.0 s on the wall, 0.0 s paused): still within the time" in capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "is not JSON"),
        ('{"document": "x"', "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is not JSON"),
        ("{}", "is not JSON"),
        ("NaN", "is not JSON"),
        ('{"document": NaN, "signature": "", "keyId": ""}', "is not JSON"),
        ('{"document": "", "signature": "", "keyId": ""}', "another key"),
    ],
)
def test_the_command_says_why_not(tmp_path: Path, capsys: Any, content: str, reason: str) -> None:
    path = tmp_path / "receipt"
    path.write_text(content)
    assert main([str(path), "--key", KEY]) == 1
    told = capsys.readouterr().out
    assert told.startswith("NOT VERIFIED: ")
    assert reason in told


def test_the_command_refuses_what_is_no_beginning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now, other = written(tmp_path / "now", receipt()), written(tmp_path / "other", receipt([LOG[0], *LOG[2:]]))
    assert main([now, "--key", KEY, "--extends", other]) == 1
    assert "the log was rewritten" in capsys.readouterr().out
    assert main([now, "--key", public_key(OTHER).key]) == 1
    assert main([str(tmp_path / "missing"), "--key", KEY]) == 1
    assert main([now, "--server", "http://127.0.0.1:9"]) == 1
    assert "did not tell its keys" in capsys.readouterr().out


def test_the_command_needs_no_database(tmp_path: Path) -> None:
    """Whoever verifies has a file and a key, and no house."""
    file = written(tmp_path / "receipt", receipt())
    watched = (
        "import sys; from scripts.verify_receipt import main; code = main(sys.argv[1:]);"
        "sys.exit(code or bool({'sqlalchemy', 'asyncpg', 'sqlmodel', 'strawberry'} & sys.modules.keys()))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", watched, file, "--key", KEY], cwd=root, capture_output=True, check=False
    )
    assert done.returncode == 0, done
    assert done.stdout.startswith(b"VERIFIED")
