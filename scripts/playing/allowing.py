"""A tap on 允许: WeChat may send one more message of each template that the house proposes to ask for.

As a client does it: what `notificationReadiness` says to ask goes to wx.requestSubscribeMessage (here the fake WeChat,
which then knows of the consent), and what was tapped there to the house.
"""

from uuid import uuid4

import httpx

from scripts.playing.wire import REFUSED, Wire

READY = "{ notificationReadiness { templates { template templateId ask } } }"
RECORD = f"""mutation ($input: RecordSubscriptionConsentInput!) {{
  recordSubscriptionConsent(input: $input) {{ __typename {REFUSED} }} }}"""


async def allow(wire: Wire) -> None:
    """Nothing where WeChat does not know her, or its fake cannot be reached. Raises Failed."""
    phones = wire.line.address.phones
    if not (phones and wire.openid):
        return
    ready = await wire.ask(READY)
    asked = [one for one in ready["templates"] if one["ask"] and one["templateId"]]
    if not asked:
        return
    try:
        for one in asked:
            said = {"openid": wire.openid, "template": one["templateId"]}
            (await wire.line.http.post(f"{phones}consent", json=said)).raise_for_status()
    except httpx.HTTPError:
        return  # a house elsewhere: its telephones are not ours to tap on
    answers = [{"template": one["template"], "accepted": True} for one in asked]
    await wire.ask(RECORD, input={"answers": answers, "idempotencyKey": str(uuid4())})
