"""What a field costs, said where it is declared and shown in schema.graphql.

After the GraphQL Cost Directive specification (IBM, https://ibm.github.io/graphql-specs/cost-spec.html).
"""

from typing import Any, TypeVar

import strawberry
from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema
from strawberry.schema_directive import Location
from strawberry.utils.str_converters import to_camel_case


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="cost",
    description="What asking for this field costs; without it 1 for an object, 0 for a value, 10 for a mutation.",
)
class Cost:
    weight: int = strawberry.field(description="In the unit in which a plain object costs 1.")


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="listSize",
    description="How many items the list is taken to have when its cost is weighed; without it 3.",
)
class ListSize:
    assumed_size: int = strawberry.field(description="Items; each is weighed as often.")


D = TypeVar("D")


def directive_of(declared: GraphQLField | GraphQLObjectType, kind: type[D]) -> D | None:
    """What a field or a type says of itself by that directive."""
    definition: Any = declared.extensions.get("strawberry-definition")
    return next((said for said in getattr(definition, "directives", ()) if isinstance(said, kind)), None)


def describe(schema: GraphQLSchema) -> None:
    """Put into the graph what the arguments above say of themselves, which Strawberry 0.341 leaves out."""
    for directive in schema.directives:
        for field in getattr(directive.extensions.get("strawberry-definition"), "fields", ()):
            directive.args[to_camel_case(field.python_name)].description = field.description
