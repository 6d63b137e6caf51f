"""What the form of notarisation lets choose from, beside the matters and grounds in `guidance.rules.notarisation`."""

from enum import StrEnum


class Authentication(StrEnum):
    NONE = "NONE"
    APOSTILLE = "APOSTILLE"
    CONSULAR = "CONSULAR"


class EvidenceKind(StrEnum):
    ID_DOCUMENT = "ID_DOCUMENT"
    AUTHORITY = "AUTHORITY"
    ORIGINAL = "ORIGINAL"
    PROPERTY = "PROPERTY"
    RECORD = "RECORD"
    OTHER = "OTHER"
