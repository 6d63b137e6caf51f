"""What may stand in the fields of a subscribe message, by the type in the field's name (`thing1`, `time2`).

https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html,
"订阅消息参数值内容限制说明". WeChat answers 47003 to what does not fit: looked at here, it is found before a person's
consent is spent on it.
"""

import re
from collections.abc import Mapping

_FIELD = re.compile(r"([a-z]+(?:_[a-z]+)*)[0-9]{1,3}")
_MOMENT = r"(?:[0-9]{4}[年/-][0-9]{1,2}[月/-][0-9]{1,2}日?)"
_TIME = r"(?:[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)"
_ALLOWED = {
    "thing": r"[^\n]{1,20}",
    "number": r"[0-9]{1,32}(?:\.[0-9]{1,31})?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "character_string": r"[\x21-\x7e]{1,32}",
    "time": rf"(?:{_MOMENT} ?)?{_TIME}(?:~(?:{_MOMENT} ?)?{_TIME})?|{_MOMENT}",
    "date": rf"{_MOMENT}(?: ?{_TIME})?(?:~{_MOMENT}(?: ?{_TIME})?)?",
    "amount": r"[¥$€￥]?[0-9]{1,10}(?:\.[0-9]{1,2})?元?",
    "phone_number": r"[0-9+\-() ]{1,17}",
    "car_number": r"[\u4e00-\u9fffA-Z0-9]{1,8}",
    "name": r"[\u4e00-\u9fff·]{1,10}|[A-Za-z .'\-]{1,20}",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
    "const": r"[^\n]{1,20}",
}
_RULES = {kind: re.compile(rule) for kind, rule in _ALLOWED.items()}


def misfits(words: Mapping[str, str]) -> list[str]:
    """The names of the fields whose words WeChat would not take."""
    return [name for name, value in words.items() if not _fits(name, value)]


def _fits(name: str, value: str) -> bool:
    kind = _FIELD.fullmatch(name)
    rule = kind and _RULES.get(kind[1])
    return bool(rule and value.strip() == value and rule.fullmatch(value))
