"""Access tokens: what is ours is believed until its end, and nothing else ever is."""

import base64
import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.accounts.rules.tokens import AccessToken, Expired, open_token, read_token, sign
from app.core.access import Role, Viewer
from app.core.ids import new_id

NOON = datetime(2026, 1, 5, 12, 0, 0, 600_000, tzinfo=UTC)
END = datetime(2026, 1, 5, 12, 15, tzinfo=UTC)
KEYS = {"sig-1": os.urandom(32), "sig-2": os.urandom(32)}
LI = Viewer(new_id(), new_id(), frozenset({Role.RESIDENT, Role.LAWYER}))


def claims(**changed: Any) -> dict[str, Any]:
    said = {"sub": str(LI.id), "sid": str(LI.sign_in), "roles": ["LAWYER", "RESIDENT"]}
    return said | {"iat": int(NOON.timestamp()), "exp": int(END.timestamp())} | changed


def forged(said: dict[str, Any], key: bytes = KEYS["sig-1"], algorithm: str = "HS256", **header: Any) -> str:
    return jwt.encode(said, key, algorithm, headers={"kid": "sig-1"} | header)


def test_a_token_says_who_and_until_when() -> None:
    token = sign(KEYS, LI, NOON, END)
    assert open_token(KEYS, token, NOON) == AccessToken(LI, END)
    assert read_token(KEYS, token, NOON) == LI
    assert jwt.decode(token, options={"verify_signature": False}) == claims()
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT", "kid": "sig-1"}


def test_it_ends_on_the_second() -> None:
    token = sign(KEYS, LI, NOON, END)
    assert read_token(KEYS, token, END - timedelta(microseconds=1)) == LI
    assert read_token(KEYS, token, END) == Expired(END)
    assert read_token(KEYS, token, END + timedelta(days=365)) == Expired(END)


def test_time_is_the_callers_and_not_the_machines() -> None:
    later = NOON + timedelta(days=3650)
    token = sign(KEYS, LI, later, later + timedelta(minutes=15))
    assert read_token(KEYS, token, later) == LI


def test_while_keys_change_both_are_believed() -> None:
    token = sign(KEYS, LI, NOON, END)
    turned = {"sig-2": KEYS["sig-2"], "sig-1": KEYS["sig-1"]}
    assert read_token(turned, token, NOON) == LI
    newer = sign(turned, LI, NOON, END)
    assert jwt.get_unverified_header(newer)["kid"] == "sig-2"
    assert read_token(KEYS, newer, NOON) == LI
    gone = {"sig-2": KEYS["sig-2"], "sig-3": os.urandom(32)}
    assert read_token(gone, token, NOON) is None


@pytest.mark.parametrize(
    "token",
    [
        forged(claims(), kid="sig-9"),
        forged(claims(), kid="sig-2"),
        forged(claims(), key=os.urandom(32)),
        forged(claims(), algorithm="HS512", key=KEYS["sig-1"] * 2),
        jwt.encode(claims(), KEYS["sig-1"], "HS256"),
        jwt.encode(claims(), "", "none", headers={"kid": "sig-1"}),
        forged(claims(roles=None)),
        forged(claims(roles=3)),
        forged(claims(sub="nobody")),
        forged(claims(sid="")),
        forged(claims(exp=10**30)),
        *(forged({name: value for name, value in claims().items() if name != left}) for left in claims()),
    ],
)
def test_what_we_did_not_sign_in_this_form_is_nothing(token: str) -> None:
    assert open_token(KEYS, token, NOON) is None


def test_no_changed_letter_is_overlooked() -> None:
    token = sign(KEYS, LI, NOON, END)
    head, body, mac = token.split(".")
    richer = base64.urlsafe_b64encode(json.dumps(claims(roles=["ADMIN"])).encode()).decode().rstrip("=")
    for changed in (
        f"{head}.{richer}.{mac}",
        f"{head}.{body}.",
        f"{head}.{body}",
        f"{token}.{mac}",
        f"{body}.{head}.{mac}",
    ):
        assert open_token(KEYS, changed, NOON) is None


def test_a_role_this_house_does_not_know_is_left_out() -> None:
    token = forged(claims(roles=["RESIDENT", "EMPEROR"]))
    assert read_token(KEYS, token, NOON) == Viewer(LI.id, LI.sign_in, frozenset({Role.RESIDENT}))


@settings(deadline=None)
@given(
    some.text(max_size=200) | some.sampled_from(["", ".", "..", "...", "a.b.c", "\x00", "\ud800", "é.é.é", "e30.e30."])
)
def test_whatever_is_sent_is_answered(token: str) -> None:
    assert open_token(KEYS, token, NOON) is None
    assert open_token(KEYS, "x" * 3000 + token, NOON) is None
