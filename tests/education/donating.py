"""What who gives a case away says to the graph, and the editors who take it on."""

from typing import Any

from app.core.access import Viewer
from app.core.ids import new_id
from tests.city import REFUSED, City

PREVIEW = f"""query ($id: ID!, $strikes: [String!]) {{ donationPreview(questionId: $id, strikes: $strikes) {{
  __typename {REFUSED} ... on DonationPreview {{ text digest }} }} }}"""
CASE = "id state text donatedAt topic { code }"
MINE = f"{{ myDonations {{ {CASE} }} }}"
OFFERED = f"{{ donatedCases {{ nodes {{ {CASE} }} }} }}"


async def preview(city: City, who: Viewer, question: str, strikes: list[str] | None = None) -> Any:
    return await city.one(who, PREVIEW, id=question, strikes=strikes)


async def act(city: City, who: Viewer, field: str, /, **said: Any) -> Any:
    kind = f"{field[0].upper()}{field[1:]}Input"
    shown = f"{{ __typename {REFUSED} ... on DonatedCase {{ {CASE} }} }}"
    return await city.one(who, f"mutation ($input: {kind}!) {{ {field}(input: $input) {shown} }}", input=said)


async def give(city: City, who: Viewer, question: str, strikes: list[str] | None = None, **other: Any) -> Any:
    """Just what she was shown."""
    seen = await preview(city, who, question, strikes)
    said = {"questionId": question, "strikes": strikes or [], "digest": seen.get("digest", "none")}
    return await act(city, who, "donateCase", **said | {"idempotencyKey": str(new_id())} | other)


async def donated(city: City, who: Viewer, question: str) -> str:
    made = await give(city, who, question)
    assert made["__typename"] == "DonatedCase", made
    id: str = made["id"]
    return id
