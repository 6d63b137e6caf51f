"""What the stories of the staff begin with, and what they say to the graph."""

from typing import Any

from app.core.access import Viewer
from app.graph.ids import global_id
from app.schema import schema
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
