"""What the stories of the staff begin with, and what they say to the graph."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pyotp

from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.ids import global_id
from app.schema import schema
from tests.accounts.town import SESSION, Town, new_phone
from tests.city import REFUSED, City

FILE = "id suspended roles since"
MOVE = "id kind roles reason at person { id } actor { id }"
SET_ROLES = f"""mutation ($person: ID!, $roles: [Role!]!, $reason: String!) {{
  setRoles(input: {{personId: $person, roles: $roles, reason: $reason}}) {{
    __typename {REFUSED} ... on PersonFile {{ {FILE} }} }} }}"""
SUSPEND = f"""mutation ($person: ID!, $reason: String!) {{
  suspendPerson(input: {{personId: $person, reason: $reason}}) {{
    __typename {REFUSED} ... on PersonFile {{ {FILE} }} }} }}"""
REINSTATE = SUSPEND.replace("suspendPerson", "reinstatePerson")
FILE_OF = f"query ($id: ID, $phone: String) {{ personFile(id: $id, phone: $phone) {{ {FILE} }} }}"
MOVES = f"query ($id: ID) {{ personMoves(personId: $id) {{ nodes {{ {MOVE} }} }} }}"
STAFF = f"{{ staff(first: 100) {{ nodes {{ {FILE} }} }} }}"
WHY = "岗位调整，自今日起生效"


def file_id(person: Viewer) -> str:
    return global_id("PersonFile", person.id)


async def persist(city: City, viewer: Viewer | None, document: str, **said: Any) -> Any:
    """As clients do who are told that too much goes on at once: they say it again."""
    for _ in range(20):
        result = await schema.execute(document, variable_values=said, context_value=city.context(viewer))
        if result.errors is None:
            assert result.data is not None
            (answer,) = result.data.values()
            return answer
        assert [(error.extensions or {}).get("code") for error in result.errors] == ["BUSY"], result.errors
    raise AssertionError("too busy for too long")


async def set_roles(city: City, admin: Viewer, person: Viewer, *roles: str, reason: str = WHY) -> Any:
    return await persist(city, admin, SET_ROLES, person=file_id(person), roles=roles, reason=reason)


async def suspend(city: City, admin: Viewer, person: Viewer, reason: str = "律师执业证书被暂停") -> Any:
    return await persist(city, admin, SUSPEND, person=file_id(person), reason=reason)


async def reinstate(city: City, admin: Viewer, person: Viewer, reason: str = "处分期已满") -> Any:
    return await city.one(admin, REINSTATE, person=file_id(person), reason=reason)


async def moves(city: City, keeper: Viewer, person: Viewer | None = None) -> list[Any]:
    page = await city.one(keeper, MOVES, id=person and file_id(person))
    nodes: list[Any] = page["nodes"]
    return nodes


async def roles_in(city: City, person: Viewer) -> set[str]:
    """As the table says."""
    held = "SELECT role FROM app.role_held WHERE person = :id AND until = 'infinity'"
    return {role for (role,) in await city.sql(held, id=person.id)}


ACCESS = """id kind aboutId office crisis reason askedAt approvedAt until openedAt requester { id } approver { id }"""
REQUEST_ACCESS = f"""mutation ($about: ID!, $reason: String!) {{
  requestMinorAccess(input: {{aboutId: $about, reason: $reason}}) {{
    __typename {REFUSED} ... on MinorAccess {{ {ACCESS} }} }} }}"""
APPROVE_ACCESS = f"""mutation ($id: ID!) {{
  approveMinorAccess(input: {{accessId: $id}}) {{ __typename {REFUSED} ... on MinorAccess {{ {ACCESS} }} }} }}"""
ACCESSES = f"{{ minorAccesses(first: 20) {{ nodes {{ {ACCESS} }} }} }}"


async def request_access(city: City, viewer: Viewer, about: str, reason: str = "家长来电核实情况") -> Any:
    return await persist(city, viewer, REQUEST_ACCESS, about=about, reason=reason)


async def approve_access(city: City, viewer: Viewer, access: str) -> Any:
    return await persist(city, viewer, APPROVE_ACCESS, id=access)


async def accesses(city: City, viewer: Viewer) -> list[Any]:
    nodes: list[Any] = (await city.one(viewer, ACCESSES))["nodes"]
    return nodes


INVITE = f"""mutation ($input: InviteStaffInput!) {{ inviteStaff(input: $input) {{
  __typename {REFUSED} ... on StaffInvited {{ name phoneEnding roles expiresAt }} }} }}"""
WITHDRAW = f"""mutation ($phone: String!) {{ withdrawInvitation(input: {{phone: $phone}}) {{
  __typename {REFUSED} ... on StaffInvited {{ phoneEnding expiresAt }} }} }}"""
ACCEPT = f"""mutation ($input: AcceptInvitationInput!) {{ acceptInvitation(input: $input) {{
  __typename {REFUSED} ... on TotpOffered {{ login secret uri }} }} }}"""
CONFIRM = f"""mutation ($input: ConfirmTotpInput!) {{ confirmTotp(input: $input) {{
  __typename {REFUSED} ... on TotpConfirmed {{ recoveryCodes
    session {{ accessToken refreshToken roles viewer {{ id }} }} }} }} }}"""
BY_PASSWORD = f"mutation ($input: SignInStaffInput!) {{ signInStaff(input: $input) {SESSION} }}"
CHANGE = f"""mutation ($old: String!, $new: String!) {{ changePassword(input: {{password: $old, newPassword: $new}}) {{
  __typename {REFUSED} ... on PasswordChanged {{ signedOut }} }} }}"""
RESET_TOTP = SUSPEND.replace("suspendPerson", "resetTotp")
PASSWORD = "济源的春天来得早，桃花开了"


@dataclass
class Clerk:
    """One of the staff, with all she knows."""

    phone: str
    login: str
    secret: str
    recovery: list[str]
    session: Any
    used: str
    """The code that the first session took."""
    password: str = PASSWORD


async def invite(town: Town, admin: Viewer, phone: str, *roles: str, key: str | None = None) -> Any:
    said = {"phone": phone, "name": "王敏", "roles": roles, "reason": "司法局新聘人员"}
    return await town.ask(admin, INVITE, input=said | {"idempotencyKey": key or str(new_id())})


async def accept(town: Town, phone: str, code: str, login: str, password: str = PASSWORD) -> Any:
    said = {"phone": phone, "code": code, "login": login, "password": password}
    return await persist(town.city, None, ACCEPT, input=said)


async def code_now(town: Town, secret: str) -> str:
    """What the app shows."""
    return pyotp.TOTP(secret).at(await town.city.now())


async def confirm(town: Town, login: str, code: str, password: str = PASSWORD) -> Any:
    return await town.ask(None, CONFIRM, input={"login": login, "password": password, "code": code})


async def by_password(town: Town, login: str, code: str, password: str = PASSWORD) -> Any:
    return await persist(town.city, None, BY_PASSWORD, input={"login": login, "password": password, "code": code})


async def signs_in(town: Town, clerk: Clerk) -> Any:
    """With the next code of the app."""
    await town.city.turn(timedelta(seconds=30))
    return await by_password(town, clerk.login, await code_now(town, clerk.secret), clerk.password)


async def hire(town: Town, admin: Viewer, *roles: str, phone: str | None = None) -> Clerk:
    """From the invitation to the first session."""
    phone = phone or new_phone()
    login = f"clerk.{new_id().hex[-8:]}"
    assert (await invite(town, admin, phone, *roles))["__typename"] == "StaffInvited"
    offered = await accept(town, phone, town.newest_code(phone), login)
    assert offered["__typename"] == "TotpOffered", offered
    used = await code_now(town, offered["secret"])
    done = await confirm(town, login, used)
    assert done["__typename"] == "TotpConfirmed", done
    return Clerk(phone, login, offered["secret"], done["recoveryCodes"], done["session"], used)
