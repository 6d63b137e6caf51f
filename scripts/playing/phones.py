"""What came to the telephones of the demo city, as the fake providers tell it."""

from collections import Counter

import httpx

from scripts.playing.people import phone_of
from scripts.playing.wire import Address

NAMES = {
    "SMS": "text messages",
    "MINI_PROGRAM": "mini-program messages",
    "OFFICIAL_ACCOUNT": "official account notices",
}


def rung(address: Address) -> str:
    """ "12 text messages and 3 mini-program messages came to 9 telephones."; nothing where nobody can be asked."""
    if not address.phones:
        return ""
    try:
        arrived = httpx.get(f"{address.phones}inbox", timeout=10, trust_env=False).json()
    except (httpx.HTTPError, ValueError):
        return ""
    each = Counter(NAMES.get(one["channel"], one["channel"]) for one in arrived)
    what = " and ".join(f"{count} {name}" for name, count in each.most_common()) or "Nothing"
    return f"{what} came to {len({phone_of(one['to']) for one in arrived})} telephones."
