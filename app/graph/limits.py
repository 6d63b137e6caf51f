"""What one document may ask for at most, and how it is told no."""

from dataclasses import dataclass

from app.core.errors import Code, Reason, because, code
from app.graph.measure import Measure

CHARACTERS = 15_000
TOKENS = 2_000


def _limit(name: str, zh: str, en: str, remedy: str) -> Code:
    return code(name, zh=zh, en=en, remedy=remedy, status=400)


DOCUMENT_TOO_LONG = _limit(
    "DOCUMENT_TOO_LONG",
    "请求文档过长，最多 {limit} 个字符。",
    "The document is too long: at most {limit} characters.",
    "Ask for less in one document.",
)
TOO_MANY_TOKENS = _limit(
    "TOO_MANY_TOKENS",
    "请求文档过大，最多 {limit} 个词元。",
    "The document has too many tokens: at most {limit}.",
    "Ask for less in one document; send values as variables.",
)
TOO_DEEP = _limit(
    "TOO_DEEP",
    "请求嵌套过深，最多 {limit} 层。",
    "The document nests too deeply: at most {limit} levels.",
    "Ask for the deeper part by its id.",
)
TOO_MANY_ALIASES = _limit(
    "TOO_MANY_ALIASES",
    "别名过多，最多 {limit} 个。",
    "Too many aliases: at most {limit}, fragments counted at each spread.",
    "Ask in several documents.",
)
TOO_MANY_DIRECTIVES = _limit(
    "TOO_MANY_DIRECTIVES",
    "指令过多，最多 {limit} 个。",
    "Too many directives: at most {limit}, fragments counted at each spread.",
    "Ask in several documents.",
)
TOO_BROAD = _limit(
    "TOO_BROAD",
    "请求字段过多，最多 {limit} 个。",
    "The document asks for too many fields: at most {limit}, fragments counted at each spread.",
    "Ask in several documents; name each field once.",
)
TOO_COSTLY = _limit(
    "TOO_COSTLY",
    "请求开销为 {cost}，超过上限 {limit}。",
    "The document costs {cost}, more than {limit}.",
    "Ask for smaller pages or fewer nested lists.",
)
INTROSPECTION_OFF = _limit(
    "INTROSPECTION_OFF",
    "此处不提供架构查询。",
    "The schema cannot be asked for here.",
    "Read schema.graphql, or sign in as staff.",
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
        found.append(because(TOO_COSTLY, cost=min(measure.cost, 10**9), limit=allowance.cost))
    if measure.introspects and not allowance.introspection:
        found.append(because(INTROSPECTION_OFF))
    return found
