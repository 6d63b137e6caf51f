"""What is told of an operation: what it was and what it cost; never what it said, nor who said it."""

from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from strawberry.schema.exceptions import CannotGetOperationTypeError
from structlog.testing import capture_logs

from app.core.errors import TABLE, Language
from app.graph.metrics import ERRORS, LATENCY, SUBSCRIPTIONS, Names, count_error
from app.graph.saved import saved
from app.schema import schema
from tests.city import ASK, City, question

pytestmark = pytest.mark.anyio

NOTICES = "subscription Mine { noticeUpdates { ... on NoticeUpdates { cursor unread } } }"


def told(lines: list[Any]) -> list[dict[str, Any]]:
    return [line for line in lines if line["event"] == "operation"]


def value(metric: Any, sample: str, **labels: str) -> float:
    """Of one series; 0 where there is none yet."""
    (family,) = metric.collect()
    return sum((s.value for s in family.samples if s.name == sample and labels.items() <= s.labels.items()), 0.0)


async def test_an_operation_is_one_line_without_content_or_person(city: City) -> None:
    asker = await city.resident()
    document = ASK.replace("mutation (", "mutation AskOnce (")
    with capture_logs() as lines, city.statements() as sent:
        made = await city.run(asker, document, input=question("邻居借钱不还，只有聊天记录"))
    (line,) = told(lines)
    assert (line["operation"], line["type"], line["log_level"]) == ("AskOnce", "mutation", "info")
    assert line["document"] == sha256(document.encode()).hexdigest()[:16]
    assert line["roles"] == ["RESIDENT"]
    assert line["statements"] == len(sent) > 3
    assert 0 < line["ms"] < 10_000
    assert line["codes"] == []
    assert line.keys() == {
        *("event", "log_level", "operation", "type", "document", "roles", "cost", "statements", "ms", "codes")
    }
    said = str(lines)
    assert "邻居" not in said
    assert str(asker.id) not in said
    assert made["askQuestion"]["id"] not in said
    assert "127.0.0.1" not in said


async def test_loaders_statements_are_the_operations_own_also_side_by_side(city: City) -> None:
    lawyer = await city.lawyer()
    for _ in range(3):
        await city.asked(await city.resident())
    await city.settle()
    document = "query Mine { offers(first: 10) { nodes { id brief category { name } } } }"
    with city.statements() as sent:
        await city.run(lawyer, document)
    with capture_logs() as lines:
        await city.run(lawyer, document)
        await city.run(None, "query Nobodys { specialties { name } }")
        await city.run(lawyer, document)
    first, between, last = told(lines)
    assert first["statements"] == last["statements"] == len(sent)
    assert between["statements"] < len(sent)
    assert between["roles"] == []


async def test_refusals_and_errors_are_told_by_code(city: City) -> None:
    asker, before = await city.resident(), value(ERRORS, "graphql_errors_total", code="BLANK")
    with capture_logs() as lines:
        refused = await city.one(asker, ASK, input=question("  "))
        await city.errors(None, "{ questions(first: 1) { nodes { id } } }")
        await city.errors(asker, "{ nothingLikeIt }")
        await city.errors(asker, "{ broken")
    assert refused["__typename"] == "Refused"
    blank, denied, unknown, broken = [line["codes"] for line in told(lines)]
    assert "BLANK" in blank
    assert denied
    assert unknown == broken == ["BAD_DOCUMENT"]
    assert {code for line in told(lines) for code in line["codes"]} <= TABLE.keys()
    assert value(ERRORS, "graphql_errors_total", code="BLANK") == before + 1


async def test_a_subscription_is_one_line_at_its_end(city: City) -> None:
    resident, before = await city.resident(), value(SUBSCRIPTIONS, "graphql_subscriptions")
    with capture_logs() as lines:
        async with city.follow(resident, NOTICES) as frames:
            await anext(frames)
            assert value(SUBSCRIPTIONS, "graphql_subscriptions") == before + 1
            assert told(lines) == []
    (line,) = told(lines)
    assert (line["operation"], line["type"], line["frames"], line["codes"]) == ("Mine", "subscription", 1, [])
    assert line["statements"] > 0
    assert value(SUBSCRIPTIONS, "graphql_subscriptions") == before


async def test_a_subscription_that_is_refused_lives_not_on(city: City) -> None:
    before = value(SUBSCRIPTIONS, "graphql_subscriptions")
    with capture_logs() as lines:
        async with city.follow(None, NOTICES) as frames:
            assert (await anext(frames))[1]
    assert [line["type"] for line in told(lines)] == ["subscription"]
    assert told(lines)[0]["codes"]
    assert value(SUBSCRIPTIONS, "graphql_subscriptions") == before


async def test_an_unexpected_error_is_masked_with_an_id_that_is_in_the_log(city: City) -> None:
    asker = await city.resident()
    context = replace(city.context(asker, Language.EN), doors={})  # no keys: nothing can be sealed
    with capture_logs() as lines:
        result = await schema.execute(ASK, variable_values={"input": question("绝密的一句话")}, context_value=context)
    (error,) = result.errors or []
    (logged,) = [line for line in lines if line["event"] == "unexpected"]
    assert error.extensions == {"code": "INTERNAL", "id": logged["id"]}
    assert error.message.endswith(logged["id"])
    assert logged["kind"] == "KeyError"
    assert "KeyProvider" not in error.message + str(logged)
    assert "绝密" not in str(lines)
    assert told(lines)[0]["codes"] == ["INTERNAL"]


async def test_a_name_is_only_told_as_the_document_has_it(city: City) -> None:
    long = "N" * 80
    with capture_logs() as lines:
        await city.run(None, f"query {long} {{ specialties {{ name }} }}")
        for name in ("Missing", "13812345678 bodies"):
            with suppress(CannotGetOperationTypeError):
                await schema.execute(
                    "query There { specialties { name } }", operation_name=name, context_value=city.context(None)
                )
    first, *others = told(lines)
    assert first["operation"] == long[:64]
    assert {line["operation"] for line in others} <= {"", "There"}


async def test_latency_is_kept_by_operation_and_type(city: City) -> None:
    labels = {"operation": "Timed", "type": "query"}
    before = value(LATENCY, "graphql_operation_seconds_count", **labels)
    await city.run(None, "query Timed { specialties { name } }")
    assert value(LATENCY, "graphql_operation_seconds_count", **labels) == before + 1
    await city.errors(None, "query NeverHeardOf { nothing }")
    assert value(LATENCY, "graphql_operation_seconds_count", operation="NeverHeardOf") == 0


def test_who_sends_ever_new_names_gets_one_series() -> None:
    names = Names({"Home"}, limit=3)
    assert [names.of(name) for name in ("a", "b", "a", "c", "d", "Home", "b")] == [
        *("a", "b", "a", "c", "other", "Home", "b")
    ]
    assert names.of("e", new=False) == "other"
    assert "Home" in {one.name for one in saved()}


def test_a_code_that_nobody_declared_makes_no_series() -> None:
    count_error("Not a code of ours")
    assert value(ERRORS, "graphql_errors_total", code="Not a code of ours") == 0
    assert value(ERRORS, "graphql_errors_total", code="other") >= 1
