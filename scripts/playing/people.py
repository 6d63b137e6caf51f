"""Who lives in the demo city. All of it is invented and says so (示例); the same number is always the same person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from random import Random
from uuid import UUID, uuid5

from app.directory.models import Availability, Gender, Pool
from app.directory.rules.licence import HOME
from app.directory.rules.taxonomy import CATEGORIES, SPECIALTIES
from app.places.rules import DIVISIONS, DivisionKind

ADMIN_PHONE = "19999999999"
SUPERVISOR_PHONE = "19999999998"
EDITOR_PHONE = "19999999997"
# Provinces by the first two digits of GB/T 2260, without the city's own.
ELSEWHERE = [
    f"{code}"
    for code in chain(range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66))
    if f"{code}" != HOME
]
TOWNS = [code for code, one in DIVISIONS.items() if one.kind in (DivisionKind.TOWN, DivisionKind.SUBDISTRICT)]
# Of every ten lawyers one is local, two are of the province, seven of the country.
POOLS = (Pool.LOCAL, Pool.PROVINCE, Pool.PROVINCE, *[Pool.NATION] * 7)
A_FIRM = 4
"""Lawyers of one firm: few, since at most two of a firm sit on a question."""
NAMESPACE = UUID("0d9c4e0a-6a3f-5e0b-9d57-5f1a3c1b7e41")

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
_GIVEN = {
    Gender.FEMALE: ("静雅婷慧敏娜丽雪晓文思佳", "怡颖洁琳萍燕霞瑶宁欣云岚"),
    Gender.MALE: ("建志国海俊文宏振立子永明", "军强伟峰磊涛鹏辉杰斌林平"),
}
_FIRM_NAMES = ("清明衡信正德和中天同方博诚汇安泰", "源律平达远理言道鼎泽义权实盛宏朗")
_WANTED = {"contract": 4, "debt": 4, "labour": 4, "family": 4, "injury": 4, "land": 3, "criminal": 2, "other": 2}
"""How many lawyers practise a field, roughly as people ask; 1 where nothing is said."""


@dataclass(frozen=True)
class FirmSketch:
    id: UUID
    name: str
    division: str
    province: str


@dataclass(frozen=True)
class LawyerSketch:
    """What the directory keeps of a lawyer who does not exist."""

    phone: str
    firm: FirmSketch
    licence: str
    name: str
    pool: Pool
    specialties: list[str]
    divisions: list[str]
    languages: list[str]
    gender: Gender
    practising_since: date
    introduction: str
    availability: Availability


_OPENID = "oDemo"


def resident_phones(count: int) -> list[str]:
    """Numbers nobody was ever seen with: 199 0000 0000 and up. Demo mode sends nothing to any number."""
    return [f"{19900000000 + number}" for number in range(count)]


def lawyer_phone(number: int) -> str:
    return f"{19910000000 + number}"


def openid_of(phone: str) -> str:
    """Who she is to the fake WeChat, as long as its openids are."""
    return f"{_OPENID}{phone}".ljust(28, "_")


def phone_of(address: str) -> str:
    """Whose number or openid it is, as her number."""
    return address.removeprefix(_OPENID).rstrip("_")


def lawyers(count: int) -> list[LawyerSketch]:
    """The first `count` lawyers of the city; who was there before stays who she was."""
    return [_lawyer(number) for number in range(count)]


def _lawyer(number: int) -> LawyerSketch:
    chance = Random(number)
    pool = POOLS[number % len(POOLS)]
    firm = _firm(pool, _rank(pool, number) // A_FIRM)
    gender = chance.choice(list(Gender))
    first, second = _GIVEN[gender]
    since = date(chance.randint(1998, 2023), chance.randint(1, 12), chance.randint(1, 28))
    specialties = _some(chance, SPECIALTIES, chance.randint(1, 4))
    fields = "、".join(CATEGORIES[code].zh for code in specialties)
    return LawyerSketch(
        phone=lawyer_phone(number),
        firm=firm,
        licence=_licence(firm, since.year, gender, number),
        name=f"{chance.choice(_SURNAMES)}{chance.choice(first)}{chance.choice(second)}（示例）",
        pool=pool,
        specialties=specialties,
        divisions=sorted(chance.sample(TOWNS, min(chance.randint(1, 4), len(TOWNS)))) if pool is Pool.LOCAL else [],
        languages=_languages(chance, firm.province),
        gender=gender,
        practising_since=since,
        introduction=f"主要办理{fields}案件。示例人物，姓名、单位和证号均为虚构。",
        availability=Availability.ON_DUTY if number % 50 == 3 else Availability.AVAILABLE,
    )


def _rank(pool: Pool, number: int) -> int:
    """Which of the lawyers of her pool she is, 0 for the first."""
    rounds, place = divmod(number, len(POOLS))
    return rounds * POOLS.count(pool) + POOLS[:place].count(pool)


def _firm(pool: Pool, number: int) -> FirmSketch:
    # The reverse of _rank: a number no other firm has, of whatever pool.
    rounds, place = divmod(number, POOLS.count(pool))
    alone = rounds * len(POOLS) + POOLS.index(pool) + place
    front, back = _FIRM_NAMES
    words = front[alone % len(front)] + back[(alone // len(front) + alone) % len(back)]
    return FirmSketch(
        id=uuid5(NAMESPACE, f"{pool} {number}"),
        name=f"示例{words}律师事务所",
        division=TOWNS[number % min(5, len(TOWNS))] if pool is Pool.LOCAL else "",
        province=ELSEWHERE[number % len(ELSEWHERE)] if pool is Pool.NATION else HOME,
    )


def _licence(firm: FirmSketch, year: int, gender: Gender, number: int) -> str:
    """17 digits, as the Ministry of Justice numbers licences: 1 for lawyers, the place that issued it, the year,

    1 for full time, the gender, a serial number. Serials from 900000 on are ours.
    """
    place = f"{HOME}90" if firm.division else f"{firm.province}01"
    return f"1{place}{year}1{int(gender is Gender.FEMALE)}{900000 + number}"


def _some(chance: Random, codes: Sequence[str], count: int) -> list[str]:
    """Without repetition, the more wanted ones oftener (Efraimidis and Spirakis, 2006)."""
    keyed = sorted(codes, key=lambda code: chance.random() ** (1 / _WANTED.get(code, 1)), reverse=True)
    return sorted(keyed[:count], key=list(codes).index)


def _languages(chance: Random, province: str) -> list[str]:
    dialect = {"41": "河南话", "44": "粤语", "31": "上海话", "51": "四川话", "35": "闽南语"}.get(province)
    spoken = (("普通话", 1.0), (dialect, 0.7), ("英语", 0.1), ("手语", 0.02))
    return [name for name, share in spoken if name and chance.random() < share]


def firms_of(sketches: Sequence[LawyerSketch]) -> list[FirmSketch]:
    return list(dict.fromkeys(sketch.firm for sketch in sketches))
