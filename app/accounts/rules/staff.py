"""What the staff sign in with: a name, and codes of an app (RFC 6238) or, when the telephone is lost, of a list."""

import base64
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import pyotp
from pydantic import BaseModel

from app.accounts.models import IdentityKind
from app.accounts.rules.said import mobile
from app.core.errors import BAD_VALUE, Reason, because, code
from app.core.texts import against_text

PERIOD: Final = 30
"""Seconds that a code of the app stands for."""
DRIFT: Final = 1
"""Steps by which a telephone's clock may be wrong, either way."""
ISSUER: Final = "公共法律服务"
RECOVERY_CODES: Final = 10
INVITED_FOR: Final = timedelta(hours=24)
NAME: Final = (1, 40)

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,31}")
_RECOVERY = re.compile(r"[a-z2-7]{16}")

LOGIN_TAKEN = code(
    "LOGIN_TAKEN",
    zh="该登录名已被使用。",
    en="This login name is somebody's already.",
    remedy="Choose another one.",
)
INVITATION_WRONG = code(
    "INVITATION_WRONG",
    zh="手机号或邀请码不正确，或邀请已失效。",
    en="The number or the code is not right, or the invitation is over.",
    remedy="Let the person type both again; after five wrong codes, or a day, an administrator has to invite her anew.",
)
TOTP_NOT_ON = code(
    "TOTP_NOT_ON",
    zh="动态验证码尚未启用，请先完成启用。",
    en="The second factor is not on yet.",
    remedy="Call confirmTotp with a code of the app; it signs in as well.",
)
TOTP_ON = code(
    "TOTP_ON",
    zh="动态验证码已启用，请直接登录。",
    en="The second factor is on already.",
    remedy="Call signInStaff.",
)


class Invitee(BaseModel):
    """To whom an invitation goes: sealed with it."""

    name: str
    phone: str
    """The last four digits."""


class Invited(BaseModel):
    """An invitation as it was asked for, for its repeats."""

    phone: str
    name: str
    roles: list[str]
    reason: str


def login_name(said: str) -> str | None:
    """As it is kept: 3 to 32 small letters, digits, '.', '_' or '-', a letter first. None for anything else."""
    name = unicodedata.normalize("NFKC", said[:64]).strip().casefold()
    return name if _LOGIN.fullmatch(name) else None


def known_as(said: str) -> tuple[IdentityKind, str] | None:
    """What somebody calls herself when she signs in: a telephone (E.164) or a login name."""
    if phone := mobile(said):
        return IdentityKind.SMS, phone
    name = login_name(said)
    return (IdentityKind.LOGIN, name) if name else None


def against_login(said: str) -> Iterator[Reason]:
    if login_name(said) is None:
        yield because(BAD_VALUE, "login")


def against_name(said: str) -> Iterator[Reason]:
    return against_text(said, "name", *NAME)


def new_secret() -> str:
    """160 bits, in base32."""
    return pyotp.random_base32()


def enrolment_uri(secret: str, login: str) -> str:
    """What authenticator apps read from a QR code (Key URI Format)."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def step_of(secret: str, digits: str, now: datetime) -> int | None:
    """Which step the code stands for, if for one of now, the one before or the one after."""
    here = int(now.timestamp()) // PERIOD
    generator = pyotp.TOTP(secret)
    for step in range(here - DRIFT, here + DRIFT + 1):
        if hmac.compare_digest(generator.generate_otp(step), digits):
            return step
    return None


def new_recovery_codes() -> list[str]:
    """80 bits each, as a person writes them down: xxxx-xxxx-xxxx-xxxx."""
    plain = [base64.b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES)]
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in plain]


def recovery_code(said: str) -> str | None:
    """As its digest is made: without blanks and dashes."""
    code = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", said[:64])).casefold()
    return code if _RECOVERY.fullmatch(code) else None
