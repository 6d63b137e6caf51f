"""What a client shows before the first question: the notices, and how old one is. These residents read fast."""

from scripts.playing.wire import Wire

MINE = "{ viewer { ageBand consents { given notice { purpose version required } } } }"
AGREE = """mutation ($purpose: ConsentPurpose!, $version: Int!) {
  giveConsent(input: {purpose: $purpose, version: $version}) { __typename } }"""
GROWN_UP = "mutation { declareAge(input: {band: ADULT}) { __typename } }"


async def agree(wire: Wire) -> None:
    """Say yes to what is required and was not agreed to yet, and that one is grown up. Twice changes nothing."""
    mine = await wire.ask(MINE)
    for consent in mine["consents"]:
        notice = consent["notice"]
        if notice["required"] and not consent["given"]:
            await wire.ask(AGREE, purpose=notice["purpose"], version=notice["version"])
    if mine["ageBand"] is None:
        await wire.ask(GROWN_UP)
