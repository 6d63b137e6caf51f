"""What people send when they sign in, looked at before any work is done for it."""

import re
import unicodedata
from collections.abc import Iterator
from ipaddress import IPv6Address, ip_address, ip_network

from app.core.errors import BAD_TEXT, BAD_VALUE, BLANK, TOO_LONG, Reason, because, code, refuse, refuse_if
from app.core.texts import unstorable

BAD_PHONE = code(
    "BAD_PHONE",
    zh="请输入中国大陆手机号码。",
    en="Please give a mobile number of mainland China.",
    remedy="Send eleven digits, with or without +86.",
)

_CODE = re.compile(r"[0-9A-Za-z]{12}")
DEVICE_MAX = 80
PHONE_MAX = 32
WECHAT_CODE_MAX = 512


def mobile(said: str) -> str | None:
    """The number in E.164 (`+8613800000000`), or None for what is no mobile number of the mainland."""
    import phonenumbers  # noqa: PLC0415 (58 modules and their patterns: 0.03 s)

    # The library would read letters as digits and an extension as a part of the number.
    if len(said) > PHONE_MAX or not re.fullmatch(r"\+?[0-9 ()-]+", unicodedata.normalize("NFKC", said).strip()):
        return None
    try:
        number = phonenumbers.parse(said, "CN")
    except phonenumbers.NumberParseException:
        return None
    mainland = phonenumbers.is_valid_number_for_region(number, "CN")
    kind, kinds = phonenumbers.number_type(number), phonenumbers.PhoneNumberType
    if not mainland or kind not in (kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def six_digits(said: str) -> str | None:
    """A code as it was sent, also when typed in full width or copied with blanks."""
    if len(said) > PHONE_MAX:
        return None
    plain = "".join(unicodedata.normalize("NFKC", said).split())
    return plain if re.fullmatch(r"[0-9]{6}", plain) else None


def against_device(said: str) -> Iterator[Reason]:
    """What the client calls itself; may be left empty."""
    if unstorable(said):
        yield because(BAD_TEXT, "device")
    elif len(said) > DEVICE_MAX:
        yield because(TOO_LONG, "device", limit=DEVICE_MAX)


def came_by_code(said: str | None) -> str | None:
    """The code of a channel, as far as it can be one; what cannot be loses nothing and is not kept."""
    plain = (said or "").strip()
    return plain if _CODE.fullmatch(plain) else None


def against_wechat_code(said: str) -> Iterator[Reason]:
    if unstorable(said):
        yield because(BAD_TEXT, "code")
    elif not said.strip():
        yield because(BLANK, "code")
    elif len(said) > WECHAT_CODE_MAX:
        yield because(TOO_LONG, "code", limit=WECHAT_CODE_MAX)
    elif not re.fullmatch(r"[!-~]+", said):
        yield because(BAD_VALUE, "code")


def telephone(said: str) -> str:
    """The number in E.164. Refuses BAD_PHONE."""
    phone = mobile(said)
    if phone is None:
        raise refuse(BAD_PHONE, "phone")
    return phone


def telephone_and_code(said_phone: str, said_code: str, device: str = "") -> tuple[str, str]:
    """The number in E.164 and the six digits. Refuses all that is wrong with any of the three at once."""
    phone, digits = mobile(said_phone), six_digits(said_code)
    reasons = list(against_device(device))
    if digits is None:
        reasons.insert(0, because(BAD_VALUE, "code"))
    if phone is None:
        reasons.insert(0, because(BAD_PHONE, "phone"))
    refuse_if(reasons)
    return str(phone), str(digits)


def counted_as(address: str) -> str:
    """What an address is counted under: IPv6 by its /64, which one subscriber has to himself (RFC 6177)."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
    return str(found)
