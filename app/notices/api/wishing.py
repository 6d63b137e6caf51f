"""What somebody wants to be told outside the app, her consents to WeChat's messages, and the words of all of them."""

from typing import Annotated

import strawberry

from app.core.access import Viewer
from app.core.db import now
from app.core.errors import refuse
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.permissions import Operates, SignedIn
from app.notices.actions import wishing
from app.notices.actions.wishing import Answers
from app.notices.models import NoticeKind, Template
from app.notices.reads.recipients import recipients
from app.notices.rules.ladder import MANNERS, Recipient
from app.notices.rules.letters import fields
from app.notices.rules.wishes import NOT_SENT_THERE, Change
from app.notices.rules.wording import VERSION, template_words, wording
from app.notices.types.wishes import (
    NoticePreferences,
    NoticePreview,
    NoticePreviewResult,
    NotificationReadiness,
    PreviewField,
    RecordSubscriptionConsentResult,
    SetNoticePreferencesResult,
)
from app.outside.post import Channel, TemplateIds


@strawberry.input(description="Whether notices of a kind are wanted through a channel.")
class PreferenceChangeInput:
    kind: NoticeKind = strawberry.field(description="Which kind.")
    channel: Channel = strawberry.field(description="One that the kind is sent through.")
    wanted: bool = strawberry.field(description="Whether they may be sent there.")


@strawberry.input(description="When one does not want to be disturbed, China Standard Time; equal times are never.")
class QuietHoursInput:
    from_: str = strawberry.field(name="from", description="HH:MM.")
    until: str = strawberry.field(description="HH:MM.")


@strawberry.input(description="What you want to be told outside the app; what is left out stays as it is.")
class SetNoticePreferencesInput:
    changes: list[PreferenceChangeInput] = strawberry.field(default_factory=list, description="At most 100.")
    quiet_hours: QuietHoursInput | None = strawberry.field(default=None, description="Your quiet hours from now on.")


@strawberry.input(description="What was said to WeChat's question about one template.")
class SubscriptionAnswerInput:
    template: Template = strawberry.field(description="Which.")
    accepted: bool = strawberry.field(description="True for `accept`; false for `reject`, `ban` and `filter`.")


@strawberry.input(description="What wx.requestSubscribeMessage gave back.")
class RecordSubscriptionConsentInput:
    answers: list[SubscriptionAnswerInput] = strawberry.field(description="One to five.")
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.type
class WishingQuery:
    @strawberry.field(
        permission_classes=[SignedIn], description="What the viewer wants to be told outside the app, and when not."
    )
    async def notice_preferences(self, info: Info) -> NoticePreferences | None:
        return NoticePreferences.of(await _recipient(info, viewer(info)))

    @strawberry.field(
        permission_classes=[SignedIn],
        description="Whether word would reach the viewer when she is not here: ask before a reply is missed. By what "
        "she is known, and which consents a client should ask for at her next tap.",
    )
    async def notification_readiness(self, info: Info) -> NotificationReadiness | None:
        return await _readiness(info)

    @strawberry.field(
        permission_classes=[Operates],
        description="The words of a notice as they would leave the house through a channel, in the language of "
        "Accept-Language.",
    )
    async def notice_preview(
        self,
        info: Info,
        kind: Annotated[NoticeKind, strawberry.argument(description="What it tells.")],
        channel: Annotated[Channel, strawberry.argument(description="One that the kind is sent through.")],
    ) -> NoticePreviewResult | None:
        manner = MANNERS[kind]
        if channel not in manner.channels:
            raise refuse(NOT_SENT_THERE, "channel")
        language = info.context.language
        async with info.context.read() as session:
            filled = fields(kind, channel, 1, now(session), language)
        title, text = wording(kind, language)
        return NoticePreview(
            version=VERSION,
            template=manner.template,
            title=title,
            text=text,
            message=template_words(manner.template, language).sms if channel is Channel.SMS else None,
            fields=[PreviewField(name=name, value=value) for name, value in filled.items()],
        )


@strawberry.type
class WishingMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn], description="Say what you want to be told outside the app, and when not."
    )
    async def set_notice_preferences(
        self,
        info: Info,
        input: Annotated[SetNoticePreferencesInput, strawberry.argument(description="What is to change.")],
    ) -> SetNoticePreferencesResult | None:
        changes = [Change(one.kind, one.channel, one.wanted) for one in input.changes]
        quiet = (input.quiet_hours.from_, input.quiet_hours.until) if input.quiet_hours else None
        async with info.context.write() as session:
            await wishing.set_wishes(session, viewer(info), changes, quiet, now(session))
        return NoticePreferences.of(await _recipient(info, viewer(info)))

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Tell what somebody said to wx.requestSubscribeMessage. One consent is one message, unless the "
        "template is lasting; no takes back what she had agreed to.",
    )
    async def record_subscription_consent(
        self,
        info: Info,
        input: Annotated[RecordSubscriptionConsentInput, strawberry.argument(description="What WeChat gave back.")],
    ) -> RecordSubscriptionConsentResult | None:
        said = Answers(answers=[(one.template, one.accepted) for one in input.answers])
        keys = info.context.door(KeyProvider)
        async with info.context.write() as session:
            await wishing.record_consents(session, viewer(info), keys, said, input.idempotency_key, now(session))
        return await _readiness(info)


async def _recipient(info: Info, who: Viewer) -> Recipient:
    async with info.context.read() as session:
        return (await recipients(session, [who.id]))[who.id]


async def _readiness(info: Info) -> NotificationReadiness:
    ids, who = info.context.door(TemplateIds), viewer(info)
    return NotificationReadiness.of(
        await _recipient(info, who), who.roles, dict(ids.mini_program), info.context.language
    )
