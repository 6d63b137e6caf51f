"""Pages put together are the list, from either end, whatever is equal in it."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import DateTime, Uuid, column, select, values

from app.core.errors import Refused
from app.core.ids import new_id
from app.core.keyset import MAX, UNSAID, encode, keyset, page
from app.graph.pages import connect
from tests.city import City

START = datetime(2026, 1, 1, tzinfo=UTC)
Item = tuple[datetime, UUID]

moments = st.integers(0, 3).map(lambda step: START + timedelta(microseconds=step))
within = st.integers(0, 24)
lists = st.lists(st.tuples(moments, st.uuids()), min_size=1, max_size=25, unique_by=lambda item: item[1])


async def ask(city: City, items: list[Item], newest_first: bool, **how: Any) -> Any:
    """A page of a list that the database holds for the length of one statement."""
    rows = values(column("at", DateTime(timezone=True)), column("id", Uuid), name="item").data(items)
    wanted = page(how.get("first"), how.get("after"), how.get("last"), how.get("before"))
    statement = keyset(select(rows.c.at, rows.c.id), wanted, rows.c.at, rows.c.id, newest_first=newest_first)
    async with city.db.acting("") as session:
        found = (await session.rows(statement)).all()
    return connect(wanted, found, lambda row: (row.at, row.id), lambda row: (row.at, row.id))


@pytest.mark.anyio
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=lists, size=st.integers(1, 7), newest_first=st.booleans())
async def test_pages_from_either_end_are_the_whole_list(
    city: City, items: list[Item], size: int, newest_first: bool
) -> None:
    whole = sorted(items, reverse=newest_first)

    forward: list[Item] = []
    after: str | None = None
    while True:
        found = await ask(city, items, newest_first, first=size, after=after)
        forward += found.nodes
        assert found.page_info.has_previous_page == (after is not None)
        assert found.page_info.has_next_page == (len(forward) < len(whole))
        if not found.page_info.has_next_page:
            break
        after = found.page_info.end_cursor
    assert forward == whole

    backward: list[Item] = []
    before: str | None = None
    while True:
        found = await ask(city, items, newest_first, last=size, before=before)
        backward = found.nodes + backward
        assert found.page_info.has_next_page == (before is not None)
        assert found.page_info.has_previous_page == (len(backward) < len(whole))
        if not found.page_info.has_previous_page:
            break
        before = found.page_info.start_cursor
    assert backward == whole


@pytest.mark.anyio
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=lists, ends=st.tuples(within, within), size=st.integers(1, 30), front=st.booleans())
async def test_two_cursors_cut_a_piece_out(
    city: City, items: list[Item], ends: tuple[int, int], size: int, front: bool
) -> None:
    whole = sorted(items, reverse=True)
    low, high = sorted(end % len(whole) for end in ends)
    between = whole[low + 1 : high]
    wanted = between[:size] if front else between[-size:]
    cut = {"after": encode(*whole[low]), "before": encode(*whole[high])}
    found = await ask(city, items, True, **cut, **({"first": size} if front else {"last": size}))
    assert found.nodes == wanted
    assert [edge.node for edge in found.edges()] == found.nodes
    assert [edge.cursor for edge in found.edges()] == [encode(*item) for item in wanted]


@pytest.mark.anyio
async def test_a_cursor_of_something_gone_still_holds_its_place(city: City) -> None:
    items = [(START + timedelta(seconds=second), new_id()) for second in range(6)]
    whole = sorted(items, reverse=True)
    found = await ask(city, [item for item in items if item != whole[2]], True, first=2, after=encode(*whole[2]))
    assert found.nodes == whole[3:5]


@pytest.mark.anyio
async def test_an_empty_list_is_one_empty_page(city: City) -> None:
    (only,) = items = [(START, new_id())]
    found = await ask(city, items, True, first=MAX, after=encode(*only))
    info = found.page_info
    assert (found.edges(), found.nodes, info.start_cursor, info.end_cursor) == ([], [], None, None)


def refusal(**how: Any) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refused:
        page(how.get("first"), how.get("after"), how.get("last"), how.get("before"))
    (reason,) = refused.value.reasons
    return reason.code.name, reason.field


@pytest.mark.parametrize(
    "how",
    [{"first": 101}, {"first": -1}, {"last": -1}, {"last": 101}, {"first": 5, "last": 5}, {"first": 0, "last": 0}],
)
def test_a_page_is_asked_for_from_one_end_and_is_no_longer_than_a_hundred(how: dict[str, int]) -> None:
    assert refusal(**how) == ("BAD_PAGE", "last" if "last" in how else "first")
    assert page(MAX, None).size == page(None, None, 100).size == 100


def test_whoever_names_no_end_begins_at_the_front() -> None:
    assert (page(None, None).size, page(None, None).backward) == (UNSAID, False)


@pytest.mark.anyio
@pytest.mark.parametrize("newest_first", [True, False])
async def test_no_rows_may_be_asked_for_and_the_page_says_whether_there_are_any(city: City, newest_first: bool) -> None:
    items = [(START + timedelta(seconds=second), new_id()) for second in range(3)]
    whole = sorted(items, reverse=newest_first)
    first, middle, last = (encode(*item) for item in whole)

    async def seen(**how: Any) -> tuple[bool, bool]:
        info = (found := await ask(city, items, newest_first, **how)).page_info
        assert (found.edges(), info.start_cursor, info.end_cursor) == ([], None, None)
        return info.has_previous_page, info.has_next_page

    assert await seen(first=0) == (False, True)
    assert await seen(first=0, after=middle) == (True, True)
    assert await seen(first=0, after=last) == (True, False)
    assert await seen(last=0) == (True, False)
    assert await seen(last=0, before=middle) == (True, True)
    assert await seen(last=0, before=first) == (False, True)


GOOD = encode(START, UUID(int=7))


def spelled(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "said",
    [
        "",
        "x",
        "é",
        GOOD + "=",
        GOOD[:-1],
        GOOD.replace(GOOD[3], "*", 1),
        spelled(f"{UUID(int=7).hex}2026-01-01T00:00:00"),
        spelled(f"{UUID(int=7).hex}2026-01-01 00:00:00+00:00"),
        spelled(f"{UUID(int=7).hex}99999-01-01T00:00:00+00:00"),
        spelled(f"{UUID(int=7).hex}1767225600"),
        spelled(f"{UUID(int=7)}2026-01-01T00:00:00+00:00"),
    ],
)
def test_a_cursor_of_another_making_is_refused(said: str) -> None:
    assert refusal(first=1, after=said) == ("BAD_CURSOR", "after")
    assert refusal(first=1, before=said) == ("BAD_CURSOR", "before")


def code_of(said: str) -> str | None:
    try:
        found = page(1, said).after
    except Refused as refused:
        return refused.reasons[0].code.name
    assert found
    assert encode(*found) == said
    return None


@given(st.text())
def test_junk_is_refused_or_by_chance_a_cursor(said: str) -> None:
    assert code_of(said) in (None, "BAD_CURSOR")


@given(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_a_cursor_comes_back_as_it_went(at: datetime, id: UUID) -> None:
    assert page(1, encode(at, id)).after == (at, id)


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])), st.uuids())
def test_so_does_one_of_words_and_one_of_numbers(words: str, id: UUID) -> None:
    assert page(1, encode(words, id), key=str).after == (words, id)
    assert page(1, encode(id.int % 1000, id), key=int).after == (id.int % 1000, id)


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**300])
def test_a_number_that_no_column_holds_is_no_cursor(number: int) -> None:
    with pytest.raises(Refused) as refused:
        page(1, encode(number, UUID(int=7)), key=int)
    assert refused.value.reasons[0].code.name == "BAD_CURSOR"
    most = 2**63 - 1
    assert page(1, encode(most, UUID(int=7)), key=int).after == (most, UUID(int=7))
