"""What an institution does for people who come to its door, and what they bring."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from app.core.errors import BAD_VALUE, Reason, because
from app.core.texts import against_text
from app.directory.models import Service

MOST_DOCUMENTS: Final = 12
DOCUMENT: Final = (2, 60)
BETWEEN: Final = ("|", ";")
"""Between documents, and between services, in a table's cell."""
_FILE = Path(__file__).parents[1] / "data" / "services.json"


@dataclass(frozen=True, slots=True)
class Name:
    zh: str
    en: str


def _read() -> Mapping[Service, Name]:
    data = json.loads(_FILE.read_text("utf-8"))
    return MappingProxyType({service: Name(**data[service.value]) for service in Service})


NAMES = _read()
APPLICATIONS: Final[Mapping[Service, str]] = MappingProxyType(
    {Service.LEGAL_AID: "LegalAidApplication", Service.NOTARISATION: "NotarisationApplication"}
)
"""What may be applied for here, and how its applications are called in the graph."""
_CODES = {said: service for service, name in NAMES.items() for said in (service.value, name.zh)}


def against_services(said: Mapping[Service, list[str]]) -> Iterator[Reason]:
    for place, documents in enumerate(said.values()):
        if len(documents) > MOST_DOCUMENTS or len(set(documents)) < len(documents):
            yield because(BAD_VALUE, f"services.{place}.documents")
        for number, document in enumerate(documents[:MOST_DOCUMENTS]):
            where = f"services.{place}.documents.{number}"
            yield from against_text(document, where, *DOCUMENT)
            if any(mark in document for mark in BETWEEN):
                yield because(BAD_VALUE, where)


def written(services: Mapping[str, list[str]]) -> str:
    """For a table's cell: `LEGAL_AID=身份证|低保证;MEDIATION`."""
    documents, apart = BETWEEN
    return apart.join(f"{code}={documents.join(said)}" if said else code for code, said in services.items())


def read(cell: str) -> dict[Service, list[str]] | None:
    """What `written` wrote, names in Chinese too; None for what is no such thing."""
    found: dict[Service, list[str]] = {}
    documents, apart = BETWEEN
    for part in filter(None, (one.strip() for one in cell.replace("；", apart).split(apart))):
        name, _, said = part.partition("=")
        service = _CODES.get(name.strip())
        if service is None or service in found:
            return None
        found[service] = [one.strip() for one in said.split(documents) if one.strip()]
    return found
