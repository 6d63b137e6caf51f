"""What may be asked of supervisors, and what an asker is offered once the promise is broken."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel

from app.accounts.rules.said import PHONE_MAX, mobile
from app.core.errors import Reason, because, code
from app.core.texts import against_text

HOTLINE = "12348"
"""The legal service line of the Ministry of Justice, the same number all over the country."""
NOTE_MAX = 200
APPEAL = (5, 500)
WINDOW = timedelta(minutes=30)
AHEAD = timedelta(days=7)
APPEAL_DAYS = 2
"""Working days in which a supervisor looks at a block again."""

BAD_NUMBER = code(
    "BAD_NUMBER",
    zh="请输入您能接听的手机号码，或带区号的固定电话。",
    en="Please give a telephone that you answer: a mobile, or a landline with its area code.",
    remedy="Send a number of mainland China that belongs to a person; service lines are not called back.",
)
BAD_WINDOW = code(
    "BAD_WINDOW",
    zh="请选择 7 天之内、至少 30 分钟的时段。",
    en="Please choose a time within the next 7 days, at least 30 minutes long.",
    remedy="Send both ends with a time zone; what has passed of the window does not count.",
)
CALLBACK_OPEN = code(
    "CALLBACK_OPEN",
    zh="您已请求回电，我们会在您选择的时段联系您。",
    en="You have asked to be called already; we will call at the time you chose.",
    remedy="Show the callback that is open; another can be asked for once it is done.",
)
NOT_BLOCKED = code(
    "NOT_BLOCKED",
    zh="这个问题没有被拦下，无需申诉。",
    en="This question is not blocked; there is nothing to appeal against.",
    remedy="Read the question's status again.",
)
APPEALED_ALREADY = code(
    "APPEALED_ALREADY",
    zh="您已就这个问题提出过申诉。",
    en="You have appealed about this question already.",
    remedy="Show the appeal and what came of it.",
)


class Callback(BaseModel):
    """When and where to call."""

    phone: str
    window_from: datetime
    window_to: datetime
    note: str | None


class Appeal(BaseModel):
    """`question` holds the question's words where the asker lets the supervisor read them."""

    text: str
    question: str | None


class Choice(StrEnum):
    WAIT = "WAIT"
    CALLBACK = "CALLBACK"
    HOTLINE = "HOTLINE"


def answered_by_a_person(said: str) -> str | None:
    """A mobile or a landline of the mainland in E.164; None for service lines and whatever else is no one's own.

    A landline has ten digits or eleven with its area code: the library also knows 95588 behind one.
    """
    import phonenumbers  # noqa: PLC0415 (58 modules and their patterns: 0.03 s)

    if found := mobile(said):
        return found
    if len(said) > PHONE_MAX or any(char.isalpha() for char in said):
        return None
    try:
        number = phonenumbers.parse(said, "CN")
    except phonenumbers.NumberParseException:
        return None
    landline = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.FIXED_LINE
    whole = len(phonenumbers.national_significant_number(number)) in (10, 11) and not number.extension
    if not (phonenumbers.is_valid_number_for_region(number, "CN") and landline and whole):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def against_callback(wanted: Callback) -> list[Reason]:
    reasons = [] if answered_by_a_person(wanted.phone) else [because(BAD_NUMBER, "phone")]
    return reasons if wanted.note is None else [*reasons, *against_text(wanted.note, "note", 1, NOTE_MAX)]


def against_window(wanted: Callback, now: datetime) -> list[Reason]:
    """Apart from the rest: a repeat of the same request may come when little of the window is left."""
    begins, ends = wanted.window_from, wanted.window_to
    fits = ends <= now + AHEAD and ends - max(begins, now) >= WINDOW
    return [] if fits else [because(BAD_WINDOW, "windowFrom")]


def kept(wanted: Callback, now: datetime) -> Callback:
    """What is sealed once nothing is against it: the number in E.164, and what is left of the window."""
    number = answered_by_a_person(wanted.phone)
    return wanted.model_copy(update={"phone": number, "window_from": max(wanted.window_from, now)})


def against_appeal(text: str) -> list[Reason]:
    return list(against_text(text, "text", *APPEAL))


def choices(*, searching: bool, is_open: bool, called: bool) -> list[Choice]:
    """What she can do now: wait while lawyers are looked for, be called unless that is on its way, or call herself."""
    offered = ((searching, Choice.WAIT), (is_open and not called, Choice.CALLBACK), (True, Choice.HOTLINE))
    return [choice for stands, choice in offered if stands]
