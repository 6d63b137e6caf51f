"""What the form of mediation lets choose from."""

from enum import StrEnum


class DisputeKind(StrEnum):
    """The fifteen of the statistics of people's mediation."""

    FAMILY = "FAMILY"
    NEIGHBOURS = "NEIGHBOURS"
    HOMESTEAD = "HOMESTEAD"
    CONTRACT = "CONTRACT"
    PRODUCTION = "PRODUCTION"
    DAMAGES = "DAMAGES"
    LAND = "LAND"
    DEMOLITION = "DEMOLITION"
    ENVIRONMENT = "ENVIRONMENT"
    LABOUR = "LABOUR"
    CONSUMER = "CONSUMER"
    MEDICAL = "MEDICAL"
    TRAFFIC = "TRAFFIC"
    PROPERTY_MANAGEMENT = "PROPERTY_MANAGEMENT"
    OTHER = "OTHER"


class MediationSource(StrEnum):
    """How a case comes to the committee (当事人申请、主动调解、委托移送)."""

    APPLICATION = "APPLICATION"
    OWN_INITIATIVE = "OWN_INITIATIVE"
    REFERRED = "REFERRED"


class Elsewhere(StrEnum):
    """Where else the dispute already is."""

    NOWHERE = "NOWHERE"
    COURT = "COURT"
    ARBITRATION = "ARBITRATION"
    AUTHORITY = "AUTHORITY"
    PETITION = "PETITION"


class MediationMaterialKind(StrEnum):
    ID_DOCUMENT = "ID_DOCUMENT"
    EVIDENCE = "EVIDENCE"
    AUTHORITY = "AUTHORITY"
    REFERRAL_LETTER = "REFERRAL_LETTER"
    OTHER = "OTHER"
