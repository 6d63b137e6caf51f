"""Notices, what people want to be told, and what became of messages, as the graph shows them; and what the words mean
that all of these use."""

from app.graph.enums import explain
from app.notices.models import DeliveryState, Lane, NoticeKind, Template
from app.notices.rules.ladder import Quiet
from app.outside.post import Channel

explain(
    NoticeKind,
    "What a notice tells.",
    NEW_ANSWER="To the asker: a lawyer delivered an answer.",
    PROMISE_BROKEN="To the asker: the promised answers did not come in time; the search goes on.",
    QUESTION_WITHDRAWN="To a lawyer at work on it: the asker took the question back.",
    QUESTION_ERASED="To a lawyer who answered it: the question was erased, her answer with it.",
    SEAT_LOST="To a lawyer: the time to answer passed, and the seat went back.",
    FOLLOW_UP="To a lawyer: the asker asked back.",
    FOLLOW_UP_ANSWERED="To the asker: a lawyer replied to a follow-up.",
    FOLLOW_UP_LATE="To the asker: a follow-up waited too long; more lawyers are asked.",
    INFORMATION_WANTED="To the asker: a lawyer needs to know more; the clock waits.",
    INFORMATION_GIVEN="To a lawyer: the asker replied to what she asked.",
    ANSWER_AMENDED="To the asker: a lawyer changed an answer; both versions stay.",
    STILL_SATISFIED="To the asker: are you satisfied? Without a word it will be resolved in three days.",
    QUESTION_RESOLVED="To a lawyer at work on it, or to the asker who fell silent: it is resolved.",
    QUESTION_REOPENED="To a lawyer who answered: the asker took it up again.",
    PLEASE_RATE="To the asker: the one reminder to rate.",
    BEST_ANSWER="To a lawyer: the asker liked her answer best.",
    OFFERED="To a lawyer: a question is offered to her. Told in `noticeUpdates` alone: `offers` is the list of these.",
    INVITED="To a lawyer: a seat is kept for her for a while.",
    APPEAL_UPHELD="To the asker: the block was mistaken; the question can be sent again.",
    APPEAL_DISMISSED="To the asker: the block stands.",
    TASK_NEW="To a supervisor: a task was made.",
    TASK_OVERDUE="To a supervisor: a task is overdue.",
    DELEGATION_GRANTED="To an elder: somebody may ask on her behalf; she can end it at any time.",
    DELEGATION_ENDED="To a delegate: she may no longer ask on the elder's behalf.",
    ASKED_FOR_YOU="To an elder: a question was asked on her behalf.",
    APPLICATION_NEW="To an administrator: a lawyer applied to be admitted.",
    APPLICATION_APPROVED="To who applied: she is a lawyer of the directory from her next sign-in or refresh on.",
    EXPORT_READY="To who asked for a copy of all that is kept about her: it can be fetched.",
    MINOR_ACCESS_ASKED="To who may approve it: somebody of the staff asks to see what is a minor's.",
    VISIT_DUE="To an adviser: her village was not visited this month, on the 25th.",
    CONTEST_NEW="To officers: an adviser contests a line of her appraisal.",
    CONTEST_DECIDED="To an adviser: what she contested was decided; the contest says why.",
    VISIT_MISSED="To officers: an adviser did not visit her village this month.",
    APPLICATION_REFUSED="To who applied: she is not admitted; the application says why.",
    APPOINTMENT_CONFIRMED="To who booked it: the institution confirmed her appointment.",
    APPOINTMENT_CANCELLED="To who booked it: the institution cancelled her appointment; it says why.",
    APPOINTMENT_SOON="To who booked it: it begins in a day, or in two hours.",
    APPOINTMENT_MISSED="To who booked it: it is over, and she did not come.",
)
explain(
    Channel,
    "How a notice reaches somebody outside the app.",
    "NoticeChannel",
    MINI_PROGRAM="A subscribe message of the mini-program.",
    OFFICIAL_ACCOUNT="A notice of the official account.",
    SMS="A text message.",
)
explain(
    Template,
    "A message as WeChat approved it: what somebody is asked to consent to. Several kinds of notices share one.",
    "MessageTemplate",
    REPLY="Replies to one's questions.",
    PROGRESS="How things go on.",
    OFFER="To lawyers: questions that look for one.",
    TASK="What waits to be seen to.",
    DIGEST="Several notices at once, as a text message.",
)
explain(
    Quiet,
    "What quiet hours do to notices of a kind.",
    "QuietHours",
    PASS="They come at any hour.",
    WAIT="They come when the quiet hours are over.",
    DROP="They would come too late, and are not sent in quiet hours that one has set oneself.",
)
explain(
    DeliveryState,
    "What became of a message.",
    PENDING="It waits: for its turn, for the end of quiet hours, or because the provider asked us to.",
    SENDING="It is being handed to the provider.",
    SENT="The provider took it.",
    UNKNOWN="It left and no answer came: it may have arrived, and is not sent again by itself.",
    DEAD="It cannot go out by this channel; the next one has had its turn.",
    DROPPED="It was not wanted any more before it was sent.",
)
explain(
    Lane,
    "What does not wait behind what.",
    "DeliveryLane",
    EXPRESS="Offers to lawyers.",
    NORMAL="What people wait for.",
    BULK="What may come later.",
)
