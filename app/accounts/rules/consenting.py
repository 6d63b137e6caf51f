"""Who may ask: whoever has said yes to what is done with her words, and a child with her guardian's yes.

After the Personal Information Protection Law (PIPL): 13-17 (consent to a notice, asked again when it changes, no
service refused for an optional purpose; who handles what for how long, and where rights are exercised, as
网络数据安全管理条例 21 has it too), 28-29 (separate consent where it is sensitive), 31 (under fourteen the
guardian's), 13(4) (nobody in danger is kept waiting for one); and 未成年人网络保护条例 31, 38. The notices are data.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from pydantic import BaseModel, ConfigDict

from app.accounts.models import AgeBand, ConsentPurpose
from app.core.errors import Reason, because, code


@dataclass(frozen=True)
class Operator:
    """Who answers for what is done with personal information (个人信息处理者), as each notice must name it."""

    name: str
    contact: str


class PrivacyNotice(BaseModel):
    """What is done with personal information, in the words that a resident says yes to."""

    model_config = ConfigDict(frozen=True)

    purpose: ConsentPurpose
    version: int
    required: bool
    """Whether what it is about cannot be done without; an optional purpose never keeps anybody from anything."""
    title: str
    text: str
    """What is about this purpose alone; `words` is what is shown."""
    on_withdrawal: str
    """What ends when it is taken back, and what goes on, on which ground (PIPL 13, 15, 47)."""
    categories: frozenset[str] = frozenset()
    """Where it is required for some questions alone: their categories."""


class _Data(BaseModel):
    notices: list[PrivacyNotice]
    common: str
    """What each notice ends with."""
    warning: str


_DATA = _Data.model_validate_json(files("app.accounts").joinpath("data/privacy.json").read_bytes())
NOTICES: Final[Mapping[ConsentPurpose, PrivacyNotice]] = {notice.purpose: notice for notice in _DATA.notices}
WARNING: Final = _DATA.warning
"""What a minor is shown before anything is sent (未成年人网络保护条例 38)."""


def words(notice: PrivacyNotice, operator: Operator) -> str:
    """A notice's whole text, as this house's operator gives it."""
    return notice.text + _DATA.common.format(operator=operator.name, contact=operator.contact)


CONSENT_NEEDED = code(
    "CONSENT_NEEDED",
    zh="请先阅读并同意《{notice}》（第 {version} 版）。",
    en="Please read and accept the notice first: {notice}, version {version}.",
    remedy="Show the notice of `privacyNotices` whose consent `viewer.consents` calls needed, and call giveConsent.",
)
NOTICE_CHANGED = code(
    "NOTICE_CHANGED",
    zh="告知书已更新，请阅读第 {version} 版。",
    en="The notice has changed: please read version {version}.",
    remedy="Show the text of `privacyNotices` as it is now, and send its version.",
)
CONSENT_NOT_GIVEN = code(
    "CONSENT_NOT_GIVEN",
    zh="您没有给过这项同意，无需撤回。",
    en="You have not given this consent.",
    remedy="There is nothing to withdraw.",
)
AGE_NEEDED = code(
    "AGE_NEEDED",
    zh="请先选择您的年龄段。",
    en="Please say first how old you are.",
    remedy="Ask for the age band, nothing more exact, and call declareAge.",
)
AGE_KEPT = code(
    "AGE_KEPT",
    zh="更改年龄段需要监护人先同意。",
    en="Your guardian must agree before you can say that you are older.",
    remedy="Call requestGuardian and confirmGuardian first.",
)
GUARDIAN_NEEDED = code(
    "GUARDIAN_NEEDED",
    zh="未满十四周岁的，请先请监护人同意。遇到危险请立即拨打110或12355。",
    en="Under fourteen, please ask your guardian for consent first. In danger, call 110 or 12355 at once.",
    remedy="Call requestGuardian with the guardian's telephone, then confirmGuardian.",
)
GUARDIAN_OF_SELF = code(
    "GUARDIAN_OF_SELF",
    zh="这是您自己的手机号，请填写监护人的手机号。",
    en="This is your own number: please give your guardian's.",
    remedy="Ask for the guardian's telephone.",
)
NO_GUARDIAN = code(
    "NO_GUARDIAN",
    zh="该账号不能作为监护人。",
    en="That account cannot be a guardian's.",
    remedy="Ask for the telephone of a grown-up whose account is in use.",
)
GUARDIANS_FULL = code(
    "GUARDIANS_FULL",
    zh="监护人最多 {limit} 位。",
    en="At most {limit} guardians.",
    remedy="End a guardianship that is no longer needed.",
)
GUARDIANS_MAX: Final = 4

MINORS: Final = frozenset({AgeBand.UNDER_14, AgeBand.FROM_14_TO_17})


@dataclass(frozen=True)
class Readiness:
    """What a person has said of herself and agreed to, as far as it stands."""

    given: Mapping[ConsentPurpose, int]
    """Versions of the notices she said yes to and has not taken back."""
    band: AgeBand | None
    guarded: bool
    """Whether a guardian's consent stands."""

    def stands(self, purpose: ConsentPurpose) -> bool:
        """Whether what this purpose is about may be done: a yes to an earlier version says nothing of this one."""
        return self.given.get(purpose) == NOTICES[purpose].version


def against_keeping(ready: Readiness, sensitive: bool = False) -> Iterator[Reason]:
    """Before words of hers are kept at all; `sensitive`: among them what the law calls so."""
    wanted = [ConsentPurpose.SERVICE, ConsentPurpose.SENSITIVE][: 1 + sensitive]
    yield from (needed(purpose) for purpose in wanted if not ready.stands(purpose))


def against_asking(ready: Readiness, category: str, in_danger: bool) -> Iterator[Reason]:
    """Before lawyers read them. All that is missing is told at once."""
    yield from against_keeping(ready, category in NOTICES[ConsentPurpose.SENSITIVE].categories)
    if ready.band is None:
        yield because(AGE_NEEDED)
    elif ready.band is AgeBand.UNDER_14 and not ready.guarded and not in_danger:
        yield because(GUARDIAN_NEEDED)


def needed(purpose: ConsentPurpose) -> Reason:
    notice = NOTICES[purpose]
    return because(CONSENT_NEEDED, notice=notice.title, version=notice.version)


def against_declaring(before: AgeBand | None, said: AgeBand, guarded: bool) -> Iterator[Reason]:
    """Younger than was said before is always believed; a child is older with her guardian's consent alone."""
    if before is AgeBand.UNDER_14 and said is not AgeBand.UNDER_14 and not guarded:
        yield because(AGE_KEPT, "band")
