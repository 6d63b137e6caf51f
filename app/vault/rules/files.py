"""What may be sent and attached, and the words for what may not."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from app.core.errors import BAD_VALUE, Code, Reason, because, code
from app.outside.inspecting.found import Fault
from app.outside.inspecting.kinds import TYPES, Kind

MEGABYTE: Final = 1_000_000
LARGEST: Final = {Kind.VOICE: 5 * MEGABYTE, Kind.PICTURE: 10 * MEGABYTE, Kind.DOCUMENT: 20 * MEGABYTE}
"""Bytes of one file."""
MOST: Final = {Kind.VOICE: 1, Kind.PICTURE: 9, Kind.DOCUMENT: 3}
"""On one question, answer or message."""
LOOSE: Final = 30
LOOSE_BYTES: Final = 200 * MEGABYTE
"""What one person may have sent that hangs on nothing yet: more than any one thing can take."""
LIVES: Final = timedelta(hours=24)
"""How long a file is kept that hangs on nothing."""
TICKET: Final = timedelta(hours=1)
"""How long bytes are taken by one ticket; the same request gives a new one."""
LEASE: Final = timedelta(seconds=45)
"""How long one request that sends a file keeps others away after its last sign of life."""
CHECKING: Final = timedelta(minutes=3)
"""The same while the file is looked at."""

FILE_TYPE = code(
    "FILE_TYPE",
    zh="不支持这种文件类型。图片：JPEG、PNG、WebP、HEIC；录音：MP3、AAC、M4A、WAV、AMR；文档：PDF。",
    en="This type is not taken. Pictures: JPEG, PNG, WebP, HEIC; voice: MP3, AAC, M4A, WAV, AMR; documents: PDF.",
    remedy="Send one of these types, and name it in contentType.",
    status=415,
)
FILE_TOO_LARGE = code(
    "FILE_TOO_LARGE",
    zh="文件过大，最多 {limit} MB。",
    en="The file is too large: at most {limit} MB.",
    remedy="Make it smaller; a picture may be sent at a lower resolution.",
    status=413,
)
UPLOADS_FULL = code(
    "UPLOADS_FULL",
    zh="已上传而未使用的文件过多，请先使用，或明天再传。",
    en="Too many files were sent and not used yet. Use them, or send more tomorrow.",
    remedy="Attach what was sent; what hangs on nothing is removed after 24 hours.",
)
LINK_GONE = code(
    "LINK_GONE",
    zh="链接已失效，请重新打开。",
    en="This link is no longer good; please open it again.",
    remedy="Ask the graph for a new one: `File.url`, or `createUpload` with the same idempotency key.",
    status=404,
)
UPLOAD_BUSY = code(
    "UPLOAD_BUSY",
    zh="该文件正在上传中。",
    en="This file is being sent already.",
    remedy="Wait for the other request, or try again in a minute.",
    status=409,
)
UPLOAD_OFFSET = code(
    "UPLOAD_OFFSET",
    zh="上传位置不符，请从第 {received} 字节继续。",
    en="Go on from byte {received}.",
    remedy="Send the bytes from Upload-Offset on; HEAD tells it too.",
    status=409,
)
UPLOAD_SIZE = code(
    "UPLOAD_SIZE",
    zh="文件大小与声明不符。",
    en="The file is not as long as it was said to be.",
    remedy="Send exactly as many bytes as createUpload was told.",
    status=400,
)
UPLOAD_SLOW = code(
    "UPLOAD_SLOW",
    zh="上传过慢，请检查网络后重试。",
    en="The file came too slowly.",
    remedy="Ask HEAD how far it came, and go on from there by PUT.",
    status=408,
)
UPLOAD_FORM = code(
    "UPLOAD_FORM",
    zh="上传格式无效。",
    en="This is no upload.",
    remedy="POST multipart/form-data with one file in the field `file`, or PUT the bytes with Content-Range.",
    status=400,
)
FILE_NAME = code(
    "FILE_NAME",
    zh="文件名无效。",
    en="The file's name is not a name.",
    remedy="Send a plain file name without a path; it is not kept.",
    status=400,
)
FILE_WRONG_TYPE = code(
    "FILE_WRONG_TYPE",
    zh="文件内容与其类型不符。",
    en="The file is not what it was said to be.",
    remedy="Send the file under its true type.",
    status=422,
)
FILE_UNREADABLE = code(
    "FILE_UNREADABLE",
    zh="文件无法打开：可能已损坏、不完整或有密码。",
    en="The file cannot be opened: it may be damaged, cut off, or protected by a password.",
    remedy="Save it anew, without a password, and send that.",
    status=422,
)
FILE_PIXELS = code(
    "FILE_PIXELS",
    zh="图片尺寸过大，最多 6000 万像素。",
    en="The picture has too many pixels: at most 60 million.",
    remedy="Send it at a lower resolution.",
    status=422,
)
VOICE_TOO_LONG = code(
    "VOICE_TOO_LONG",
    zh="录音最长 10 分钟。",
    en="A recording is at most 10 minutes long.",
    remedy="Send it in parts.",
    status=422,
)
FILE_ACTIVE = code(
    "FILE_ACTIVE",
    zh="文档中含有脚本或附带文件，不能接收。",
    en="The document holds scripts or other files, and is not taken.",
    remedy="Print it to a new PDF, and send that.",
    status=422,
)
FILE_INFECTED = code(
    "FILE_INFECTED",
    zh="文件中发现恶意代码，不能接收。",
    en="Malicious code was found in the file.",
    remedy="Do not send it again.",
    status=422,
)
CHECK_AWAY = code(
    "CHECK_AWAY",
    zh="文件检查暂不可用，请稍后再试。",
    en="Files cannot be checked right now, please try again.",
    remedy="Send an empty PUT with `Content-Range: bytes */TOTAL` a little later: the bytes are kept.",
    status=503,
)
FILE_NOT_READY = code(
    "FILE_NOT_READY",
    zh="文件尚未上传完成或未通过检查。",
    en="This file was not sent whole, or not taken.",
    remedy="Send its bytes first; attach it when its state is READY.",
)
FILE_ATTACHED = code(
    "FILE_ATTACHED",
    zh="该文件已被使用。",
    en="This file was used already.",
    remedy="Send it again to use it a second time.",
)
TOO_MANY_FILES = code(
    "TOO_MANY_FILES",
    zh="附件过多：最多 9 张图片、3 份 PDF 和 1 段录音。",
    en="Too many files: at most 9 pictures, 3 PDFs and one recording.",
    remedy="Take some away.",
)

FAULTS: Final[dict[str, Code]] = {
    Fault.WRONG_TYPE: FILE_WRONG_TYPE,
    Fault.UNREADABLE: FILE_UNREADABLE,
    Fault.TOO_MANY_PIXELS: FILE_PIXELS,
    Fault.TOO_LONG: VOICE_TOO_LONG,
    Fault.ACTIVE: FILE_ACTIVE,
    Fault.INFECTED: FILE_INFECTED,
}


class Claim(BaseModel):
    """What somebody is about to send, in the words by which the house calls it."""

    kind: Kind
    bytes: int
    content_type: str


def against_claim(claim: Claim) -> list[Reason]:
    reasons = []
    if claim.content_type not in TYPES[claim.kind]:
        reasons.append(because(FILE_TYPE, "contentType"))
    if claim.bytes < 1:
        reasons.append(because(BAD_VALUE, "bytes"))
    elif claim.bytes > LARGEST[claim.kind]:
        reasons.append(because(FILE_TOO_LARGE, "bytes", limit=LARGEST[claim.kind] // MEGABYTE))
    return reasons


def against_hoarding(loose: Sequence[int], more: int) -> list[Reason]:
    """`loose`: the sizes of what she has sent and not used."""
    if len(loose) >= LOOSE or sum(loose) + more > LOOSE_BYTES:
        return [because(UPLOADS_FULL)]
    return []


def against_ids(ids: Sequence[UUID], field: str) -> list[Reason]:
    """Each once, and no more than can be attached at all."""
    if len(ids) > sum(MOST.values()):
        return [because(TOO_MANY_FILES, field)]
    return [because(BAD_VALUE, f"{field}.{place}") for place, id in enumerate(ids) if id in ids[:place]]


def against_many(kinds: Iterable[str], field: str) -> list[Reason]:
    """`kinds`: of all that would hang on one thing."""
    counted = Counter(kinds)
    return [because(TOO_MANY_FILES, field)] if any(counted[kind] > most for kind, most in MOST.items()) else []


def patience(size: int) -> float:
    """Seconds that so many bytes may take to come: a minute, and then 16 kB/s, as on the worst telephone network."""
    return 60 + size / 16_000
