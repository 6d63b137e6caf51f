"""A document that is named by its hash instead of being sent."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from app.core.errors import code, refuse
from app.graph.documents import REMEMBERED
from app.graph.limits import CHARACTERS
from app.graph.trusted import Trusted, hash_of

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


def extensions_of(request: Mapping[str, Any]) -> dict[str, Any] | None:
    """Those of a request, in which its `documentId` (`sha256:` and the digits) is a persisted query as Apollo names it.

    After https://github.com/graphql/graphql-over-http/blob/main/spec/Appendix%20A%20--%20Persisted%20Documents.md.
    What has another prefix, or none, is no hash: BAD_HASH in the end.
    """
    extensions: dict[str, Any] | None = request.get("extensions")
    if (id := request.get("documentId")) is None:
        return extensions
    prefix, _, digits = str(id).partition(":")
    hash = digits if prefix == "sha256" and digits else None
    return (extensions or {}) | {"persistedQuery": {"version": 1, "sha256Hash": hash}}


class Persisted:
    """Documents by their hash: those that are trusted, and what was sent once (Apollo's automatic persisted queries).

    Kept in this process alone: a document may hold what a person wrote, which no shared cache ever sees.
    """

    def __init__(self, trusted: Trusted, size: int = REMEMBERED) -> None:
        self._trusted, self._size = trusted, size
        self._texts: OrderedDict[str, str] = OrderedDict()

    def text(self, said: str | None, extensions: dict[str, Any] | None) -> str | None:
        """The document that is meant. Refuses PERSISTED_QUERY_NOT_FOUND and BAD_HASH."""
        wanted = (extensions or {}).get("persistedQuery")
        name = wanted.get("sha256Hash") if isinstance(wanted, dict) and wanted.get("version") == 1 else None
        if wanted is not None and not isinstance(name, str):
            raise refuse(BAD_HASH)
        if said is None:
            found = self._known(name) if name is not None else None
            if found is None:
                raise refuse(PERSISTED_QUERY_NOT_FOUND)
            return found
        if len(said) > CHARACTERS:
            return said  # refused soon, and not worth a hash
        hash = hash_of(said)
        if name not in (None, hash):
            raise refuse(BAD_HASH)
        self._texts[hash] = said
        self._texts.move_to_end(hash)
        if len(self._texts) > self._size:
            self._texts.popitem(last=False)
        return said

    def _known(self, name: str) -> str | None:
        if name not in self._texts:
            return self._trusted.text(name)
        self._texts.move_to_end(name)
        return self._texts[name]
