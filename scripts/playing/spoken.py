"""`python -m scripts.playing.spoken [demo.json]`: one question that is spoken, asked and heard as clients do it.

`spoken.mp3` beside this was made for this project by espeak-ng (voice cmn) from the words below; like the rest of the
project it is under its MIT licence.
"""

import argparse
import asyncio
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid4

from app.graph.ids import global_id
from app.places.rules import DIVISIONS, Kind
from scripts.playing.consents import agree
from scripts.playing.wire import REFUSED, Address, Failed, Line, Wire, codes

SAMPLE = Path(__file__).with_name("spoken.mp3")
WORDS = "老板拖欠我三个月工资，也没有签劳动合同，现在还要辞退我。我该怎么办？"
UPLOAD = f"""mutation ($input: CreateUploadInput!) {{ createUpload(input: $input) {{
  __typename ... on UploadTicket {{ url file {{ id }} }} {REFUSED} }} }}"""
ASK = f"""mutation ($input: AskQuestionInput!) {{ askQuestion(input: $input) {{
  __typename ... on Question {{ id status brief }} {REFUSED} }} }}"""
OFFERS = "{ offers(first: 20) { nodes { id brief } } }"
CLAIM = f"""mutation ($input: ClaimOfferInput!) {{ claimOffer(input: $input) {{ __typename ... on Seat {{ question {{
  voice {{ durationMs file {{ url }} transcript {{ text source }} }} }} }} {REFUSED} }} }}"""
TRIES = 120
"""Half seconds in which the first wave has called somebody."""


async def asked(wire: Wire) -> tuple[str, str]:
    """(id, brief) of a question in which this resident speaks. Raises Failed."""
    sound = SAMPLE.read_bytes()
    claim = {"kind": "VOICE", "bytes": len(sound), "contentType": "audio/mpeg", "idempotencyKey": str(uuid4())}
    ticket = await wire.ask(UPLOAD, input=claim)
    if codes(ticket):
        raise Failed(ticket["reasons"][0]["message"])
    form = {"file": ("spoken.mp3", sound, "audio/mpeg")}  # as wx.uploadFile sends it
    (await wire.line.http.post(ticket["url"], files=form)).raise_for_status()
    place = next(code for code, one in DIVISIONS.items() if one.kind is Kind.VILLAGE)
    said: dict[str, Any] = {"categoryId": global_id("Category", "labour.wages"), "divisionCode": place}
    said["idempotencyKey"] = str(uuid4())
    said |= {"voice": ticket["file"]["id"], "transcript": {"text": WORDS, "engine": "WechatSI"}}
    made = await wire.ask(ASK, input=said)
    if codes(made):
        raise Failed(made["reasons"][0]["message"])
    return made["id"], made["brief"]


async def heard(wire: Wire, brief: str) -> tuple[int, int, str] | None:
    """(milliseconds, bytes of its first part, words) by a lawyer who was offered it; None by any other."""
    for offer in (await wire.ask(OFFERS))["nodes"]:
        if offer["brief"] == brief:
            seat = await wire.ask(CLAIM, input={"offerId": offer["id"], "idempotencyKey": str(uuid4())})
            if codes(seat):
                return None
            voice = seat["question"]["voice"]
            part = await wire.line.http.get(voice["file"]["url"], headers={"range": "bytes=0-4095"})
            if part.status_code != 206:
                raise Failed(f"The recording is not heard in parts: HTTP {part.status_code}")
            return voice["durationMs"], len(part.content), voice["transcript"]["text"]
    return None


async def play(line: Line) -> tuple[int, int, str]:
    resident = Wire(line, line.address.residents[-1])
    await agree(resident)
    _, brief = await asked(resident)
    for _ in range(TRIES):
        for token in line.address.lawyers:
            if found := await heard(Wire(line, token), brief):
                return found
        await asyncio.sleep(0.5)
    raise Failed("Nobody was called.")


async def main(path: Path) -> None:
    async with Line.open(Address.of(json.loads(path.read_text("utf-8"))), Counter()) as line:
        length, part, words = await play(line)
    sys.stdout.write(f"Asked by voice, {length / 1000:.1f} s; a lawyer heard its first {part} bytes: {words}\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m scripts.playing.spoken", description="Asks one question by voice.")
    parser.add_argument("demo", nargs="?", type=Path, default=Path("var/demo.json"))
    asyncio.run(main(parser.parse_args().demo))
