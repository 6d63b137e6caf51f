"""What one document may ask for at most, and how it is told no."""

from dataclasses import dataclass
from typing import Any

from app.core.errors import Reason, because, code
from app.graph.measure import Measure

CHARACTERS = 15_000
TOKENS = 2_000
VALUES = 1_000
"""In the variables of one request."""


DOCUMENT_TOO_LONG = code(
    "DOCUMENT_TOO_LONG",
    zh="请求文档过长，最多 {limit} 个字符。",
    en="The document is too long: at most {limit} characters.",
    remedy="Ask for less in one document.",
    status=400,
)
TOO_MANY_TOKENS = code(
    "TOO_MANY_TOKENS",
    zh="请求文档过大，最多 {limit} 个词元。",
    en="The document has too many tokens: at most {limit}.",
    remedy="Ask for less in one document; send values as variables.",
    status=400,
)
TOO_MANY_VALUES = code(
    "TOO_MANY_VALUES",
    zh="变量中的值过多，最多 {limit} 个。",
    en="The variables hold too many values: at most {limit}.",
    remedy="Send them in several requests.",
    status=400,
)
TOO_DEEP = code(
    "TOO_DEEP",
    zh="请求嵌套过深，最多 {limit} 层。",
    en="The document nests too deeply: at most {limit} levels.",
    remedy="Ask for the deeper part by its id.",
    status=400,
)
TOO_MANY_ALIASES = code(
    "TOO_MANY_ALIASES",
    zh="别名过多，最多 {limit} 个。",
    en="Too many aliases: at most {limit}, fragments counted at each spread.",
    remedy="Ask in several documents.",
    status=400,
)
TOO_MANY_DIRECTIVES = code(
    "TOO_MANY_DIRECTIVES",
    zh="指令过多，最多 {limit} 个。",
    en="Too many directives: at most {limit}, fragments counted at each spread.",
    remedy="Ask in several documents.",
    status=400,
)
TOO_BROAD = code(
    "TOO_BROAD",
    zh="请求字段过多，最多 {limit} 个。",
    en="The document asks for too many fields: at most {limit}, fragments counted at each spread.",
    remedy="Ask in several documents; name each field once.",
    status=400,
)
TOO_COSTLY = code(
    "TOO_COSTLY",
    zh="请求开销为 {cost}，超过上限 {limit}。",
    en="The document costs {cost}, more than {limit}.",
    remedy="Ask for smaller pages or fewer nested lists.",
    status=400,
)
INTROSPECTION_OFF = code(
    "INTROSPECTION_OFF",
    zh="此处不提供架构查询。",
    en="The schema cannot be asked for here.",
    remedy="Read schema.graphql, or sign in as staff.",
    status=400,
)


@dataclass(frozen=True)
class Allowance:
    """What one document may ask for."""

    depth: int = 10
    aliases: int = 15
    directives: int = 50
    fields: int = 600
    cost: int = 1_000
    introspection: bool = False


RESIDENT = Allowance()
STAFF = Allowance(depth=15, cost=10_000, introspection=True)


def reasons(measure: Measure, allowance: Allowance) -> list[Reason]:
    """Every limit that the operation is beyond."""
    found = [
        because(limit, limit=most)
        for limit, is_, most in (
            (TOO_DEEP, measure.depth, allowance.depth),
            (TOO_MANY_ALIASES, measure.aliases, allowance.aliases),
            (TOO_MANY_DIRECTIVES, measure.directives, allowance.directives),
            (TOO_BROAD, measure.fields, allowance.fields),
        )
        if is_ > most
    ]
    if measure.crowded and not found:
        found.append(because(TOO_BROAD, limit=allowance.fields))
    if measure.cost > allowance.cost and not found:
        found.append(because(TOO_COSTLY, cost=measure.cost, limit=allowance.cost))
    if measure.introspects and not allowance.introspection:
        found.append(because(INTROSPECTION_OFF))
    return found


def count(variables: Any) -> int:
    """How many values there are, as far as VALUES and one more."""
    found, left = 0, [variables]
    while left and found <= VALUES:
        value = left.pop()
        inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else ()
        found += len(inner)
        left.extend(inner[: VALUES + 1])
    return found
