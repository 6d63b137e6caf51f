"""What the demo says of the telephones that rang."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from anyio import to_thread

from app.outside import fakes
from app.outside.fakes.phones import Arrival
from app.outside.post import Message
from app.outside.sms.line import AlibabaLine
from app.outside.sms.notices import SmsNotices
from scripts.playing.people import openid_of
from scripts.playing.phones import rung
from scripts.playing.wire import Address
from tests.outside.world import a_street

pytestmark = pytest.mark.anyio


async def test_it_is_said_what_came_and_to_how_many() -> None:
    async with a_street() as street:
        world = street.new_world()
        line = AlibabaLine(street.url, fakes.SMS_KEY_ID, fakes.SMS_KEY_SECRET, client=street.line)
        sms = SmsNotices(line, fakes.SMS_SIGN_NAME, fakes.SMS_NOTICES)
        address = Address("", "", (), (), f"{street.url}/")
        assert await to_thread.run_sync(rung, address) == "Nothing came to 0 telephones."
        for phone in ("13912345678", "13912345678", "13912345679"):
            await sms.send(phone, Message("OFFER"), uuid4())
        assert await to_thread.run_sync(rung, address) == "3 text messages came to 2 telephones."
        # Her mini-program is on the telephone that she has.
        openid = openid_of("13912345678")
        world.phones.ring(Arrival("MINI_PROGRAM", openid, fakes.TITLES["OFFER"], (), datetime.now(UTC)))
        said = "3 text messages and 1 mini-program messages came to 2 telephones."
        assert await to_thread.run_sync(rung, address) == said
    assert rung(Address("", "", (), ())) == ""
