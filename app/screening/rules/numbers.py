"""Numbers by which a person can be reached or known, in the ways in which people write and hide them.

Works on folded text (no blanks, ASCII digits for full-width ones); Chinese digits and o for 0 are read as digits.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_DIGITS = str.maketrans("〇零○o一幺壹弌二两贰三叁四肆五伍六陆七柒八捌九玖", "0000" + "1111" + "222" + "33445566778899")
# Marks put between digits; commas and enumeration marks only where they cannot be a list of articles.
_MARK = r"[-‐-―_·•.*~/|#=+^]{0,2}"
_NO_UNIT = r"(?![\d.,]*(?:元|万|亿|块|%|人民币|平方|平米|公里|美元|港币))"
_MOBILE = re.compile(
    rf"(?<!\d)(?:\+?(?:00)?86{_MARK})?1{_MARK}[3-9](?:{_MARK}\d){{9}}(?!\d){_NO_UNIT}"
    rf"|(?<!\d)1(?:[、,]\d){{10}}(?![、,]?\d)"
    rf"|(?<!\d)1[3-9]\d[、,]\d{{4}}[、,]\d{{4}}(?!\d){_NO_UNIT}"
)
_LANDLINE = re.compile(rf"(?<!\d)\(?0(?:10|2\d|[3-9]\d\d)\)?{_MARK}[2-8](?:-?\d){{6,7}}(?!\d){_NO_UNIT}")
_SERVICE = re.compile(rf"(?<![\d.])[48]00{_MARK}\d{{3}}{_MARK}(?!0000)\d{{4}}(?!\d){_NO_UNIT}")
_TOLD = re.compile(
    rf"(?:电话|手机|座机|号码|致电|来电|联系方式|联系我|tel|phone|call)(?:号码|号|是|为|:|,|\(|一下|我){{0,3}}"
    rf"(?!(?:19|20)\d{{2}}(?:0[1-9]|1[0-2])[0-3]\d(?!\d))[2-9]\d{{6,7}}(?!\d){_NO_UNIT}"
)
_ACCOUNT = re.compile(
    rf"(?:(?<![a-z])qq|扣扣|企鹅|叩叩|球球|(?<![a-z])q[号群:])(?:号码|号|群|是|为|:|加|\+){{0,3}}\d{{5,12}}(?!\d){_NO_UNIT}"
    r"|(?:微信|(?<![a-z])(?:wx|vx|weixin|wechat|v信))(?:号码|号|id|同号|是|为|:|=|\+){0,3}(?:[a-z][-_a-z0-9]{5,19}|(?<=[号:=是为])\d{6,12})"
    r"|(?<![a-z0-9])wxid_\w+"
)
_LONG = re.compile(r"(?<![\da-z])\d(?:-?\d){14,18}x?(?![\da-z])")
_BORN = re.compile(r"[1-9]\d{5}(?:(?:18|19|20)\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx]")
_BORN_SHORT = re.compile(r"[1-9]\d{5}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")
_DOCUMENT = re.compile(r"(?<![a-z\d])[a-z]{1,2}\d{7,10}(?![a-z\d])")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-hj-np-z][·.-]?"
    r"(?=[a-hj-np-z]{0,3}\d)[a-hj-np-z\d]{4,5}[a-hj-np-z\d挂学警港澳领]"
)
_FEWEST = 6
# What every telephone number has, and most texts have not.
_SEVEN = re.compile(r"\d(?:[\W_]{0,3}\d){6}")


class Place(NamedTuple):
    """`text[start:end]` of the folded text."""

    start: int
    end: int


def digits(text: str) -> str:
    """The folded text with every kind of digit as an ASCII one, character for character."""
    return text.translate(_DIGITS)


def telephones(text: str) -> Iterator[Place]:
    """Mobile and landline numbers of a folded text (numbering plan of GB: 1[3-9] and nine digits; area code 0..)."""
    plain = digits(text)
    for pattern in (_MOBILE, _LANDLINE) if _SEVEN.search(plain) else ():
        for match in pattern.finditer(plain):
            # An o may stand for a nought, but not for most of a number.
            if sum(text[place] != "o" and plain[place].isdigit() for place in range(*match.span())) >= _FEWEST:
                yield Place(*match.span())


def accounts(text: str) -> Iterator[Place]:
    """Service numbers, local numbers after a word that announces them, and ids of WeChat and QQ."""
    plain = digits(text)
    called = ((_SERVICE, plain), (_TOLD, plain)) if _SEVEN.search(plain) else ()
    for pattern, view in (*called, (_ACCOUNT, text)):
        for match in pattern.finditer(view):
            yield Place(*match.span())


def identity_numbers(text: str) -> Iterator[Place]:
    """Numbers of 18 or 15 digits built like an identity card's (GB 11643-1999: region, birthday, order, check)."""
    for match in _LONG.finditer(text):
        bare = match[0].replace("-", "")
        if _BORN.fullmatch(bare) or _BORN_SHORT.fullmatch(bare):
            yield Place(*match.span())


def documents(text: str) -> Iterator[Place]:
    """Numbers built like a passport's or a travel permit's: a letter or two, and seven to ten digits."""
    for match in _DOCUMENT.finditer(text):
        yield Place(*match.span())


def plates(text: str) -> Iterator[Place]:
    """Number plates of vehicles (GA 36): a province, a letter, and five signs, or six of a car without fuel."""
    for match in _PLATE.finditer(text):
        yield Place(*match.span())


def bank_cards(text: str) -> Iterator[Place]:
    """Numbers of 16 to 19 digits, no identity card's, that are UnionPay's (62) or pass the check of ISO/IEC 7812-1."""
    for match in _LONG.finditer(text):
        bare = match[0].replace("-", "")
        built = bare.isdigit() and 16 <= len(bare) <= 19 and not _BORN.fullmatch(bare)
        if built and (bare.startswith("62") or _luhn(bare)):
            yield Place(*match.span())


def _luhn(number: str) -> bool:
    doubled = (int(char) * (1 + place % 2) for place, char in enumerate(reversed(number)))
    return sum(part // 10 + part % 10 for part in doubled) % 10 == 0
