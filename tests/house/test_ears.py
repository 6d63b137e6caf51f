"""Whoever listens for leaks must hear them: otherwise silence proves nothing."""

import json
import logging
import sys
from pathlib import Path

import pytest
import structlog

from app.core.logs import Discreet
from scripts.children import Child
from tests.city import ASK, City, question
from tests.ears import EARS, Ears

BODY = "邻居借了我两万块钱，只有聊天记录，没有借条。"
ENGLISH = "My employer owes me three months of wages."


@pytest.mark.parametrize(
    "line",
    [
        f"body={BODY}",
        json.dumps({"event": "sent", "body": BODY}),
        str({"body": BODY.encode()}),
        json.dumps(json.dumps({"body": BODY})),
        "ValueError: 只有聊天记录",
        "ValueError: employer owes me three",
        "sent to 13812345678",
        "sent to +8613812345678.",
        "Authorization: Bearer eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIwMTkifQ.c2lnbmF0dXJl",
    ],
)
def test_a_line_that_repeats_is_heard(line: str) -> None:
    ears = Ears()
    ears.hear({"input": {"body": BODY, "more": [ENGLISH]}})
    ears.listen(line)
    assert len(ears.leaks) == 1
    with pytest.raises(AssertionError):
        ears.heard_nothing()


@pytest.mark.parametrize(
    "line",
    [
        '{"event": "operation", "document": "0a1381234567890f", "statements": 13, "ms": 12.3, "roles": ["RESIDENT"]}',
        '{"event": "unexpected", "id": "138123456789", "kind": "KeyError", "frames": ["app/main.py:12"]}',
        '{"event": "reaction_failed", "event_id": "01938123-4567-7138-8123-456713812345"}',
        "数据库无法连接",
    ],
)
def test_a_line_of_figures_is_not(line: str) -> None:
    ears = Ears()
    ears.hear([BODY, ENGLISH])
    ears.listen(line)
    ears.heard_nothing()


def test_what_stands_in_a_document_is_said_too() -> None:
    ears = Ears()
    ears.hear_document('{ suggestCategories(text: "房东不退押金怎么办") { id } }')
    ears.listen("text: 房东不退押金")
    assert ears.leaks


@pytest.mark.anyio
async def test_what_was_asked_in_the_graph_is_heard_wherever_it_is_logged(city: City, tmp_path: Path) -> None:
    """By structlog, by a library, and by a process of the house."""
    await city.run(await city.resident(), ASK, input=question("隔壁装修砸坏了我家的承重墙"))
    EARS.heard_nothing()
    structlog.get_logger("graph").info("asked", body="砸坏了我家的承重墙")
    assert caught()
    logging.getLogger("a.library").warning("隔壁装修砸坏了")
    assert caught()
    program = "import sys; print(sys.argv[1])"
    child = Child("api", [sys.executable, "-SEc", program, "隔壁装修砸坏"], tmp_path / "api.log", {}, tmp_path)
    child.start()
    assert child.process
    child.process.wait(10)
    child.stop()
    assert caught()
    EARS.heard_nothing()


def caught() -> list[str]:
    leaks, EARS.leaks = EARS.leaks, []
    return leaks


def test_libraries_are_quoted_without_what_was_put_into_their_words() -> None:
    try:
        raise ValueError(BODY)
    except ValueError:
        record = logging.LogRecord("lib", logging.ERROR, "lib.py", 1, "%s failed\n%s", (BODY, BODY), sys.exc_info())
    line = json.loads(Discreet().format(record))
    assert (line["event"], line["error"], line["level"]) == ("%s failed", "ValueError", "error")
    assert line["frames"]
    assert BODY not in str(line)
    taken = logging.LogRecord("uvicorn.error", logging.ERROR, "", 1, OSError(98, "Address already in use"), (), None)
    assert json.loads(Discreet().format(taken))["event"] == "Address already in use"
    quoting = logging.LogRecord("lib", logging.ERROR, "", 1, ValueError(BODY), (), None)
    assert json.loads(Discreet().format(quoting))["event"] == "ValueError"
