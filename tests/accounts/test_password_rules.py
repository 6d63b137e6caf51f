"""Passwords, waits, and codes of an app or of a list."""

from datetime import UTC, datetime, timedelta

import anyio
import pyotp
import pytest

from app.accounts.actions.hashing import NOBODYS, fits, hashed
from app.accounts.models import IdentityKind
from app.accounts.rules.passwords import (
    COMMON,
    FORGOTTEN,
    FREE,
    LONGEST_WAIT,
    against_password,
    against_trying_again,
    wait_after,
)
from app.accounts.rules.staff import (
    enrolment_uri,
    known_as,
    login_name,
    new_recovery_codes,
    new_secret,
    recovery_code,
    step_of,
)

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def told(password: str, *names: str) -> list[str]:
    return [reason.code.name for reason in against_password(password, "password", *names)]


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("十一个字的密码够不够长", "TOO_SHORT"),
        ("字词句" * 43, "TOO_LONG"),
        ("一个含有空字符的密码\x00呀", "BAD_TEXT"),
        ("一个含有半个字符的密码\ud800", "BAD_TEXT"),
        ("PassWord1234", "PASSWORD_COMMON"),
        ("ｐａｓｓｗｏｒｄ１２３４", "PASSWORD_COMMON"),
        ("abababababab", "PASSWORD_COMMON"),
        ("Wang.Min的密码很长", "PASSWORD_COMMON"),
        ("我的13800000000呀", "PASSWORD_COMMON"),
    ],
)
def test_a_password_that_is_none(password: str, why: str) -> None:
    assert told(password, "wang.min", "13800000000") == [why]


def test_a_sentence_is_one_and_so_is_what_a_machine_made() -> None:
    for password in ("济源的春天来得早，桃花开了", "correct horse battery staple", "x9$Lq0-vT2!mZ"):
        assert told(password, "wang.min", "13800000000") == []


def test_the_list_names_what_length_would_let_through() -> None:
    assert len(COMMON) > 80
    assert all(len(one) >= 12 and one == one.casefold() for one in COMMON)


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    assert [wait_after(tries) for tries in range(FREE)] == [timedelta(0)] * FREE
    grown = [wait_after(FREE + more).total_seconds() for more in range(6)]
    assert grown == [30, 60, 120, 240, 480, 900]
    assert wait_after(10**9) == LONGEST_WAIT


def test_who_waited_may_try_and_a_day_forgets() -> None:
    def waits(tries: int, ago: timedelta) -> list[object]:
        return [reason.values.get("seconds") for reason in against_trying_again(tries, NOON - ago, NOON)]

    assert waits(4, timedelta(0)) == []
    assert waits(5, timedelta(seconds=10)) == [20]
    assert waits(5, timedelta(seconds=30)) == []
    assert waits(99, timedelta(minutes=14)) == [60]
    assert waits(99, FORGOTTEN) == []


def test_a_code_is_good_for_a_step_before_and_after() -> None:
    """The secret and codes of RFC 6238, appendix B, as six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    at = datetime.fromtimestamp(1111111109, UTC)
    step = 1111111109 // 30
    assert step_of(secret, "081804", at) == step
    assert step_of(secret, "081804", at + timedelta(seconds=30)) == step
    assert step_of(secret, "081804", at - timedelta(seconds=30)) == step
    assert step_of(secret, "081804", at + timedelta(seconds=61)) is None
    assert step_of(secret, "081805", at) is None


def test_the_app_reads_what_the_house_wrote() -> None:
    secret = new_secret()
    read = pyotp.parse_uri(enrolment_uri(secret, "wang.min"))
    assert isinstance(read, pyotp.TOTP)
    assert (read.secret, read.name, read.issuer) == (secret, "wang.min", "公共法律服务")
    assert step_of(secret, read.at(NOON), NOON) is not None


def test_a_recovery_code_may_be_typed_as_people_type() -> None:
    codes = new_recovery_codes()
    assert len({*codes}) == 10
    plain = codes[0].replace("-", "")
    assert recovery_code(codes[0]) == recovery_code(f" {plain.upper()} ") == plain
    for wrong in ("", "123456", plain + "a", plain[:-1] + "1", "字" * 16):
        assert recovery_code(wrong) is None


def test_what_somebody_calls_herself() -> None:
    assert known_as("138 0000 0000") == (IdentityKind.SMS, "+8613800000000")
    assert known_as(" Wang.Min ") == (IdentityKind.LOGIN, "wang.min")
    for wrong in ("", "ab", "1abc", "王敏", "a" * 33, "wang min", "wang\x00min", "wang\ud800"):
        assert known_as(wrong) is None
        assert login_name(wrong) is None


@pytest.mark.anyio
async def test_whoever_does_not_exist_costs_the_same() -> None:
    """The same parameters, so the same work; and no password at all is hers."""
    made = await hashed("济源的春天来得早，桃花开了")
    assert made.split("$")[:4] == NOBODYS.split("$")[:4] == ["", "argon2id", "v=19", "m=65536,t=3,p=4"]
    assert await fits(made, "济源的春天来得早，桃花开了")
    assert not await fits(made, "济源的春天来得早，桃花谢了")
    for password in ("nobody has this password", "", "\x00", "\ud800", "字" * 10_000):
        assert not await fits(None, password)
        assert not await fits(made, password)


@pytest.mark.anyio
async def test_many_at_once_are_hashed_two_by_two() -> None:
    done: list[bool] = []

    async def one() -> None:
        done.append(await fits(None, "guess"))

    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(one)
    assert done == [False] * 8
