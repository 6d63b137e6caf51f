"""Why the law lets a notary pause, or refuse."""

from enum import StrEnum


class PauseGround(StrEnum):
    """公证法第三十条: no other pause of the fifteen working days is lawful."""

    FORCE_MAJEURE = "FORCE_MAJEURE"
    SUPPLEMENT = "SUPPLEMENT"
    VERIFICATION = "VERIFICATION"


class RefusalGround(StrEnum):
    """公证法第三十一条, in its order."""

    NO_GUARDIAN = "NO_GUARDIAN"
    NO_INTEREST = "NO_INTEREST"
    EXPERT_MATTER = "EXPERT_MATTER"
    DISPUTED = "DISPUTED"
    FALSE_EVIDENCE = "FALSE_EVIDENCE"
    INSUFFICIENT_EVIDENCE = "INSUFFICIENT_EVIDENCE"
    UNTRUE_OR_UNLAWFUL = "UNTRUE_OR_UNLAWFUL"
    AGAINST_MORALS = "AGAINST_MORALS"
    FEE_UNPAID = "FEE_UNPAID"
