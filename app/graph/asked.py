"""What of a field's value is asked for, so that the rest need not be read."""

from collections.abc import Iterable, Iterator, Mapping

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, Node, SelectionSetNode

from app.graph.context import Info


def asked(info: Info) -> frozenset[str]:
    """The names of the fields that may be told of the value, whatever its type and whatever `@skip` says."""
    raw = info._raw_info
    return frozenset(_below(raw.field_nodes, raw.fragments))


def _below(nodes: Iterable[Node], fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[str]:
    for node in nodes:
        selected: SelectionSetNode | None = getattr(node, "selection_set", None)
        for one in selected.selections if selected else ():
            if isinstance(one, FieldNode):
                yield one.name.value
            elif isinstance(one, FragmentSpreadNode):
                yield from _below([fragments[one.name.value]], fragments)
            else:
                yield from _below([one], fragments)
