"""What the race says: who agrees with whom, who is faster, and where a target is missed."""

import json
from io import StringIO
from uuid import UUID

from rich.console import Console

from app.graph.ids import global_id
from scripts.bench.race.contestants import HOUSE, MERC, OPEN, PG
from scripts.bench.race.load import Taken
from scripts.bench.race.operations import MERCURIUS, OURS, POSTGRAPHILE, READS, WRITES, alike, only
from scripts.bench.race.report import ratio, stream_ratio, tables
from scripts.bench.race.rounds import Figures
from scripts.bench.race.streams import Heard

ID = UUID("01a22511-80b6-73cf-881a-42a239b81205")


def test_equal_answers_are_equal_however_they_are_said() -> None:
    ours = {"id": global_id("Question", ID), "askedAt": "2026-01-05T08:00:00+08:00", "content": {"text": "好"}}
    bare = {"askedAt": "2026-01-05T00:00:00.000Z", "text": "好", "id": str(ID)}
    assert alike({"nodes": [ours]}) == alike([bare])
    assert only(json.dumps({"data": {"question": ours}}).encode()) == only(json.dumps(bare).encode())
    assert alike(bare | {"text": "坏"}) != alike(ours)
    assert alike(bare | {"askedAt": "2026-01-05T00:00:01Z"}) != alike(ours)
    assert alike({"longitude": 112.4181272}) == alike({"coordinates": {"longitude": 112.41812725}})
    assert alike({"longitude": 112.4182}) != alike({"longitude": 112.4181})


def test_everybody_is_asked_everything() -> None:
    for documents in (OURS, MERCURIUS, POSTGRAPHILE):
        assert documents.keys() == {*READS, *WRITES}


def test_the_tables_say_what_is_missed() -> None:
    figures = Figures()
    for rate in (10, 30, 20):  # a machine that does other things too: the ratio holds
        for name, times in ((OPEN, 1.0), (HOUSE, 0.8), (PG, 2.0), (MERC, 0.5)):
            figures.turns["inbox"][name].append(Taken(1.0, [5.0] * int(rate * times), 100.0, 50.0))
    ways = {name: {"500, bursts": Heard(rate, 1.0, 2.0, 0)} for name, rate in ((HOUSE, 400.0), (MERC, 100.0))}
    figures.heard["public"] = ways
    figures.processes[HOUSE] = {"start": 2.0, "idle": 100.0, "socket": 61.0}
    assert ratio(figures, "inbox", OPEN, PG) == 0.5
    assert ratio(figures, "thread", OPEN, PG) is None
    assert stream_ratio(figures, "public", MERC) == 4.0
    said = StringIO()
    out = Console(width=140, file=said)
    for table in tables(figures, json.loads(json.dumps(figures, default=vars))):
        out.print(table)
    lines = [[cell.strip() for cell in line.split("│")[1:-1]] for line in said.getvalue().splitlines()]
    assert ["inbox", OPEN, PG, "0.50", "1.3", "missed"] in lines
    assert ["inbox", OPEN, MERC, "2.00", "1.1", ""] in lines
    assert ["inbox", HOUSE, OPEN, "0.80", "0.7", ""] in lines
    assert ["public stream", HOUSE, MERC, "4.00", "3.0", ""] in lines
    assert [HOUSE, "2.0", "100.0", "61.0", "missed: start, socket"] in lines
    assert any(line[:1] == ["inbox"] and "1.00" in line for line in lines)  # grown by nothing beside itself
