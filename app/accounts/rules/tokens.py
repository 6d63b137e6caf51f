"""Access tokens: who is asking, signed by us, good for a quarter of an hour, or until the device is signed out.

JSON Web Tokens (RFC 7519) signed with HMAC-SHA256. Two keys live at all times, named by `kid`: the first signs, both
verify, so that a change of keys signs nobody out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

import jwt
from jwt.types import Options

from app.core.access import SESSION_ENDED, Role, Viewer
from app.core.errors import Reason, because, code
from app.core.idempotency import BAD_KEY

ACCESS_LIFE = timedelta(minutes=15)
REFRESH_LIFE = timedelta(days=30)
LONGEST = 2048
"""Characters; what is longer is not even parsed."""
REMEMBERED = 2_000
"""Tokens of this process whose signature was looked at, some 2 MB of them at most."""

_CLAIMS = ["sub", "sid", "roles", "iat", "exp"]
_HOW = Options(require=_CLAIMS, verify_exp=False, verify_iat=False, verify_nbf=False)  # the clock is the caller's
_REFRESH = re.compile(r"[A-Za-z0-9_-]{43}")  # 256 bits
_ATTEMPT = re.compile(r"[A-Za-z0-9_-]{8,64}")

TOKEN_INVALID = code(
    "TOKEN_INVALID",
    zh="访问令牌无效。",
    en="The access token is not valid.",
    remedy="Send the token that the last sign-in or refreshSession gave.",
)
TOKEN_EXPIRED = code(
    "TOKEN_EXPIRED",
    zh="访问令牌已过期。",
    en="The access token has expired.",
    remedy="Call refreshSession and send the new token.",
)


@dataclass(frozen=True)
class AccessToken:
    """What a valid token says."""

    viewer: Viewer
    expires_at: datetime


@dataclass(frozen=True)
class Expired:
    """A token of ours whose time is over."""

    at: datetime


def sign(keys: Mapping[str, bytes], viewer: Viewer, now: datetime, expires_at: datetime) -> str:
    """A token under the first of `keys`; `expires_at` counts in whole seconds."""
    kid, key = next(iter(keys.items()))
    claims = {
        "sub": str(viewer.id),
        "sid": str(viewer.sign_in),
        "roles": sorted(viewer.roles),
        "iat": int(now.timestamp()),
        "exp": int(expires_at.timestamp()),
    }
    return jwt.encode(claims, key, algorithm="HS256", headers={"kid": kid})


def open_token(keys: Mapping[str, bytes], token: str, now: datetime) -> AccessToken | Expired | None:
    """What the token says, when it ended if it has, or None for what neither of `keys` signed."""
    if len(token) > LONGEST or not token.isascii():
        return None
    try:
        said = _verified(tuple(keys.items()), token)
    except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError, OverflowError):
        return None
    return said if now < said.expires_at else Expired(said.expires_at)


@lru_cache(maxsize=REMEMBERED)
def _verified(keys: tuple[tuple[str, bytes], ...], token: str) -> AccessToken:
    """Whenever it was good: clients send the same one with each request. What nobody signed is not remembered."""
    kid = jwt.get_unverified_header(token).get("kid")
    key = dict(keys).get(kid) if isinstance(kid, str) else None
    if key is None:
        raise jwt.InvalidSignatureError
    claims = jwt.decode(token, key, algorithms=["HS256"], options=_HOW)
    roles = frozenset(Role(role) for role in claims["roles"] if role in Role.__members__)
    viewer = Viewer(UUID(claims["sub"]), UUID(claims["sid"]), roles)
    return AccessToken(viewer, datetime.fromtimestamp(claims["exp"], UTC))


def read_token(keys: Mapping[str, bytes], token: str, now: datetime) -> Viewer | Expired | None:
    """Whose token it is, for those who need nothing else of it."""
    found = open_token(keys, token, now)
    return found.viewer if isinstance(found, AccessToken) else found


def against_refreshing(token: str, attempt: str | None) -> Iterator[Reason]:
    """What this house never wrote is not looked for."""
    if not _REFRESH.fullmatch(token):
        yield because(SESSION_ENDED, "refreshToken")
    if attempt is not None and not _ATTEMPT.fullmatch(attempt):
        yield because(BAD_KEY, "idempotencyKey")
