"""What an applicant for legal aid says of herself; `data/legal_aid.toml` explains each value."""

from dataclasses import dataclass
from enum import StrEnum


class EligibilityKind(StrEnum):
    LEGAL_AID = "LEGAL_AID"


class FormOfAid(StrEnum):
    ADVICE = "ADVICE"
    DRAFTING = "DRAFTING"
    CRIMINAL = "CRIMINAL"
    REPRESENTATION = "REPRESENTATION"
    DUTY_LAWYER = "DUTY_LAWYER"
    LABOUR_ARBITRATION = "LABOUR_ARBITRATION"


class AidMatter(StrEnum):
    STATE_COMPENSATION = "STATE_COMPENSATION"
    SOCIAL_BENEFITS = "SOCIAL_BENEFITS"
    PENSION_FOR_THE_BEREAVED = "PENSION_FOR_THE_BEREAVED"
    MAINTENANCE = "MAINTENANCE"
    LABOUR = "LABOUR"
    CAPACITY = "CAPACITY"
    WORK_INJURY = "WORK_INJURY"
    TRAFFIC_INJURY = "TRAFFIC_INJURY"
    FOOD_OR_DRUG_INJURY = "FOOD_OR_DRUG_INJURY"
    MEDICAL_INJURY = "MEDICAL_INJURY"
    ENVIRONMENT = "ENVIRONMENT"
    OTHER = "OTHER"
    SUSPECT_OR_DEFENDANT = "SUSPECT_OR_DEFENDANT"
    VICTIM = "VICTIM"
    PRIVATE_PROSECUTOR = "PRIVATE_PROSECUTOR"
    INCIDENTAL_PLAINTIFF = "INCIDENTAL_PLAINTIFF"
    RETRIAL = "RETRIAL"


class AidCircumstance(StrEnum):
    HEROES_AND_MARTYRS = "HEROES_AND_MARTYRS"
    BRAVE_ACT = "BRAVE_ACT"
    ACQUITTED_ON_RETRIAL = "ACQUITTED_ON_RETRIAL"
    ABUSE_OR_VIOLENCE = "ABUSE_OR_VIOLENCE"


class AidGroup(StrEnum):
    WITHOUT_FIXED_SUPPORT = "WITHOUT_FIXED_SUPPORT"
    SOCIAL_RELIEF = "SOCIAL_RELIEF"
    JUDICIAL_RELIEF = "JUDICIAL_RELIEF"
    SPECIAL_CARE = "SPECIAL_CARE"
    MIGRANT_WORKER = "MIGRANT_WORKER"


class DefenceGround(StrEnum):
    MINOR = "MINOR"
    BLIND_DEAF_OR_MUTE = "BLIND_DEAF_OR_MUTE"
    IMPAIRED = "IMPAIRED"
    LIFE_OR_DEATH = "LIFE_OR_DEATH"
    DEATH_PENALTY_REVIEW = "DEATH_PENALTY_REVIEW"
    IN_ABSENTIA = "IN_ABSENTIA"


class EconomicBasis(StrEnum):
    UNCONDITIONAL = "UNCONDITIONAL"
    EXEMPT = "EXEMPT"
    PROMISE = "PROMISE"
    CHECK = "CHECK"


@dataclass(frozen=True, slots=True)
class Answers:
    """What an applicant says of herself; None is what she was not asked yet, an empty list is none of them.

    `monthly_income` is the household's, in fen.
    """

    form: FormOfAid | None = None
    matter: AidMatter | None = None
    circumstances: tuple[AidCircumstance, ...] | None = None
    groups: tuple[AidGroup, ...] | None = None
    defence: tuple[DefenceGround, ...] | None = None
    proved: bool | None = None
    hardship: bool | None = None
    promised: bool | None = None
    household: int | None = None
    monthly_income: int | None = None
    represented: bool | None = None

    def given(self, question: str, standard: int) -> tuple[str | bool, ...] | None:
        """As the rules read it. `standard` is what a head may have a month, in fen."""
        if question == "income":
            if not self.household or self.monthly_income is None:
                return None
            return ("WITHIN" if self.monthly_income <= standard * self.household else "ABOVE",)
        said = getattr(self, question)
        return said if said is None or isinstance(said, tuple) else (said,)
