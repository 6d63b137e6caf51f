"""The staff come in by invitation, and with two proofs of who they are."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.access import Role, Viewer
from app.core.db import NOBODY, Session
from app.core.ids import new_id
from app.outside.fakes.faults import Fault
from tests.accounts.hall import (
    BY_PASSWORD,
    CHANGE,
    PASSWORD,
    RESET_TOTP,
    WITHDRAW,
    accept,
    by_password,
    code_now,
    confirm,
    file_id,
    hire,
    invite,
    moves,
    persist,
    roles_in,
    set_roles,
    signs_in,
    suspend,
)
from tests.accounts.town import REFRESH, Town, new_phone, wrong
from tests.city import codes
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio


@pytest.fixture
async def admin(town: Town) -> Viewer:
    return await town.city.person(Role.ADMIN)


async def test_from_an_invitation_to_a_session_that_carries_the_office(town: Town, admin: Viewer) -> None:
    phone = new_phone()
    invited = await invite(town, admin, phone, "EDITOR")
    assert (invited["name"], invited["phoneEnding"], invited["roles"]) == ("王敏", phone[-4:], ["EDITOR"])
    offered = await accept(town, phone, town.newest_code(phone), "Wang.Min")
    assert offered["login"] == "wang.min"
    assert offered["secret"] in offered["uri"]
    assert offered["uri"].startswith("otpauth://totp/")
    early = await by_password(town, "wang.min", await code_now(town, offered["secret"]))
    assert codes(early) == ["TOTP_NOT_ON"]
    done = await confirm(town, "wang.min", await code_now(town, offered["secret"]))
    assert done["session"]["roles"] == ["EDITOR", "RESIDENT"]
    assert len(set(done["recoveryCodes"])) == 10
    viewer = await town.viewer(done["session"])
    (move,) = await moves(town.city, admin, viewer)
    assert (move["kind"], move["roles"], move["reason"]) == ("ROLES", ["EDITOR"], "司法局新聘人员")
    assert move["actor"] == {"id": file_id(admin)}
    again = await confirm(town, "wang.min", await code_now(town, offered["secret"]))
    assert codes(again) == ["TOTP_ON"]


async def test_name_or_telephone_and_each_code_once(town: Town, admin: Viewer) -> None:
    clerk = await hire(town, admin, "NOTARY")
    assert codes(await by_password(town, clerk.login, clerk.used)) == ["SIGN_IN_WRONG"], "the first session used it"
    await town.pass_time(seconds=30)
    for name in (clerk.login.upper(), clerk.phone):
        code = await code_now(town, clerk.secret)
        assert (await by_password(town, name, code))["roles"] == ["NOTARY", "RESIDENT"], name
        assert codes(await by_password(town, name, code)) == ["SIGN_IN_WRONG"], name
        await town.pass_time(seconds=30)
    for code in clerk.recovery[:2]:
        assert (await by_password(town, clerk.login, code.upper()))["__typename"] == "Session"
        assert codes(await by_password(town, clerk.login, code)) == ["SIGN_IN_WRONG"]


async def test_a_clock_may_be_half_a_minute_wrong_and_no_more(town: Town, admin: Viewer) -> None:
    clerk = await hire(town, admin, "NOTARY")
    await town.pass_time(minutes=5)
    early = await code_now(town, clerk.secret)
    await town.pass_time(seconds=30)
    assert (await by_password(town, clerk.login, early))["__typename"] == "Session"
    late = await code_now(town, clerk.secret)
    await town.pass_time(seconds=90)
    assert codes(await by_password(town, clerk.login, late)) == ["SIGN_IN_WRONG"]


async def test_an_sms_carries_no_office_and_a_refresh_neither(town: Town, admin: Viewer) -> None:
    clerk = await hire(town, admin, "SUPERVISOR")
    plain = await town.by_sms(clerk.phone)
    assert plain["roles"] == ["RESIDENT"]
    assert (await town.viewer(plain)).id == (await town.viewer(clerk.session)).id
    assert (await town.ask(None, REFRESH, token=plain["refreshToken"]))["roles"] == ["RESIDENT"]
    strong = await town.ask(None, REFRESH, token=clerk.session["refreshToken"])
    assert strong["roles"] == ["RESIDENT", "SUPERVISOR"]


async def test_fifty_who_accept_one_invitation_are_one(town: Town, admin: Viewer) -> None:
    phone = new_phone()
    await invite(town, admin, phone, "EDITOR")
    code = town.newest_code(phone)
    done = await asyncio.gather(*(accept(town, phone, code, f"clerk{number}") for number in range(50)))
    assert sorted(one["__typename"] for one in done) == ["Refused"] * 49 + ["TotpOffered"]
    assert {code for one in done for code in codes(one)} == {"INVITATION_WRONG"}
    assert await town.city.sql("SELECT count(*) FROM app.credential") == [(1,)]
    assert await town.city.sql("SELECT count(*) FROM app.person_move") == [(1,)]


async def test_fifty_with_one_code_are_one(town: Town, admin: Viewer) -> None:
    clerk = await hire(town, admin, "EDITOR")
    for code in (None, clerk.recovery[0]):
        await town.pass_time(hours=25)
        said = code or await code_now(town, clerk.secret)
        done = await asyncio.gather(*(by_password(town, clerk.login, said) for _ in range(50)))
        assert [one["__typename"] for one in done].count("Session") == 1
        assert {code for one in done for code in codes(one)} <= {"SIGN_IN_WRONG", "TRY_LATER"}


async def test_fifty_wrong_passwords_at_once_are_five_tries(town: Town, admin: Viewer) -> None:
    clerk = await hire(town, admin, "EDITOR")
    await town.pass_time(seconds=30)
    code = await code_now(town, clerk.secret)
    done = await asyncio.gather(*(by_password(town, clerk.login, code, f"错误的密码第{n}个来试试") for n in range(50)))
    told = [codes(one)[0] for one in done]
    assert (told.count("SIGN_IN_WRONG"), told.count("TRY_LATER")) == (5, 45)
    assert codes(await by_password(town, clerk.login, code)) == ["TRY_LATER"], "the right one waits too"


async def test_a_flood_of_passwords_keeps_its_caps_when_redis_is_wiped(town: Town, admin: Viewer) -> None:
    """An hour of trying, a try a second wherever one is let: a dozen are looked at, whatever becomes of Redis."""
    clerk = await hire(town, admin, "EDITOR")
    looked_at, waits = 0, []
    for number in range(12):
        refused = await by_password(town, clerk.login, "123456", f"又一个错误的密码{number}")
        if codes(refused) == ["SIGN_IN_WRONG"]:
            looked_at += 1
            await town.city.redis.flushdb()
            continue
        assert codes(refused) == ["TRY_LATER"]
        await town.city.redis.flushdb()
        (seconds,) = [int(word) for word in refused["reasons"][0]["message"].split() if word.isdigit()]
        waits.append(seconds)
        await town.pass_time(seconds=seconds)
    assert looked_at == 8
    assert [round(seconds / 30) for seconds in waits] == [1, 2, 4, 8]
    await town.pass_time(hours=1)
    assert (await signs_in(town, clerk))["__typename"] == "Session"
    wrongs = [await by_password(town, clerk.login, "123456") for _ in range(5)]
    assert [codes(one) for one in wrongs] == [["SIGN_IN_WRONG"]] * 5, "a success begins anew"


async def test_many_names_from_one_network_wait_as_well(town: Town) -> None:
    told = [codes(await by_password(town, f"nobody{number}", "123456")) for number in range(32)]
    assert told == [["SIGN_IN_WRONG"]] * 30 + [["TRY_LATER"]] * 2
    town.address = "198.51.100.9"
    assert codes(await town.ask(None, BY_PASSWORD, input=GUESS)) == ["SIGN_IN_WRONG"]


GUESS = {"login": "nobody99", "password": "不知道密码是什么呢", "code": "123456"}


async def test_whoever_does_not_exist_is_answered_alike(town: Town, admin: Viewer) -> None:
    """The same words after the same statements; the hash she is compared with costs the same (see the rules)."""
    clerk, resident = await hire(town, admin, "EDITOR"), new_phone()
    await town.by_sms(resident)
    seen: dict[int, list[tuple[list[str], int]]] = {}
    for name in (clerk.login, "no.such.clerk", resident):
        for number in range(6):
            with town.city.statements() as sent:
                told = await by_password(town, name, "123456", "这不是她的密码啊")
            seen.setdefault(number, []).append((codes(told), len(sent)))
    assert [told for told, _ in (tries[0] for tries in seen.values())] == [["SIGN_IN_WRONG"]] * 5 + [["TRY_LATER"]]
    for number, tries in seen.items():
        assert tries[0] == tries[1] == tries[2], number


async def test_an_invitation_ends(town: Town, admin: Viewer) -> None:
    phone = new_phone()
    await invite(town, admin, phone, "EDITOR")
    code = town.newest_code(phone)
    for _ in range(5):
        assert codes(await accept(town, phone, wrong(code), "clerk")) == ["INVITATION_WRONG"]
    assert codes(await accept(town, phone, code, "clerk")) == ["INVITATION_WRONG"], "five tries are the most"
    await town.pass_time(minutes=2)
    await invite(town, admin, phone, "EDITOR")
    first = town.newest_code(phone)
    await town.pass_time(minutes=2)
    await invite(town, admin, phone, "EDITOR")
    assert codes(await accept(town, phone, first, "clerk")) == ["INVITATION_WRONG"], "a newer one took its place"
    code = town.newest_code(phone)
    await town.pass_time(hours=24)
    assert codes(await accept(town, phone, code, "clerk")) == ["INVITATION_WRONG"]
    await invite(town, admin, phone, "EDITOR")
    withdrawn = await town.ask(admin, WITHDRAW, phone=phone)
    assert withdrawn["phoneEnding"] == phone[-4:]
    assert codes(await town.ask(admin, WITHDRAW, phone=phone)) == ["NOT_FOUND"]
    assert codes(await accept(town, phone, town.newest_code(phone), "clerk")) == ["INVITATION_WRONG"]
    assert await town.city.sql("SELECT 1 FROM app.credential") == []


async def test_who_decides_no_more_has_invited_nobody(town: Town, admin: Viewer) -> None:
    other, phone = await town.city.person(Role.ADMIN), new_phone()
    await invite(town, other, phone, "ADMIN")
    await suspend(town.city, admin, other)
    assert codes(await accept(town, phone, town.newest_code(phone), "clerk")) == ["INVITATION_WRONG"]


async def test_one_request_sends_one_code_and_a_number_gets_few(town: Town, admin: Viewer) -> None:
    phone, key = new_phone(), str(new_id())
    first = await invite(town, admin, phone, "EDITOR", key=key)
    assert await invite(town, admin, phone, "EDITOR", key=key) == first
    assert codes(await invite(town, admin, phone, "NOTARY", key=key)) == ["KEY_REUSED"]
    assert codes(await invite(town, admin, phone, "EDITOR")) == ["CODE_TOO_SOON"]
    assert len(town.providers.sms.arrived(phone)) == 1
    assert "邀请码" in town.providers.sms.arrived(phone)[0].text


async def test_what_cannot_be_is_said_at_once(town: Town, admin: Viewer) -> None:
    phone = new_phone()
    assert codes(await invite(town, admin, "12348", "EDITOR")) == ["BAD_PHONE"]
    assert codes(await invite(town, admin, phone, "ADMIN", "AUDITOR")) == ["ROLES_APART"]
    assert codes(await invite(town, admin, phone, "LAWYER")) == ["BAD_VALUE"]
    await invite(town, admin, phone, "EDITOR")
    code = town.newest_code(phone)
    weak = {"short": "TOO_SHORT", "password1234": "PASSWORD_COMMON", "clerk的密码很长很长": "PASSWORD_COMMON"}
    for password, why in weak.items():
        assert codes(await accept(town, phone, code, "clerk", password)) == [why]
    assert codes(await accept(town, phone, code, "1")) == ["BAD_VALUE"]
    clerk = await hire(town, admin, "EDITOR")
    assert codes(await accept(town, phone, code, clerk.login)) == ["LOGIN_TAKEN"]
    assert (await accept(town, phone, code, "clerk"))["__typename"] == "TotpOffered", "nothing of it used the code up"


async def test_a_code_that_could_not_be_sent_opens_nothing(town: Town, admin: Viewer) -> None:
    phone = new_phone()
    town.providers.sms.faults.next_are(Fault(code="isv.BUSINESS_LIMIT_CONTROL"))
    key = str(new_id())
    assert codes(await invite(town, admin, phone, "EDITOR", key=key)) == ["SMS_LIMITED"]
    assert await town.city.sql("SELECT 1 FROM app.invitation WHERE expires_at > app.clock()") == []
    # And the same request, sent again as one is told to, is not taken for one that was answered.
    assert codes(await invite(town, admin, phone, "EDITOR", key=key)) == ["CODE_TOO_SOON"]
    await town.pass_time(minutes=1)
    assert (await invite(town, admin, phone, "EDITOR", key=key))["__typename"] == "StaffInvited"
    assert len(town.providers.sms.arrived(phone)) == 1


async def test_nobody_becomes_two_of_the_three_by_invitation(town: Town, admin: Viewer) -> None:
    clerk = await hire(town, admin, "AUDITOR")
    await town.pass_time(minutes=2)
    await invite(town, admin, clerk.phone, "ADMIN")
    assert codes(await accept(town, clerk.phone, town.newest_code(clerk.phone), "other")) == ["ROLES_APART"]
    assert await roles_in(town.city, await town.viewer(clerk.session)) == {"AUDITOR"}


async def test_a_lost_telephone_is_reset_and_the_next_invitation_begins_anew(town: Town, admin: Viewer) -> None:
    clerk = await hire(town, admin, "EDITOR")
    viewer = await town.viewer(clerk.session)
    done = await town.ask(admin, RESET_TOTP, person=file_id(viewer), reason="手机遗失，本人到场申请")
    assert done["__typename"] == "PersonFile"
    assert codes(await town.ask(None, REFRESH, token=clerk.session["refreshToken"])) == ["SESSION_ENDED"]
    assert codes(await signs_in(town, clerk)) == ["SIGN_IN_WRONG"]
    assert codes(await by_password(town, clerk.login, clerk.recovery[0])) == ["SIGN_IN_WRONG"]
    assert [move["kind"] for move in await moves(town.city, admin, viewer)] == ["TOTP_RESET", "ROLES"]
    await town.pass_time(minutes=5)
    await invite(town, admin, clerk.phone)
    offered = await accept(town, clerk.phone, town.newest_code(clerk.phone), "ignored", "完全不同的一个崭新的密码")
    assert offered["login"] == clerk.login
    assert offered["secret"] != clerk.secret
    assert codes(await confirm(town, clerk.login, await code_now(town, offered["secret"]))) == ["SIGN_IN_WRONG"]
    code = await code_now(town, offered["secret"])
    assert (await confirm(town, clerk.login, code, "完全不同的一个崭新的密码"))["session"]["roles"] == [
        "EDITOR",
        "RESIDENT",
    ]


async def test_a_changed_password_signs_the_other_devices_out(town: Town, admin: Viewer) -> None:
    clerk = await hire(town, admin, "EDITOR")
    other = await signs_in(town, clerk)
    viewer = await town.viewer(clerk.session)
    new = "黄河之水天上来奔流到海"
    assert codes(await town.ask(viewer, CHANGE, old="这不是原来的密码呀", new=new + "不复回")) == ["SIGN_IN_WRONG"]
    assert codes(await town.ask(viewer, CHANGE, old=PASSWORD, new="aaaaaaaaaaaa")) == ["PASSWORD_COMMON"]
    assert (await town.ask(viewer, CHANGE, old=PASSWORD, new=new + "不复回"))["signedOut"] == 1
    assert codes(await town.ask(None, REFRESH, token=other["refreshToken"])) == ["SESSION_ENDED"]
    assert codes(await signs_in(town, clerk)) == ["SIGN_IN_WRONG"]
    clerk.password = new + "不复回"
    assert (await signs_in(town, clerk))["__typename"] == "Session"


async def test_who_has_no_password_changes_none(town: Town) -> None:
    resident = await town.city.resident()
    assert codes(await persist(town.city, resident, CHANGE, old=PASSWORD, new=PASSWORD + "呀")) == ["SIGN_IN_WRONG"]


async def test_the_suspended_are_told_so_only_when_they_know_everything(town: Town, admin: Viewer) -> None:
    clerk = await hire(town, admin, "EDITOR")
    await suspend(town.city, admin, await town.viewer(clerk.session))
    assert codes(await signs_in(town, clerk)) == ["SUSPENDED"]
    assert codes(await by_password(town, clerk.login, "123456")) == ["SIGN_IN_WRONG"]


async def test_an_office_that_was_taken_is_in_no_later_session(town: Town, admin: Viewer) -> None:
    clerk = await hire(town, admin, "EDITOR", "ANALYST")
    await set_roles(town.city, admin, await town.viewer(clerk.session), "ANALYST")
    assert codes(await town.ask(None, REFRESH, token=clerk.session["refreshToken"])) == ["SESSION_ENDED"]
    assert (await signs_in(town, clerk))["roles"] == ["ANALYST", "RESIDENT"]


async def test_nothing_that_opens_is_kept_in_the_clear(town: Town, admin: Viewer) -> None:
    clerk = await hire(town, admin, "EDITOR")
    code = town.newest_code(clerk.phone)
    ((credential, invitation),) = await town.city.sql(
        "SELECT to_jsonb(c)::text, to_jsonb(i)::text FROM app.credential c, app.invitation i"
    )
    kept = credential + invitation
    for secret in (clerk.secret, PASSWORD, clerk.phone, clerk.login, "王敏", *clerk.recovery):
        assert secret not in kept
        assert secret.encode().hex() not in kept
    assert f'"{code}"' not in kept
    assert "$argon2id$v=19$m=65536,t=3,p=4$" in kept


TRESPASSES = [
    "UPDATE app.credential SET handle = ''",
    "DELETE FROM app.credential",
    "INSERT INTO app.credential VALUES (:them, '\\x01', '', '', NULL, 0, '{}', now())",
    "INSERT INTO app.invitation VALUES (gen_random_uuid(), '', '', '', '{ADMIN}', '', :me, app.clock(), 'infinity')",
    "INSERT INTO app.invitation VALUES (gen_random_uuid(), '', '', '', '{ADMIN}', '', :them, app.clock(), 'infinity')",
    "UPDATE app.invitation SET roles = '{ADMIN}'",
    "UPDATE app.sign_in_try SET digest = ''",
    "DELETE FROM app.sign_in_try",
    "INSERT INTO app.sign_in_try VALUES ('\\x01', 0, now())",
    "SELECT door.invitation_accepted() IS NULL",
]
WITHOUT_EFFECT = [
    "SELECT 1 FROM app.credential",
    "SELECT 1 FROM app.invitation",
    "SELECT 1 FROM app.sign_in_try",
    "UPDATE app.credential SET password = ''",
    "UPDATE app.invitation SET accepted_at = now()",
    "UPDATE app.invitation SET tries = 0",
    "UPDATE app.sign_in_try SET tries = 0",
]


async def test_raw_sql_opens_nothing(town: Town, admin: Viewer) -> None:
    clerk, phone = await hire(town, admin, "EDITOR"), new_phone()
    await invite(town, admin, phone, "EDITOR")
    await by_password(town, clerk.login, "123456")
    them, me = (await town.viewer(clerk.session)).id, (await town.city.person(Role.SUPERVISOR)).id
    for statement in TRESPASSES:
        assert await attempt(town.city.db, me, statement, me=me, them=them) == DENIED, statement
    for statement in WITHOUT_EFFECT:
        assert await attempt(town.city.db, me, statement) == "rows=0", statement
        assert await attempt(town.city.db, NOBODY, statement) == "rows=0", statement
    for table in ("credential", "invitation", "sign_in_try"):
        assert await attempt(town.city.worker, NOBODY, f"SELECT 1 FROM app.{table}") == DENIED, table


async def test_who_accepts_in_raw_sql_cannot_outlive_the_inviters_office(town: Town, admin: Viewer) -> None:
    """The trigger writes the decision in the inviter's name: the wall asks whether she may still decide."""
    phone = new_phone()
    await invite(town, admin, phone, "ADMIN")
    ((invited,),) = await town.city.sql("SELECT phone FROM app.invitation")
    me = await town.city.resident()
    await town.city.sql("UPDATE app.role_held SET until = app.clock() WHERE person = :id", id=admin.id)
    say = f"SELECT set_config('app.presented', '{bytes(invited).hex()}', true)"
    async with Session(town.city.db.engine, me.id) as session:
        await session.rows(text(say))
        with pytest.raises(DBAPIError, match="row-level security"):
            await session.rows(text("UPDATE app.invitation SET accepted_at = app.clock()"))
    assert await roles_in(town.city, me) == set()
