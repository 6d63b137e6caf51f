"""Pure: links, ranges and what may be attached."""

from datetime import UTC, datetime

import pytest

from app.core.ids import new_id
from app.core.links import Link, Way, link_of
from app.outside.inspecting.kinds import Kind, known_as
from app.vault.rules.files import against_hoarding, against_ids, against_many
from app.vault.rules.ranges import Part, Sent, asked_for, sent

SECRET = b"a secret of thirty-two bytes....."
LINK = Link(Way.WHOLE, new_id(), new_id(), new_id(), datetime(2026, 11, 28, 9, 0, tzinfo=UTC))


def test_a_link_is_read_as_it_was_written() -> None:
    token = LINK.signed(SECRET)
    assert link_of(SECRET, token) == LINK
    assert token.replace("-", "").replace("_", "").isalnum()


def test_no_link_is_read_that_was_changed_by_a_single_character() -> None:
    token = LINK.signed(SECRET)
    for at in range(len(token)):
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        assert link_of(SECRET, changed) is None, at
    for wrong in ("", "x", token + "A", token[:-1], token + "=", token + "!", " " + token, token * 2, "é" * 20):
        assert link_of(SECRET, wrong) is None, wrong
    assert link_of(b"another secret", token) is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, Part(0, 100)),
        ("bytes=0-", Part(0, 100)),
        ("bytes=0-0", Part(0, 1)),
        ("bytes=99-", Part(99, 100)),
        ("bytes=10-1000", Part(10, 100)),
        ("bytes=-1", Part(99, 100)),
        ("bytes=-1000", Part(0, 100)),
        ("bytes=100-", None),
        ("bytes=-0", None),
        ("bytes=5-4", Part(0, 100)),
        ("bytes=0-1,3-4", Part(0, 100)),
        ("bytes=-", Part(0, 100)),
        ("items=0-1", Part(0, 100)),
        ("bytes=" + "9" * 40 + "-", Part(0, 100)),
    ],
)
def test_which_bytes_are_sent(header: str | None, expected: Part | None) -> None:
    assert asked_for(header, 100) == expected


def test_which_bytes_come() -> None:
    assert sent("bytes 0-9/100") == Sent(Part(0, 10), 100)
    assert sent("bytes */100") == Sent(None, 100)
    for wrong in (
        "",
        "bytes 0-9",
        "bytes 9-0/100",
        "bytes 0-100/100",
        "bytes 0-9/*",
        "items 0-9/100",
        "bytes -1-9/100",
    ):
        assert sent(wrong) is None, wrong


def test_how_much_hangs_on_one_thing() -> None:
    ids = [new_id() for _ in range(14)]
    assert against_ids(ids[:13], "f") == []
    assert [reason.code.name for reason in against_ids(ids, "f")] == ["TOO_MANY_FILES"]
    assert [reason.field for reason in against_ids([ids[0], ids[1], ids[0]], "f")] == ["f.2"]
    most = [Kind.PICTURE] * 9 + [Kind.DOCUMENT] * 3 + [Kind.VOICE]
    assert against_many(most, "f") == []
    for kind in Kind:
        assert against_many([*most, kind], "f") != []


def test_how_much_may_lie_about() -> None:
    assert against_hoarding([1] * 29, 1) == []
    assert against_hoarding([1] * 30, 1) != []
    assert against_hoarding([190_000_000], 10_000_000) == []
    assert against_hoarding([190_000_000], 10_000_001) != []


def test_types_go_by_one_name() -> None:
    assert known_as("Image/JPG; charset=x") == "image/jpeg"
    assert known_as("audio/x-m4a") == "audio/mp4"
    assert known_as("text/html") == "text/html"
