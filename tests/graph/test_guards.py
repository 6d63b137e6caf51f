"""Through each door of the graph go those whom schema.graphql names, and nobody else: each role at each root field."""

import asyncio
from typing import Any

import pytest
from graphql import GraphQLObjectType

from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.graph.ids import global_id
from app.graph.visible import Audience, Visible
from app.graph.weights import directive_of
from app.schema import schema
from tests.city import City
from tests.graph.samples import roles_of
from tests.graph.stage import build
from tests.graph.test_bad_text import Filling, document

pytestmark = pytest.mark.anyio

TURNED_AWAY = {"FORBIDDEN", "UNAUTHENTICATED"}


class Anything(Filling):
    """Also where the stage has nothing of the kind: a door is passed before it is looked for."""

    def leaf(self, kind: str, name: str) -> Any:
        try:
            return super().leaf(kind, name)
        except KeyError:
            return global_id("Question", new_id())


async def somebody(city: City, role: Role | None) -> Viewer | None:
    """New to the city each time: a door may change who goes through it."""
    if role is None:
        return None
    return await city.lawyer() if role is Role.LAWYER else await city.person(role)


async def turned_away(city: City, viewer: Viewer | None, said: str, values: dict[str, Any]) -> bool:
    context = city.context(viewer)
    if said.startswith("subscription"):
        stream = await schema.stream(said, variable_values=values, context_value=context)
        async with asyncio.timeout(60):
            result = await anext(stream)
        await stream.aclose()
    else:
        result = await schema.execute(said, variable_values=values, context_value=context)
    codes = {(error.extensions or {}).get("code") for error in result.errors or ()}
    assert not {"INTERNAL", "BAD_DOCUMENT"} & codes, said
    return bool(codes & TURNED_AWAY)


@pytest.mark.parametrize("root", ["Query", "Mutation", "Subscription"])
async def test_a_door_lets_in_whom_it_names(city: City, root: str, capsys: pytest.CaptureFixture[str]) -> None:
    stage, kind = await build(city), schema._schema.get_type(root)
    assert isinstance(kind, GraphQLObjectType)
    wrong, cells = [], 0
    for name, field in kind.fields.items():
        named = directive_of(field, Visible)
        assert named is not None
        for role in (None, *Role):
            viewer = await somebody(city, role)
            stands = {Audience.ANYONE}
            if viewer:
                stands |= {Audience.SIGNED_IN} | roles_of(viewer)
            values = Anything(stage, name, (), "").all(field.args)
            away = await turned_away(city, viewer, document(root, name, field), values)
            cells += 1
            if away == bool({*named.to} & stands):
                wrong.append(f"{name} {'turns away' if away else 'lets in'} {role or 'anybody'}")
    assert wrong == [], "\n".join(wrong)
    with capsys.disabled():
        print(f"\n{cells} doors of {root} tried")
