"""What somebody is writing before she applies: anything may be missing, only what could never be sent is refused."""

from typing import Final

from app.core.errors import code

LIVE_MAX: Final = 10

APPLICATION_DRAFTS_FULL = code(
    "APPLICATION_DRAFTS_FULL",
    zh="最多保留 {limit} 份申请草稿，请先删除一份。",
    en="At most {limit} drafts of applications are kept; discard one first.",
    remedy="Show `applicationDrafts` and let the person discard what she no longer needs.",
)
APPLICATION_DRAFT_SENT = code(
    "APPLICATION_DRAFT_SENT",
    zh="这份草稿已经提交。",
    en="This draft was sent already.",
    remedy="Show the application; begin a new draft for another one.",
)
APPLICATION_DRAFT_GONE = code(
    "APPLICATION_DRAFT_GONE",
    zh="这份草稿已删除，或 30 天没有保存而被清除。",
    en="This draft was discarded, or wiped 30 days after the last save.",
    remedy="Save what is on the screen as a new draft.",
)
