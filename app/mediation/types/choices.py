"""What mediation lets choose from, explained to the graph."""

from app.graph.enums import explain
from app.mediation import models
from app.mediation.rules.court import COURT

explain(
    models.Side,
    "One of the two of a mediation.",
    "MediationSide",
    APPLICANT="Who applied; where nobody did, whom the committee named first.",
    RESPONDENT="The other side.",
)
explain(
    models.Where,
    "Who reads what is written there; the mediator reads all of it.",
    "RecordPlace",
    SHARED="Both sides.",
    APPLICANT="Who applied, alone.",
    RESPONDENT="The other side, alone.",
)
explain(
    models.Answer,
    "What somebody who was invited says (人民调解法第十七条).",
    "InvitationAnswer",
    CONSENTS="She wants it.",
    REFUSES="She does not: that ends it.",
)
explain(
    models.RecordKind,
    "A sheet of the standard file of a mediation.",
    "MediationRecordKind",
    STATEMENT="What a side says.",
    INQUIRY="What a mediator found out (调查记录).",
    SESSION="Minutes of a session (调解记录).",
    NOTE="A note of the mediator.",
    VISIT="A call afterwards (回访记录).",
)
explain(
    models.Teller,
    "Whose words a sheet holds.",
    "RecordTeller",
    APPLICANT="Who applied.",
    RESPONDENT="The other side.",
    MEDIATOR="Who mediates.",
)
explain(
    models.AgreementForm,
    "How two people bind themselves (人民调解法第二十八条).",
    "AgreementForm",
    WRITTEN="In writing.",
    ORAL="Orally: the mediator writes down what was agreed on.",
)
explain(
    models.About,
    "To what a side says yes or no.",
    "AssentTo",
    AGREEMENT="The agreement on the table: with the second yes it binds.",
    EXTENSION="Thirty days more, once.",
    COURT="Going to the court together (人民调解法第三十三条).",
    CARRY_OVER="Carrying the shared record into another application.",
    MEDIATOR="The mediator (人民调解法第二十三条): a side that does not accept her says no, and another is chosen.",
)
explain(
    models.How,
    "How a side said it.",
    "AssentHow",
    ONLINE="Herself, here.",
    IN_PERSON="Before the mediator, who wrote it down.",
)
explain(
    models.CourtState,
    "Where the judicial confirmation of an agreement stands.",
    "CourtConfirmationState",
    ELIGIBLE="Both may still go to the court together.",
    **{row.after: f"{row.zh}. {row.en}" for row in COURT.rows},
)
