"""What somebody who is no party of a notarisation says to the graph about its certificate."""

from datetime import date, timedelta
from typing import Any

from app.core.access import Viewer
from app.core.ids import new_id
from tests.applications.bureau import Bureau, filled
from tests.applications.office import mutation
from tests.city import REFUSED

NUMBER = "（2026）豫济证民字第12号"
SEEN = """id kind state allowed clock { kind since dueAt } outcome form { kind demand certificate { number }
  applicant { name idNumber } } steps { move by at reason article } papers { kind standing }"""
SHOWN = f"{{ __typename {REFUSED} ... on CertificateReviewApplication {{ {SEEN} }} }}"
BRIEFLY = f"{{ __typename {REFUSED} ... on CertificateReviewApplication {{ id }} }}"
LOOK = f"query ($id: ID!) {{ application(id: $id) {{ ... on CertificateReviewApplication {{ {SEEN} }} }} }}"


def form(today: date, **said: Any) -> dict[str, Any]:
    """Complete, with no files: what an authority can be review_asked is promised."""
    notary = filled()
    day = str(today - timedelta(days=30))
    return {
        "applicant": notary["applicants"][0],
        "certificate": {"number": NUMBER, "issuedOn": day, "learnedOn": day},
        "interest": "我是被继承人的女儿，公证书没有列明我。",
        "errors": "公证书写明继承人只有一人，与户口登记不符，遗漏了继承人。",
        "demand": "REVOKE",
        "evidence": [notary["evidence"][1]],
        "truthful": True,
    } | said


async def submits(bureau: Bureau, who: Viewer, key: str = "", shown: str = SHOWN, **said: Any) -> Any:
    filled_in = form(await bureau.city.today(), **said)
    input = {"institutionId": bureau.office, "certificateReview": filled_in, "idempotencyKey": key or str(new_id())}
    return await bureau.city.one(who, mutation("submitApplication", "SubmitApplicationInput", shown), input=input)


async def review_asked(bureau: Bureau, who: Viewer, **said: Any) -> str:
    made = await submits(bureau, who, **said)
    assert made["__typename"] == "CertificateReviewApplication", made
    await bureau.city.settle()
    id: str = made["id"]
    return id
