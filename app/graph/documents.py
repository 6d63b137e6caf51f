"""From the text of a document to one that may run: read, measured, validated, and remembered.

Clients send the same few documents again and again, so what is known of a text is kept. The measure is taken anew where
variables have a say in it, as in the size of a page.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)
from graphql.validation.rules import overlapping_fields_can_be_merged
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from app.core.errors import Refused, code, refuse
from app.graph.limits import (
    CHARACTERS,
    DOCUMENT_TOO_LONG,
    TOKENS,
    TOO_DEEP,
    TOO_MANY_TOKENS,
    TOO_MANY_VALUES,
    VALUES,
    Allowance,
    count,
    reasons,
)
from app.graph.measure import Measure, Ruler

RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
FAULTS = 3
"""Validation stops after as many: each costs a search for what may have been meant, or prints a long value."""
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 5_000
"""Comparing fields of one name is quadratic work, also in what is not run; graphql-core would take seconds for it."""
REMEMBERED = 500
REMEMBERED_CHARACTERS = 300_000
"""A document takes fifty times its length once it is read, and the collector of garbage goes through all of it."""

BAD_DOCUMENT = code(
    "BAD_DOCUMENT",
    zh="请求文档无效。",
    en="The document is not valid.",
    remedy="Check it against the schema; the message names the place.",
    status=400,
)
NO_SUCH_OPERATION = code(
    "NO_SUCH_OPERATION",
    zh="请求文档中没有该操作。",
    en="The document has no such operation.",
    remedy="Send `operationName` when the document has several, and one that it has.",
    status=400,
)


HARMLESS = parse("{ __typename }")


@dataclass(frozen=True, slots=True)
class Admitted:
    """A document that may run, or why it may not."""

    document: DocumentNode
    operation_name: str | None
    cost: int
    faults: tuple[GraphQLError, ...] = ()
    kind: OperationType = OperationType.QUERY
    name: str = ""
    """The operation's own, as the document has it."""
    of_schema: bool = False
    """Whether it asks for the schema alone, and without variables."""
    shared: bool = False
    """Whether it asks for what says `@shared` alone."""
    open: bool = False
    """Whether everybody sees all that it asks for."""

    @property
    def live(self) -> bool:
        return self.kind is OperationType.SUBSCRIPTION

    def refused(self, why: Refused) -> "Admitted":
        return Admitted(HARMLESS, None, self.cost, (_fault(why),))


NOTHING = Admitted(HARMLESS, None, 0)
"""What nobody has read."""


def admit(
    schema: GraphQLSchema, text: str, operation_name: str | None, variables: Any, allowance: Allowance
) -> Admitted:
    """Read, measure, validate. Whatever is wrong comes back in `faults`, beside a harmless document."""
    known = _valid.get(schema, text)
    try:
        document = known.document if known else read(text)
        operation = _operation(document, operation_name)
    except (Refused, GraphQLError) as error:
        return Admitted(HARMLESS, None, 0, (_fault(error),))
    if variables and count(variables) > VALUES:
        return Admitted(HARMLESS, None, 0, (_fault(refuse(TOO_MANY_VALUES, limit=VALUES)),))
    measure = known.measures.get(operation_name) if known else None
    if measure is None:
        measure = ruler(schema).measure(document, operation, variables)
    if found := reasons(measure, allowance):
        return Admitted(HARMLESS, None, measure.cost, (_fault(Refused(*found)),))
    if not known:
        if faults := _faults(schema, document, not allowance.introspection):
            return Admitted(HARMLESS, None, measure.cost, faults)
        known = _valid.keep(schema, text, document)
    if measure.settled:
        known.measures[operation_name] = measure
    return Admitted(
        document,
        operation_name,
        measure.cost,
        (),
        operation.operation,
        operation.name.value if operation.name else "",
        not variables and measure.introspects and _of_schema(operation),
        measure.shared,
        measure.open,
    )


def _fault(error: Refused | GraphQLError) -> GraphQLError:
    return error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)


_told: dict[tuple[DocumentNode, str | None], Any] = {}


def told_before(admitted: Admitted) -> Any:
    """What the schema says of itself is always the same, and takes long to gather: the last answer is kept."""
    return _told.get((admitted.document, admitted.operation_name)) if admitted.of_schema else None


def remember(admitted: Admitted, result: Any) -> None:
    if admitted.of_schema and not result.errors:
        _told.clear()
        _told[admitted.document, admitted.operation_name] = result.data


def spent(context: Any) -> dict[str, Any]:
    """What the operation's document cost, as the client is told."""
    return {"cost": {"spent": context.cost, "budget": context.allowance.cost}}


def _of_schema(operation: OperationDefinitionNode) -> bool:
    asked = operation.selection_set.selections
    return all(isinstance(one, FieldNode) and one.name.value.startswith("__") for one in asked)


def _operation(document: DocumentNode, wanted: str | None) -> OperationDefinitionNode:
    """The operation that is meant; refuses NO_SUCH_OPERATION where it is not plain which."""
    found = [
        definition
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
        and (wanted is None or (definition.name is not None and definition.name.value == wanted))
    ]
    if len(found) != 1:
        raise refuse(NO_SUCH_OPERATION)
    return found[0]


def read(text: str) -> DocumentNode:
    """Raises Refused beyond a limit, GraphQLSyntaxError where it is no document."""
    if len(text) > CHARACTERS:
        raise refuse(DOCUMENT_TOO_LONG, limit=CHARACTERS)
    try:
        return parse(text, max_lexical_tokens=TOKENS, max_comments=TOKENS)
    except GraphQLSyntaxError as error:
        if "Parsing aborted" not in error.message:
            raise
        if "nested too deeply" in error.message:
            raise refuse(TOO_DEEP, limit=Allowance.depth) from None
        raise refuse(TOO_MANY_TOKENS, limit=TOKENS) from None


def _faults(schema: GraphQLSchema, document: DocumentNode, discreet: bool) -> tuple[GraphQLError, ...]:
    """Who may not ask for the schema is not told of it by suggestions either."""
    found = validate(schema, document, RULES, max_errors=FAULTS, hide_suggestions=discreet)
    # What a literal made Python say (5,000 digits) is a fault of the document, and not told in Python's words.
    return tuple(GraphQLError("Invalid value.", e.nodes) if e.original_error else e for e in found)


@dataclass(frozen=True, slots=True)
class _Known:
    """A document that was found valid, and the measures of those of its operations that are always the same."""

    document: DocumentNode
    measures: dict[str | None, Measure] = field(default_factory=dict)


class _Valid:
    """Documents that were found valid, so that they need not be read again."""

    def __init__(self) -> None:
        self._documents: OrderedDict[tuple[GraphQLSchema, str], _Known] = OrderedDict()
        self._characters = 0

    def get(self, schema: GraphQLSchema, text: str) -> _Known | None:
        if found := self._documents.get((schema, text)):
            self._documents.move_to_end((schema, text))
        return found

    def keep(self, schema: GraphQLSchema, text: str, document: DocumentNode) -> _Known:
        if (known := self._documents.get((schema, text))) is None:
            known = self._documents[schema, text] = _Known(document)
            self._characters += len(text)
        while len(self._documents) > REMEMBERED or self._characters > REMEMBERED_CHARACTERS:
            (_, oldest), _ = self._documents.popitem(last=False)
            self._characters -= len(oldest)
        return known


_valid = _Valid()


@lru_cache(maxsize=4)
def ruler(schema: GraphQLSchema) -> Ruler:
    return Ruler(schema)
