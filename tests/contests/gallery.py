"""What people say to the graph about contests."""

from datetime import timedelta
from typing import Any

import httpx

from app.core.access import Viewer
from app.core.ids import new_id
from tests.activities import hall
from tests.city import REFUSED, City, codes
from tests.vault.sending import sent

ENTRY = """id state stateAt submittedAt pseudonym band verdict title picture { id url } activity { id }
  exhibit { id title votes picture { url smallUrl } }"""
ENTERED = f"{{ __typename {REFUSED} ... on ContestEntry {{ {ENTRY} }} }}"
EXHIBIT = "id pseudonym band title state award votes since picture { url smallUrl width height }"
VOTED = f"{{ __typename {REFUSED} ... on Exhibit {{ {EXHIBIT} }} }}"
FROZEN = "id votes at until fromOnePlace counted decidedById decidedAt exhibit { id }"
SHOWN = f"query ($id: ID!) {{ exhibits(activityId: $id, first: 50) {{ nodes {{ {EXHIBIT} }} }} }}"
DESK = f"query ($id: ID) {{ entryDesk(activityId: $id, first: 50) {{ nodes {{ {ENTRY} }} }} }}"
MINE = f"{{ myEntries(first: 9) {{ nodes {{ {ENTRY} }} }} }}"
FREEZES = f"query ($id: ID!) {{ voteFreezes(activityId: $id, first: 9) {{ nodes {{ {FROZEN} }} }} }}"
DECIDED = f"{{ __typename {REFUSED} ... on VoteFreeze {{ {FROZEN} }} }}"


async def contest(city: City, editor: Viewer, second: Viewer, **other: Any) -> str:
    """The id of one that is open."""
    now = await city.now()
    times = {"opensAt": now - timedelta(minutes=1), "closesAt": now + timedelta(days=20)}
    id = await hall.published(city, editor, second, "CONTEST", title="少年法治绘画比赛", **times | other)
    assert (await hall.seen(city, None, id))["state"] == "OPEN"
    return id


async def say(city: City, who: Viewer, field: str, kind: str, shape: str, **said: Any) -> Any:
    return await city.one(who, f"mutation ($input: {kind}!) {{ {field}(input: $input) {shape} }}", input=said)


async def enter(city: City, client: httpx.AsyncClient, who: Viewer, activity: str, **other: Any) -> Any:
    picture = other.pop("pictureId", None) or await sent(city, client, who)
    said = {"activityId": activity, "pictureId": picture, "title": "天平下的家", "idempotencyKey": str(new_id())}
    return await say(city, who, "submitEntry", "SubmitEntryInput", ENTERED, **said | other)


async def take(city: City, who: Viewer, entry: str) -> Any:
    return await say(city, who, "takeEntry", "TakeEntryInput", ENTERED, entryId=entry)


async def check(city: City, who: Viewer, entry: str, display: bool = True, verdict: str | None = None) -> Any:
    said = {"entryId": entry, "display": display, "verdict": verdict}
    return await say(city, who, "checkEntry", "CheckEntryInput", ENTERED, **said)


async def shown(city: City, client: httpx.AsyncClient, who: Viewer, activity: str, checker: Viewer) -> Any:
    """An entry of hers that everybody sees."""
    made = await enter(city, client, who, activity)
    assert not codes(made), made
    await take(city, checker, made["id"])
    done = await check(city, checker, made["id"])
    assert done["state"] == "DISPLAYED", done
    return done


async def vote(city: City, who: Viewer, exhibit: str) -> Any:
    return await say(city, who, "vote", "VoteInput", VOTED, exhibitId=exhibit)
