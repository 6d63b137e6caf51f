"""What this room puts into a copy of all that is kept about somebody."""

from datetime import datetime
from typing import Final
from uuid import UUID

from app.core.portable import Record, shown
from app.outside.inspecting.kinds import SUFFIX

KINDS: Final = {"VOICE": "录音", "PICTURE": "图片", "DOCUMENT": "文档"}
SOURCES: Final = {"CLIENT": "客户端转写", "RECOGNISER": "平台识别", "CORRECTED": "人工更正"}


class TranscriptRecord(Record):
    """The words of a recording."""

    text: str = shown("文字", "The words.")
    source: str = shown("来源", "Who or what wrote them down.", SOURCES)
    engine: str | None = shown("程序", "The program that did, if one.")
    at: datetime = shown("时间", "When they came, or were corrected.")


class FileRecord(Record):
    """A file that she sent, or that came with an answer to her."""

    kind, title = "file", "文件与录音"

    id: UUID = shown("编号", "Its id.")
    what: str = shown("类型", "VOICE, PICTURE or DOCUMENT.", KINDS)
    content_type: str = shown("格式", "Its media type, as it is kept.")
    size: int = shown("大小（字节）", "Bytes.")
    path: str | None = shown("文件", "Where in the archive it lies; null where it was gone by then.", path=True)
    mine: bool = shown("由我上传", "Whether she sent it.")
    sent_at: datetime = shown("上传时间", "When it was begun to be sent.")
    subject: UUID | None = shown("所属事项", "The question or application it belongs to; null where to none yet.")
    part: UUID | None = shown("所属内容", "The question, answer, message or application it hangs on.")
    spoken: bool = shown("语音正文", "Whether it is itself what is said there, and does not only go with it.")
    seconds: float | None = shown("时长（秒）", "Of a recording.")
    transcript: TranscriptRecord | None = shown("录音文字", "Its words; null where nobody wrote them down.")


def path_of(file: UUID, content_type: str) -> str:
    """Its place in the archive: made of its id, and of nothing that anybody said."""
    return f"files/{file}.{SUFFIX[content_type]}"


RECORDS: Final[tuple[type[Record], ...]] = (FileRecord,)
