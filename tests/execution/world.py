"""A schema of every shape, whose resolvers give anything at all: the same to each executor, by where they are asked."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
)

SDL = """
scalar Even
enum Colour { RED GREEN }
interface Named { name: String! friend: Named }
interface Aged implements Named { name: String! friend: Named age: Int! }
type Cat implements Named & Aged { name: String! friend: Named age: Int! lives: Int colour: Colour! kittens: [Cat!] }
type Dog implements Named { name: String! friend: Named barks(times: Int! = 2, at: [String!]): [String!]! home: Home }
type Home { owner: Named! pets: [Pet!]! rooms: [[Int!]]! even: Even code: ID! warm: Boolean! size: Float }
union Pet = Cat | Dog
input Where { near: Where names: [String!]! = ["a"] even: Int }
type Query {
    cat: Cat
    dog: Dog!
    pet(where: Where): Pet
    pets: [Pet]
    named: [Named!]!
    homes(first: Int = 2): [Home!]
    grid: [[[Home]!]]
    colour: Colour
    even: Even!
}
type Mutation { paint(colour: Colour!): Colour feed(times: Int!): Cat! sell: Home }
"""

CLASSES = {"Cat", "Dog", "Home"}


@dataclass(frozen=True)
class Thing:
    """An object of the answer; of which type, it knows."""

    kind: str


def said(value: Any) -> Any:
    if not isinstance(value, int) or value % 2:
        raise ValueError("not even")
    return value


def world(seed: int, *, trouble: float) -> GraphQLSchema:
    """`trouble`: how often a value is none, wrong or an error."""
    schema = build_schema(SDL)
    even: Any = schema.type_map["Even"]
    even.coerce_output_value = said
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for field in kind.fields.values():
                field.resolve = _resolver(schema, field.type, seed, trouble)
            if kind.name == "Home":
                kind.is_type_of = lambda value, info: isinstance(value, Thing) and value.kind == "Home"
        elif isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            kind.resolve_type = lambda value, info, kind: value.kind
    return schema


def _resolver(schema: GraphQLSchema, kind: Any, seed: int, trouble: float) -> Callable[..., Any]:
    def resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        where = f"{seed} {info.path.as_list()} {info.field_name} {sorted(arguments.items())}"
        random = Random(blake2b(where.encode()).digest())
        if random.random() < trouble / 2:
            raise RuntimeError(f"at {where}")
        value = _value(schema, kind, random, trouble)
        return _later(value, random.randrange(3)) if random.random() < 0.4 else value

    return resolve


async def _later(value: Any, turns: int) -> Any:
    for _ in range(turns):
        await asyncio.sleep(0)
    if isinstance(value, Exception):
        raise value
    return value


def _value(schema: GraphQLSchema, kind: Any, random: Random, trouble: float) -> Any:
    if random.random() < trouble:
        return random.choice([None, None, RuntimeError("as a value"), "wrong", 7, [], Thing("Nothing")])
    if isinstance(kind, GraphQLNonNull):
        return _value(schema, kind.of_type, random, 0)
    if isinstance(kind, GraphQLList):
        items = [_value(schema, kind.of_type, random, trouble) for _ in range(random.randrange(4))]
        if random.random() < 0.2:
            return tuple(items)
        return [_later(item, 1) if random.random() < 0.1 else item for item in items]
    if isinstance(kind, GraphQLEnumType):
        return random.choice(["RED", "GREEN"])
    if isinstance(kind, GraphQLScalarType):
        return {"Int": 3, "Float": 1.5, "String": "文", "Boolean": True, "ID": 12, "Even": 4}[kind.name]
    if isinstance(kind, GraphQLObjectType):
        return Thing(kind.name)
    return Thing(random.choice([one.name for one in schema.get_possible_types(kind)]))
