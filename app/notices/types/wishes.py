"""What people want to be told, and by what they can be reached."""

from collections.abc import Mapping
from typing import Annotated, Self

import strawberry

from app.core.access import Role
from app.core.errors import Language
from app.graph import visible
from app.graph.refusals import PAYLOAD, Refused
from app.notices.models import NoticeKind, Template
from app.notices.rules.ladder import MANNERS, PROPOSED, Hours, Quiet, Recipient, refusal, spoken
from app.notices.rules.wishes import TO_ASK_FOR, expected, would_miss
from app.notices.rules.wording import lasting, template_words
from app.outside.post import Channel


@strawberry.type(description="Whether notices of a kind are wanted through a channel.", directives=[visible.WITHIN])
class ChannelPreference:
    channel: Channel = strawberry.field(description="The channel, in the order in which they are tried.")
    wanted: bool = strawberry.field(description="Whether they may be sent there.")


@strawberry.type(description="How notices of a kind are sent.", directives=[visible.WITHIN])
class KindPreference:
    kind: NoticeKind = strawberry.field(description="What they tell.")
    template: Template = strawberry.field(description="What WeChat asks consent for.")
    quiet: Quiet = strawberry.field(description="What quiet hours do to them.")
    channels: list[ChannelPreference] = strawberry.field(
        description="The ladder: the first that can be used is. In the app every notice is told at once."
    )


@strawberry.type(description="What the viewer wants to be told outside the app.", directives=[visible.SELF])
class NoticePreferences:
    quiet_from: str = strawberry.field(description="Quiet from this time, HH:MM in China Standard Time.")
    quiet_until: str = strawberry.field(description="Until this one; equal times are no quiet hours.")
    proposed: bool = strawberry.field(description="Whether these are the house's hours, since she has set none.")
    kinds: list[KindPreference] = strawberry.field(description="Every kind of notice.")

    @classmethod
    def of(cls, to: Recipient) -> Self:
        hours: Hours = to.hours or PROPOSED
        return cls(
            quiet_from=spoken(hours.start),
            quiet_until=spoken(hours.end),
            proposed=to.hours is None,
            kinds=[
                KindPreference(
                    kind=kind,
                    template=manner.template,
                    quiet=manner.quiet,
                    channels=[
                        ChannelPreference(channel=channel, wanted=refusal(kind, channel) not in to.refused)
                        for channel in manner.channels
                    ],
                )
                for kind, manner in MANNERS.items()
            ],
        )


@strawberry.type(description="A template, and how many messages may be sent on it.", directives=[visible.WITHIN])
class TemplateReadiness:
    template: Template = strawberry.field(description="Which.")
    name: str = strawberry.field(description="What one consents to, in the language of Accept-Language.")
    template_id: str | None = strawberry.field(
        description="WeChat's id of it, for wx.requestSubscribeMessage; null where there is none."
    )
    consents_left: int = strawberry.field(description="On how many messages of the mini-program she agreed beforehand.")
    lasting: bool = strawberry.field(description="Whether one consent is good for any number of messages.")
    ask: bool = strawberry.field(description="Whether to ask for consent at the next tap.")
    would_miss: bool = strawberry.field(description="Whether the next such message would reach her in the app alone.")


@strawberry.type(description="By what the viewer can be reached when she is not here.", directives=[visible.SELF])
class NotificationReadiness:
    ready: bool = strawberry.field(description="Whether nothing that she waits for would be missed.")
    mini_program: bool = strawberry.field(description="Whether she is known to the mini-program.")
    official_account: bool = strawberry.field(description="Whether she follows the official account and is known.")
    phone: bool = strawberry.field(description="Whether there is a telephone to send text messages to.")
    templates: list[TemplateReadiness] = strawberry.field(description="What she waits for, by what she is.")

    @classmethod
    def of(cls, to: Recipient, roles: frozenset[Role], ids: Mapping[str, str], language: Language) -> Self:
        templates = [
            TemplateReadiness(
                template=template,
                name=template_words(template, language).name,
                template_id=ids.get(template),
                consents_left=(left := to.consents.get((Channel.MINI_PROGRAM, template), 0)),
                lasting=lasting(template),
                ask=Channel.MINI_PROGRAM in to.channels and left < (1 if lasting(template) else TO_ASK_FOR[template]),
                would_miss=would_miss(template, to),
            )
            for template in expected(roles)
        ]
        return cls(
            ready=not any(one.would_miss for one in templates),
            mini_program=Channel.MINI_PROGRAM in to.channels,
            official_account=Channel.OFFICIAL_ACCOUNT in to.channels,
            phone=Channel.SMS in to.channels,
            templates=templates,
        )


@strawberry.type(description="A field of a message.", directives=[visible.WITHIN])
class PreviewField:
    name: str = strawberry.field(description="As WeChat or the carrier calls it.")
    value: str = strawberry.field(description="What would stand there.")


@strawberry.type(description="The words of a notice as they would leave the house.", directives=[visible.OPERATORS])
class NoticePreview:
    version: int = strawberry.field(description="Of the templates.")
    template: Template = strawberry.field(description="On which it is sent.")
    title: str = strawberry.field(description="As in the app, in the language of Accept-Language.")
    text: str = strawberry.field(description="As in the app, in the same language.")
    message: str | None = strawberry.field(description="The whole text message; null for WeChat's channels.")
    fields: list[PreviewField] = strawberry.field(description="What is filled in, field by field.")


SetNoticePreferencesResult = Annotated[
    NoticePreferences | Refused, strawberry.union("SetNoticePreferencesResult", description=PAYLOAD)
]
RecordSubscriptionConsentResult = Annotated[
    NotificationReadiness | Refused, strawberry.union("RecordSubscriptionConsentResult", description=PAYLOAD)
]
NoticePreviewResult = Annotated[NoticePreview | Refused, strawberry.union("NoticePreviewResult", description=PAYLOAD)]
