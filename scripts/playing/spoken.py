"""A question that is spoken: its recording is sent as clients send one, and heard in parts.

`spoken.mp3` beside this was made for this project by espeak-ng (voice cmn) from the words of `texts.SPOKEN`; like the
rest of the project it is under its MIT licence.
"""

from typing import Any
from uuid import uuid4

from scripts.playing.texts import Text
from scripts.playing.wire import REFUSED, Failed, Wire, codes

UPLOAD = f"""mutation ($input: CreateUploadInput!) {{ createUpload(input: $input) {{
  __typename ... on UploadTicket {{ url file {{ id }} }} {REFUSED} }} }}"""
PART = "bytes=0-4095"


async def said(wire: Wire, text: Text) -> dict[str, Any]:
    """What stands in the input of a question in place of its body. Raises Failed."""
    assert text.recording
    sound = text.recording.read_bytes()
    claim = {"kind": "VOICE", "bytes": len(sound), "contentType": "audio/mpeg", "idempotencyKey": str(uuid4())}
    ticket = await wire.ask(UPLOAD, input=claim)
    if codes(ticket):
        raise Failed(f"A recording was refused: {ticket['reasons'][0]['message']}")
    form = {"file": (text.recording.name, sound, "audio/mpeg")}  # as wx.uploadFile sends it
    sent = await wire.line.http.post(ticket["url"], files=form)
    if sent.is_error:
        raise Failed(f"A recording was not taken: HTTP {sent.status_code}")
    return {"voice": ticket["file"]["id"], "transcript": {"text": text.body, "engine": "WechatSI"}}


async def heard(wire: Wire, voice: dict[str, Any]) -> bool:
    """Whether a lawyer's telephone gets the first part of a recording, as a player asks for it."""
    part = await wire.line.http.get(voice["file"]["url"], headers={"range": PART})
    return part.status_code == 206 and len(part.content) == 4096
