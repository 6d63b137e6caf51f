"""From the text of a document to one that may run: read, measured, validated, and remembered.

Clients send the same few documents again and again, so what is known of a text is kept. Only the measure is taken
each time: the size of a page may come in the variables.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from app.core.errors import Code, Refused, code, refuse
from app.graph.limits import CHARACTERS, DOCUMENT_TOO_LONG, TOKENS, TOO_DEEP, TOO_MANY_TOKENS, Allowance, reasons
from app.graph.measure import Ruler

RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
FAULTS = 10
"""Validation stops after as many: each costs a search for what may have been meant."""
REMEMBERED = 500

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
PERSISTED_QUERY_NOT_FOUND = code(
    "PERSISTED_QUERY_NOT_FOUND",
    zh="PersistedQueryNotFound",
    en="PersistedQueryNotFound",
    remedy="Send the document once together with its hash (Apollo's automatic persisted queries do so by themselves).",
)
BAD_HASH = code(
    "BAD_HASH",
    zh="文档与其哈希值不符。",
    en="The hash is not the document's.",
    remedy="Send the SHA-256 of the document, in hexadecimal.",
    status=400,
)


HARMLESS = parse("{ __typename }")


@dataclass(frozen=True)
class Admitted:
    """A document that may run, or why it may not."""

    document: DocumentNode
    operation_name: str | None
    cost: int
    faults: tuple[GraphQLError, ...] = ()
    live: bool = False
    """Whether it is a subscription."""

    def refused(self, code: Code, *, limit: int) -> "Admitted":
        return Admitted(HARMLESS, None, self.cost, (_fault(refuse(code, limit=limit)),))


def admit(
    schema: GraphQLSchema, text: str, operation_name: str | None, variables: Any, allowance: Allowance
) -> Admitted:
    """Read, measure, validate. Whatever is wrong comes back in `faults`, beside a harmless document."""
    try:
        document = read(text)
        operation = _operation(document, operation_name)
    except (Refused, GraphQLError) as error:
        return Admitted(HARMLESS, None, 0, (_fault(error),))
    measure = ruler(schema).measure(document, operation, variables)
    if found := reasons(measure, allowance):
        return Admitted(HARMLESS, None, measure.cost, (_fault(Refused(*found)),))
    faults = _faults(schema, document, not allowance.introspection)
    if faults:
        return Admitted(HARMLESS, None, measure.cost, faults)
    return Admitted(document, operation_name, measure.cost, live=operation.operation is OperationType.SUBSCRIPTION)


def _fault(error: Refused | GraphQLError) -> GraphQLError:
    return error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)


class Admission(SchemaExtension):
    """Hands Strawberry what was admitted, and tells the client what it cost."""

    def on_parse(self) -> Iterator[None]:
        self.execution_context.graphql_document = self._admitted.document
        yield

    def on_validate(self) -> Iterator[None]:
        self.execution_context.pre_execution_errors = list(self._admitted.faults)
        yield

    def get_results(self) -> dict[str, Any]:
        return {"cost": {"spent": self._admitted.cost, "budget": self.execution_context.context.allowance.cost}}

    @property
    def _admitted(self) -> Admitted:
        admitted: Admitted = self.execution_context.context.admitted
        return admitted


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


@lru_cache(maxsize=REMEMBERED)
def _read(text: str) -> DocumentNode | Refused | GraphQLSyntaxError:
    try:
        return parse(text, max_lexical_tokens=TOKENS, max_comments=TOKENS)
    except GraphQLSyntaxError as error:
        if "Parsing aborted" not in error.message:
            return error
        if "nested too deeply" in error.message:
            return refuse(TOO_DEEP, limit=Allowance.depth)
        return refuse(TOO_MANY_TOKENS, limit=TOKENS)


def read(text: str) -> DocumentNode:
    """Raises Refused beyond a limit, GraphQLSyntaxError where it is no document."""
    if len(text) > CHARACTERS:
        raise refuse(DOCUMENT_TOO_LONG, limit=CHARACTERS)
    found = _read(text)
    if isinstance(found, Exception):
        raise found.with_traceback(None)
    return found


@lru_cache(maxsize=REMEMBERED)
def _faults(schema: GraphQLSchema, document: DocumentNode, discreet: bool) -> tuple[GraphQLError, ...]:
    """Who may not ask for the schema is not told of it by suggestions either."""
    return tuple(validate(schema, document, RULES, max_errors=FAULTS, hide_suggestions=discreet))


@lru_cache(maxsize=4)
def ruler(schema: GraphQLSchema) -> Ruler:
    return Ruler(schema)


class Persisted:
    """Apollo's automatic persisted queries: a document that was sent once is known by its hash from then on.

    Kept in this process alone: a document may hold what a person wrote, which no shared cache ever sees.
    """

    def __init__(self, size: int = REMEMBERED) -> None:
        self._size = size
        self._texts: OrderedDict[str, str] = OrderedDict()

    def text(self, said: str | None, extensions: dict[str, Any] | None) -> str | None:
        """The document that is meant. Refuses PERSISTED_QUERY_NOT_FOUND and BAD_HASH."""
        wanted = (extensions or {}).get("persistedQuery")
        name = wanted.get("sha256Hash") if isinstance(wanted, dict) and wanted.get("version") == 1 else None
        if wanted is not None and not isinstance(name, str):
            raise refuse(BAD_HASH)
        if said is None:
            if name is None or name not in self._texts:
                raise refuse(PERSISTED_QUERY_NOT_FOUND)
            self._texts.move_to_end(name)
            return self._texts[name]
        if len(said) > CHARACTERS:
            return said  # refused soon, and not worth a hash
        found = sha256(said.encode(errors="surrogatepass")).hexdigest()
        if name not in (None, found):
            raise refuse(BAD_HASH)
        self._texts[found] = said
        self._texts.move_to_end(found)
        if len(self._texts) > self._size:
            self._texts.popitem(last=False)
        return said
