"""The one way the house says no.

A room declares its codes where it decides them; declaring the same name twice is an error at import, and the whole
table is served by the graph's `refusalCodes`.
"""

from dataclasses import dataclass
from enum import StrEnum
from string import Formatter


class Language(StrEnum):
    ZH = "zh-CN"
    EN = "en"


@dataclass(frozen=True)
class Code:
    """A stable name that clients act on, what it tells the asker in either language, and what to do about it."""

    name: str
    zh: str
    en: str
    remedy: str
    status: int | None = None
    """The HTTP status where this alone ends the request; None where it comes inside a response (200)."""
    close: int | None = None
    """The close code where this ends a live socket (graphql-transport-ws); None where the socket stays open."""

    def message(self, language: Language, values: dict[str, object]) -> str:
        return (self.en if language is Language.EN else self.zh).format(**values)


TABLE: dict[str, Code] = {}


def code(name: str, *, zh: str, en: str, remedy: str, status: int | None = None, close: int | None = None) -> Code:
    """Declare a code. Placeholders (`{limit}`) must be the same in both languages."""
    if name in TABLE:
        raise ValueError(f"the code {name} is declared twice")
    if _placeholders(zh) != _placeholders(en):
        raise ValueError(f"the messages of {name} speak of different things")
    return TABLE.setdefault(name, Code(name, zh, en, remedy, status, close))


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@dataclass(frozen=True)
class Reason:
    """Why, and by which field of the input (camelCase path, as the client wrote it) if by one."""

    code: Code
    field: str | None
    values: dict[str, object]


class Refused(Exception):
    """The request was understood and the answer is no; nothing was written."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(", ".join(reason.code.name for reason in reasons))
        self.reasons = reasons


def because(code: Code, field: str | None = None, **values: object) -> Reason:
    return Reason(code, field, values)


def refuse(code: Code, field: str | None = None, **values: object) -> Refused:
    """`raise refuse(SEATS_FULL)`."""
    return Refused(because(code, field, **values))


def refuse_if(reasons: list[Reason]) -> None:
    if reasons:
        raise Refused(*reasons)


NOT_FOUND = code(
    "NOT_FOUND",
    zh="没有找到，或您无权查看。",
    en="Not found, or not yours to see.",
    remedy="Check the id; what may not be seen is not found.",
)
BAD_ID = code("BAD_ID", zh="编号无效。", en="The id is not valid.", remedy="Use ids as the graph gave them.")
BAD_CURSOR = code("BAD_CURSOR", zh="游标无效。", en="The cursor is not valid.", remedy="Start again without a cursor.")
BAD_PAGE = code(
    "BAD_PAGE",
    zh="first 与 last 最多给一个，取值 0 到 {limit}。",
    en="Give at most one of first and last, from 0 to {limit}.",
    remedy="Send one of them within the limit.",
)
BLANK = code("BLANK", zh="此项不能为空。", en="This must not be empty.", remedy="Fill in the field.")
TOO_SHORT = code(
    "TOO_SHORT",
    zh="至少需要 {limit} 个字。",
    en="At least {limit} characters are needed.",
    remedy="Write more.",
)
TOO_LONG = code("TOO_LONG", zh="最多 {limit} 个字。", en="At most {limit} characters.", remedy="Shorten the text.")
BAD_TEXT = code(
    "BAD_TEXT",
    zh="文字中含有无法保存的字符。",
    en="The text holds characters that cannot be kept.",
    remedy="Remove NUL characters and broken surrogates.",
)
BAD_VALUE = code("BAD_VALUE", zh="取值无效。", en="The value is not valid.", remedy="Send one of the listed values.")
KEY_REUSED = code(
    "KEY_REUSED",
    zh="同一个幂等键已用于另一请求。",
    en="This idempotency key was used for a different request.",
    remedy="Make a new key for a new request; keep it for repeats of the same one.",
)
