"""What the number of a lawyer's licence says.

17 digits, as the Ministry of Justice numbers licences: 1 for lawyers; the province (2) and city (2) of the firm, by
GB/T 2260; the year in which the holder first practised (4); full time, part time and so on (1); the gender (1), 0 for
a man and 1 for a woman; a serial number (6).
"""

import re
import unicodedata
from datetime import date
from typing import Final, NamedTuple

from app.directory.models import Gender, Pool
from app.places.rules import DIVISIONS

_NUMBER: Final = re.compile(r"1([1-8][0-9])[0-9]{2}((?:19|20)[0-9]{2})[1-9]([01])[0-9]{6}", re.ASCII)
_LONGEST: Final = 60
"""Of what is looked at: the digits may come in groups and in full width."""
HOME: Final = min(DIVISIONS, key=len)[:2]
"""The city's own province."""


class Licence(NamedTuple):
    number: str
    province: str
    """Two digits of GB/T 2260."""
    year: int
    gender: Gender


def licence_of(said: str) -> Licence | None:
    """The number in plain digits and what it says; None for what cannot be one."""
    if len(said) > _LONGEST:
        return None
    number = "".join(unicodedata.normalize("NFKC", said).split())
    found = _NUMBER.fullmatch(number)
    if found is None:
        return None
    province, year, gender = found.groups()
    return Licence(number, province, int(year), Gender.FEMALE if gender == "1" else Gender.MALE)


def practising_since(licence: Licence) -> date:
    """The number knows the year alone: counted from its end, nobody is said to have practised longer than she has."""
    return date(licence.year, 12, 31)


def pool_of(licence: Licence, division: str | None) -> Pool:
    """Local is whose firm is in a division of the city."""
    if division is not None:
        return Pool.LOCAL
    return Pool.PROVINCE if licence.province == HOME else Pool.NATION
