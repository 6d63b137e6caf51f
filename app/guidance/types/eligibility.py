"""Eligibility as clients see it: the questions, the answers, and the trace of rules."""

from collections.abc import Iterator

import strawberry

from app.core.errors import BAD_VALUE, Language, Reason, because, refuse_if
from app.core.money import BAD_AMOUNT, fen
from app.graph import visible
from app.graph.enums import explain
from app.guidance.rules import eligibility as rules
from app.guidance.rules.eligibility import LAWS, EligibilityKind, Law, Named

HOUSEHOLD_MAX = 50


def _explained(kind: type, question: str, description: str) -> None:
    """By the words of the law's data, so that they stand in one place."""
    options = LAWS[EligibilityKind.LEGAL_AID].questions[question].options
    said = {value: f"{named.en} ({named.zh}, article {named.article})." for value, named in options.items()}
    explain(kind, description, **said)


explain(
    EligibilityKind, "What one can ask the eligibility for.", LEGAL_AID="A lawyer at the public's expense (法律援助)."
)
_explained(rules.FormOfAid, "form", "Forms of legal aid, after the Legal Aid Law (法律援助法).")
_explained(rules.AidMatter, "matter", "Matters of legal aid, after the Legal Aid Law (法律援助法).")
_explained(
    rules.AidCircumstance,
    "circumstances",
    "In these no economic condition applies, after the Legal Aid Law (法律援助法).",
)
_explained(rules.AidGroup, "groups", "Whose hardship is not checked, after the Legal Aid Law (法律援助法).")
_explained(
    rules.DefenceGround, "defence", "Where the authority has a defender assigned, after the Legal Aid Law (法律援助法)."
)
explain(
    rules.EconomicBasis,
    "On what ground the economic condition is met.",
    UNCONDITIONAL="None applies (不受经济困难条件限制).",
    EXEMPT="Hardship is not checked (免予核查).",
    PROMISE="A personal promise takes the place of the check (个人诚信承诺).",
    CHECK="The centre checks it (核查).",
)
explain(
    rules.Outcome,
    "What the rules say of the answers.",
    "EligibilityOutcome",
    ELIGIBLE="All conditions are met.",
    NEEDS_CHECK="None fails, but one is open, or the centre has to look at it.",
    NOT_ELIGIBLE="One fails.",
)
explain(
    rules.Condition,
    "What has to be met.",
    "EligibilityCondition",
    FORM="The form suits the matter.",
    MATTER="It is a matter of legal aid.",
    REPRESENTATION="Nobody represents the applicant already.",
    MEANS="The applicant cannot afford it, or need not show it.",
)
explain(
    rules.Holds,
    "What came of a rule.",
    "RuleHolding",
    HOLDS="It holds.",
    DOES_NOT_HOLD="It does not.",
    UNANSWERED="Nobody knows: something was not answered.",
)


@strawberry.input(description="What is known of an applicant. Null is not asked yet; an empty list is none of them.")
class EligibilityAnswersInput:
    form: rules.FormOfAid | None = strawberry.field(default=None, description="The form of aid.")
    matter: rules.AidMatter | None = strawberry.field(default=None, description="What it is about.")
    circumstances: list[rules.AidCircumstance] | None = strawberry.field(
        default=None, description="Circumstances without an economic condition."
    )
    groups: list[rules.AidGroup] | None = strawberry.field(default=None, description="Groups that are not checked.")
    proved: bool | None = strawberry.field(default=None, description="Whether a document shows the group.")
    defence: list[rules.DefenceGround] | None = strawberry.field(
        default=None, description="Of a suspect or defendant: grounds of a defence on notification."
    )
    hardship: bool | None = strawberry.field(default=None, description="Whether she cannot afford a lawyer.")
    promised: bool | None = strawberry.field(
        default=None, description="Whether she promises that what she says of her means is true."
    )
    household_members: int | None = strawberry.field(
        default=None, description="How many live together, herself included: 1 to 50."
    )
    monthly_income: str | None = strawberry.field(
        default=None, description="What the household has a month, in yuan, such as `3200.50`."
    )
    represented: bool | None = strawberry.field(default=None, description="Whether she has a lawyer already.")

    def plain(self) -> rules.Answers:
        refuse_if(list(self._against()))
        return rules.Answers(
            form=self.form,
            matter=self.matter,
            circumstances=None if self.circumstances is None else tuple(self.circumstances),
            groups=None if self.groups is None else tuple(self.groups),
            defence=None if self.defence is None else tuple(self.defence),
            proved=self.proved,
            hardship=self.hardship,
            promised=self.promised,
            household=self.household_members,
            monthly_income=None if self.monthly_income is None else fen(self.monthly_income),
            represented=self.represented,
        )

    def _against(self) -> Iterator[Reason]:
        if self.household_members is not None and not 1 <= self.household_members <= HOUSEHOLD_MAX:
            yield because(BAD_VALUE, "answers.householdMembers")
        if self.monthly_income is not None and fen(self.monthly_income) is None:
            yield because(BAD_AMOUNT, "answers.monthlyIncome")


@strawberry.type(description="An article of a law.", directives=[visible.WITHIN])
class LawArticle:
    law: str = strawberry.field(description="What the law is called.")
    number: str = strawberry.field(description="The number of the article.")
    about: str = strawberry.field(description="What the article is about.")

    @classmethod
    def of(cls, number: str, law: Law, language: Language) -> "LawArticle":
        return cls(law=law.called.told(language), number=number, about=law.articles[number].told(language))


@strawberry.type(description="An answer that one can give.", directives=[visible.WITHIN])
class EligibilityOption:
    value: str = strawberry.field(description="As the enum of the input calls it.")
    text: str = strawberry.field(description="What to show people.")
    article: LawArticle | None = strawberry.field(description="Where it stands.")
    item: int | None = strawberry.field(description="The item of that article, null where it has none.")

    @classmethod
    def of(cls, value: str, named: Named, law: Law, language: Language) -> "EligibilityOption":
        article = None if named.article is None else LawArticle.of(named.article, law, language)
        return cls(value=value, text=named.told(language), article=article, item=named.item)


@strawberry.type(description="A question by which eligibility is decided.", directives=[visible.ANYONE])
class EligibilityQuestion:
    name: str = strawberry.field(
        description="The field of the answers; `income` is `householdMembers` with `monthlyIncome`."
    )
    text: str = strawberry.field(description="What to ask people.")
    options: list[EligibilityOption] = strawberry.field(description="What they can answer; none where it is yes or no.")

    @classmethod
    def of(cls, question: rules.Question, law: Law, language: Language) -> "EligibilityQuestion":
        options = [EligibilityOption.of(value, named, law, language) for value, named in question.options.items()]
        return cls(name=question.name, text=question.text.told(language), options=options)


@strawberry.type(description="What a rule was given.", directives=[visible.WITHIN])
class GivenAnswer:
    question: str = strawberry.field(description="The question's name.")
    values: list[str] | None = strawberry.field(
        description="The answer: values of the enum, or YES or NO; null where it was not answered."
    )


@strawberry.type(description="A rule that was looked at.", directives=[visible.WITHIN])
class EligibilityStep:
    rule: str = strawberry.field(description="The stable id of the rule.")
    condition: rules.Condition = strawberry.field(description="What it decides, if it holds.")
    says: str = strawberry.field(description="What the rule says.")
    articles: list[LawArticle] = strawberry.field(description="Where the law says so.")
    inputs: list[GivenAnswer] = strawberry.field(description="What it was given.")
    result: rules.Holds = strawberry.field(description="Whether it holds.")
    decides: bool = strawberry.field(description="Whether it is the one that its condition rests on.")

    @classmethod
    def of(cls, step: rules.Step, law: Law, language: Language) -> "EligibilityStep":
        return cls(
            rule=step.rule.id,
            condition=step.rule.condition,
            says=step.rule.says.told(language),
            articles=[LawArticle.of(number, law, language) for number in step.rule.articles],
            inputs=[
                GivenAnswer(question=question, values=None if said is None else list(said))
                for question, said in step.given.items()
            ],
            result=step.holds,
            decides=step.decides,
        )


@strawberry.type(description="Whether one would be eligible, and why.", directives=[visible.ANYONE])
class Eligibility:
    outcome: rules.Outcome = strawberry.field(description="What comes of all conditions.")
    basis: rules.EconomicBasis | None = strawberry.field(
        description="On what ground the economic condition stands, null where none does yet."
    )
    steps: list[EligibilityStep] = strawberry.field(description="The rules that were looked at, in their order.")
    missing: list[EligibilityQuestion] = strawberry.field(
        description="What was not answered and could make the outcome better."
    )

    @classmethod
    def of(cls, verdict: rules.Verdict, law: Law, language: Language) -> "Eligibility":
        return cls(
            outcome=verdict.outcome,
            basis=verdict.basis,
            steps=[EligibilityStep.of(step, law, language) for step in verdict.steps],
            missing=[EligibilityQuestion.of(law.questions[name], law, language) for name in verdict.missing],
        )
