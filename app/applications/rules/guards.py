"""What must hold besides the state, by the names that the machines' tables use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from app.core.errors import Code, code

LIST_GIVEN = code(
    "LIST_GIVEN",
    zh="补充材料应当一次性告知；再次要求补充，须由机构负责人说明理由后提出。",
    en="What is missing is said once. A second list is the supervisor's to give, with her reason.",
    remedy="Decide on what is there, or ask the institution's supervisor.",
)
LIST_FIRST = code(
    "LIST_FIRST",
    zh="尚未进行过一次性告知，请由承办人先行告知。",
    en="No list was given yet: the officer gives the first.",
    remedy="Call askSupplement without `again`.",
)
NOT_URGENT = code(
    "NOT_URGENT",
    zh="不符合先行提供法律援助的情形（距法定时效或者期限届满不足七日等）。",
    en="Nothing of it is urgent: aid in advance is for where a time limit is less than seven days away.",
    remedy="Decide after the review.",
)
NOT_IN_ADVANCE = code(
    "NOT_IN_ADVANCE",
    zh="该申请已作出决定，无需再补充材料。",
    en="It is decided; nothing is to be supplied any more.",
    remedy="Only where aid was provided in advance do the papers follow.",
)
CHANGE_ASKED_ALREADY = code(
    "CHANGE_ASKED_ALREADY",
    zh="您已请求更换承办律师，请等待答复。",
    en="Another lawyer was asked for already.",
    remedy="Wait for the institution's answer.",
)
NO_CHANGE_ASKED = code(
    "NO_CHANGE_ASKED",
    zh="受援人没有请求更换承办律师。",
    en="The applicant did not ask for another lawyer.",
    remedy="Read the application again.",
)
NOT_REPORTED = code(
    "NOT_REPORTED",
    zh="承办律师尚未提交结案报告。",
    en="The lawyer has not reported yet.",
    remedy="Wait for her report.",
)
SUBSIDISED_ALREADY = code(
    "SUBSIDISED_ALREADY",
    zh="该案件的办案补贴已经核定。",
    en="The subsidy is recorded already.",
    remedy="Read the application again.",
)
OBJECTED_ALREADY = code(
    "OBJECTED_ALREADY",
    zh="您已提出过异议；对异议决定不服的，可以依法申请行政复议或者提起行政诉讼。",
    en="An objection was made already. Against its decision one may apply for reconsideration, or go to court.",
    remedy="Show the ways that the law gives: 法律援助法第四十九条.",
)
OWN_DECISION = code(
    "OWN_DECISION",
    zh="作出原决定的人员不得审查对该决定的异议。",
    en="Nobody looks into an objection to her own decision.",
    remedy="Leave it to another supervisor of the institution.",
)
ISSUER_REVIEWS = code(
    "ISSUER_REVIEWS",
    zh="应当先指派原承办公证员之外的公证员复查。",
    en="Somebody other than the notary who issued the certificate has to look into it first.",
    remedy="Hand the case over to another with handOverApplication: 公证程序规则第六十二条.",
)
TAKEN_ALREADY = code(
    "TAKEN_ALREADY",
    zh="该申请已由其他工作人员接手。",
    en="Somebody else has taken it already.",
    remedy="Read the queue again; a supervisor can hand it over.",
)
NOT_BOOKED = code(
    "NOT_BOOKED",
    zh="申请人尚未预约到场时间。",
    en="The applicant has not booked a visit yet.",
    remedy="She books with bookAppointment and names the visit with bookNotaryVisit.",
)
REVIEW_TOO_LATE = code(
    "REVIEW_TOO_LATE",
    zh="自收到公证书之日起已满一年，不能再申请复查；对公证书内容有争议的，可以向人民法院提起民事诉讼。",
    en="A year has passed since the certificate was received. Whoever contests what it says may go to court.",
    remedy="Show the ways that the law gives: 公证法第四十条.",
)


@dataclass(frozen=True)
class Facts:
    """What the guards ask; of an application as it stands, and of who acts."""

    lists: int = 0
    urgent: bool = False
    advance: bool = False
    change_asked: bool = False
    reported: bool = False
    objected: bool = False
    subsidised: bool = False
    decided_by_herself: bool = False
    held_by_decider: bool = False
    taken: bool = False
    booked: bool = False
    review_closed: bool = False


Guard = Callable[[Facts], Code | None]

GUARDS: Final[Mapping[str, Guard]] = {
    "first_list": lambda facts: LIST_GIVEN if facts.lists else None,
    "list_given": lambda facts: None if facts.lists else LIST_FIRST,
    "urgent": lambda facts: None if facts.urgent else NOT_URGENT,
    "in_advance": lambda facts: None if facts.advance else NOT_IN_ADVANCE,
    "no_change_asked": lambda facts: CHANGE_ASKED_ALREADY if facts.change_asked else None,
    "change_asked": lambda facts: None if facts.change_asked else NO_CHANGE_ASKED,
    "reported": lambda facts: None if facts.reported else NOT_REPORTED,
    "not_subsidised": lambda facts: SUBSIDISED_ALREADY if facts.subsidised else None,
    "not_objected": lambda facts: OBJECTED_ALREADY if facts.objected else None,
    "not_taken": lambda facts: TAKEN_ALREADY if facts.taken else None,
    "booked": lambda facts: None if facts.booked else NOT_BOOKED,
    "within_the_year": lambda facts: REVIEW_TOO_LATE if facts.review_closed else None,
    "looked_into_by_another": lambda facts: (
        OWN_DECISION if facts.decided_by_herself else ISSUER_REVIEWS if facts.held_by_decider else None
    ),
    "not_ones_own": lambda facts: OWN_DECISION if facts.decided_by_herself else None,
}
