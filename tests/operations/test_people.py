"""Who may do what here: sessions, delegates, guardians, the staff and lawyers to be, by saved operations alone."""

from datetime import timedelta

import pyotp
import pytest

from app.accounts.models import ConsentPurpose
from app.accounts.rules.consenting import NOTICES
from app.core.access import Role
from tests.accounts.hall import PASSWORD, file_id
from tests.accounts.town import Town, new_phone
from tests.city import codes
from tests.directory.counter import licence, photographed
from tests.directory.desk import enter_institution
from tests.operations.living import Living

pytestmark = [pytest.mark.anyio, pytest.mark.full]

NAMES = """
    SignOutDevice WithdrawConsent RequestGuardian ConfirmGuardian EndGuardianship RequestDelegation ConfirmDelegation
    EndDelegation CloseAccount AccountClosing AcceptInvitation ConfirmTotp ChangePassword WithdrawInvitation PersonFile
    PostOf SetRoles SuspendPerson ReinstatePerson ResetTotp SetPost RequestMinorAccess ApproveMinorAccess ApplyAsLawyer
    MyLawyerApplication WithdrawLawyerApplication CheckLawyerApplication DecideLawyerApplication
"""
OF_PEOPLE = frozenset(NAMES.split())
"""What is sent here and, but for this, by nobody."""


async def test_people_come_work_and_go_by_saved_operations(town: Town) -> None:
    life = Living(town.city, {})
    await of_who_speaks_for_whom(life, town)
    await of_the_staff(life, town)
    await of_minors(life, town)
    await of_lawyers_to_be(life, town)
    await of_leaving(life, town)
    assert life.done >= OF_PEOPLE, OF_PEOPLE - life.done


async def of_who_speaks_for_whom(life: Living, town: Town) -> None:
    daughter, phone = await town.city.resident(), new_phone()
    await life.does(daughter, "RequestDelegation", phone=phone)
    by = {"phone": phone, "code": town.newest_code(phone)}
    given = await life.does(daughter, "ConfirmDelegation", **by)
    assert given["phoneEnding"] == phone[-4:]
    assert (await life.does(daughter, "EndDelegation", delegationId=given["id"]))["endedByElder"] is False

    guardian = new_phone()
    await town.viewer(await town.by_sms(guardian))
    child = await town.newcomer(await town.by_sms(new_phone()))
    await life.does(child, "DeclareAge", band="UNDER_14")
    await town.city.turn(timedelta(minutes=2))
    await life.does(child, "RequestGuardian", phone=guardian)
    by = {"phone": guardian, "code": town.newest_code(guardian)}
    yes = await life.does(child, "ConfirmGuardian", **by)
    assert (await life.does(child, "EndGuardianship", guardianshipId=yes["id"]))["endedByGuardian"] is False


async def of_the_staff(life: Living, town: Town) -> None:
    city, admin, phone, new = (
        town.city,
        await town.city.person(Role.ADMIN),
        new_phone(),
        "枣花开时换过的口令，比从前更长",
    )
    called_off = new_phone()
    await life.does(admin, "InviteStaff", phone=called_off)
    assert (await life.does(admin, "WithdrawInvitation", phone=called_off))["phoneEnding"] == called_off[-4:]
    await life.does(admin, "InviteStaff", phone=phone)
    by = {"phone": phone, "code": town.newest_code(phone), "login": "li.ming", "password": PASSWORD}
    secret = pyotp.TOTP((await life.does(None, "AcceptInvitation", **by))["secret"])
    by = {"login": "li.ming", "password": PASSWORD, "code": secret.at(await city.now())}
    done = await life.does(None, "ConfirmTotp", **by)
    assert len(done["recoveryCodes"]) == 10
    await city.turn(timedelta(seconds=30))
    clerk = await town.viewer(done["session"])
    changed = await life.does(clerk, "ChangePassword", password=PASSWORD, newPassword=new)
    assert changed["signedOut"] == 0

    of = {"personId": file_id(clerk)}
    assert (await life.asks(admin, "PersonFile", id=of["personId"]))["personFile"]["suspended"] is False
    assert "OFFICER" in (await life.does(admin, "SetRoles", roles=["OFFICER"], **of))["roles"]
    centre = await enter_institution(city, admin, kind="LEGAL_AID_CENTRE", number="示例-P-1", name="示例法律援助中心")
    await life.does(admin, "SetPost", institutionId=centre["id"], **of)
    assert (await life.asks(admin, "PostOf", person=of["personId"]))["postOf"]["duty"] == "OFFICER"
    assert (await life.does(admin, "SuspendPerson", **of))["suspended"]
    assert not (await life.does(admin, "ReinstatePerson", **of))["suspended"]
    await life.does(admin, "ResetTotp", **of)


async def of_minors(life: Living, town: Town) -> None:
    admin, officer = [await town.city.person(role) for role in (Role.ADMIN, Role.SECURITY_OFFICER)]
    young = await town.newcomer(await town.by_sms(new_phone()))
    await life.does(young, "DeclareAge", band="FROM_14_TO_17")
    wanted = await life.does(admin, "RequestMinorAccess", aboutId=file_id(young))
    assert (await life.does(officer, "ApproveMinorAccess", accessId=wanted["id"]))["approvedAt"]
    assert (await life.asks(admin, "PersonFile", id=file_id(young)))["personFile"]["id"] == file_id(young)


async def of_lawyers_to_be(life: Living, town: Town) -> None:
    city, admin = town.city, await town.city.person(Role.ADMIN)
    hers, other = await city.resident(), await city.resident()
    said = {"licence": licence(1), "pictures": [await photographed(city, hers)]}
    of = {"applicationId": (await life.does(hers, "ApplyAsLawyer", **said))["id"]}
    assert (await life.does(admin, "CheckLawyerApplication", **of))["mine"]
    assert (await life.does(admin, "DecideLawyerApplication", **of))["state"] == "APPROVED"
    assert (await life.asks(hers, "MyLawyerApplication"))["viewerLawyerApplication"]["state"] == "APPROVED"
    said = {"licence": licence(2), "pictures": [await photographed(city, other)]}
    of = {"applicationId": (await life.does(other, "ApplyAsLawyer", **said))["id"]}
    assert (await life.does(other, "WithdrawLawyerApplication", **of))["state"] == "WITHDRAWN"


async def of_leaving(life: Living, town: Town) -> None:
    phone = new_phone()
    first = await town.by_sms(phone)
    await town.city.turn(timedelta(minutes=2))
    leaver = await town.viewer(await town.by_sms(phone))
    device = {"sessionId": first["viewer"]["sessionId"]}
    assert (await life.does(leaver, "SignOutDevice", **device))["sessions"] == 1
    said = {"purpose": "EDUCATION", "version": NOTICES[ConsentPurpose.EDUCATION].version}
    await life.does(leaver, "GiveConsent", **said)
    assert (await life.does(leaver, "WithdrawConsent"))["given"] is False
    assert codes(await life.tries(leaver, "CloseAccount", understood=False))
    left = await life.does(leaver, "CloseAccount")
    closing = (await life.asks(None, "AccountClosing", closing=left["id"]))["accountClosing"]
    assert closing["id"] == left["id"]
