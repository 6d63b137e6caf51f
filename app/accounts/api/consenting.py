"""What a resident agrees to, how old she is, and a child's guardian."""

from typing import Annotated

import strawberry

from app.accounts import reads
from app.accounts.actions import consenting, guarding, village
from app.accounts.actions.guarding import ChildNames, GuardianSaid
from app.accounts.api.signing_in import DIGITS, PHONE, code_sent
from app.accounts.models import AgeBand, ConsentPurpose
from app.accounts.rules.consenting import NOTICES
from app.accounts.rules.delegating import NAME
from app.accounts.rules.said import telephone_and_code
from app.accounts.types.consenting import (
    ConfirmGuardianResult,
    EndGuardianshipResult,
    GiveConsentResult,
    Guardianship,
    PrivacyConsent,
    PrivacyNotice,
    WithdrawConsentResult,
)
from app.accounts.types.signing_in import RequestGuardianResult
from app.accounts.types.viewer import DeclareAgeResult, SetMyVillageResult, Viewer
from app.core.access import SessionEnded
from app.core.db import now
from app.core.errors import NOT_FOUND, Refused, refuse, refuse_if
from app.core.sealing import KeyProvider
from app.core.texts import against_text
from app.graph.clients import UNKNOWN
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.permissions import Anyone, SignedIn
from app.graph.visible import SHARED
from app.outside.sms import Purpose


@strawberry.input(description="A notice that was read, and agreed to.")
class GiveConsentInput:
    purpose: ConsentPurpose = strawberry.field(description="Which notice.")
    version: int = strawberry.field(description="The version whose text was shown.")


@strawberry.input(description="A consent that is taken back.")
class WithdrawConsentInput:
    purpose: ConsentPurpose = strawberry.field(description="Which notice it was about.")


@strawberry.input(description="How old you are; no birthday is asked for.")
class DeclareAgeInput:
    band: AgeBand = strawberry.field(description="As of today.")


@strawberry.input(description="Where you live, to the village or community and no nearer.")
class SetMyVillageInput:
    division_code: str | None = strawberry.field(
        default=None, description="Of a village or community, 12 digits; left out, it is forgotten."
    )


@strawberry.input(description="The guardian who is asked for consent.")
class RequestGuardianInput:
    phone: str = strawberry.field(description=PHONE)


@strawberry.input(description="A guardian's yes: the digits that came to her telephone.")
class ConfirmGuardianInput:
    phone: str = strawberry.field(description="The guardian's mobile number.")
    code: str = strawberry.field(description=DIGITS)
    child_name: str = strawberry.field(
        description="What you call yourself, for your guardian to know you by, at most 40 characters; no real name."
    )
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.input(description="The guardian's consent that ends.")
class EndGuardianshipInput:
    guardianship_id: strawberry.ID = strawberry.field(description="One that you gave, or that was given for you.")


@strawberry.type
class ConsentingQuery:
    @strawberry.field(
        permission_classes=[Anyone],
        description="What is done with personal information, a notice for each purpose, as in force now.",
        directives=[SHARED],
    )
    def privacy_notices(self, info: Info) -> list[PrivacyNotice] | None:
        return [PrivacyNotice.of(notice, info) for notice in NOTICES.values()]


@strawberry.type
class ConsentingMutation:
    @strawberry.mutation(permission_classes=[SignedIn], description="Say yes to a notice that was shown to you.")
    async def give_consent(
        self, info: Info, input: Annotated[GiveConsentInput, strawberry.argument(description="Which, and as shown.")]
    ) -> GiveConsentResult | None:
        async with info.context.write() as session:
            purpose, version, channel = input.purpose, input.version, _channel(info)
            await consenting.give(session, viewer(info), purpose, version, channel, now(session))
        return await _said(info, purpose)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Take a consent back, whenever you like. What rests on it stops: without SERVICE your open "
        "questions are withdrawn, your places in what is still to be are given up and your entries come down, without "
        "SENSITIVE your questions of sensitive categories are withdrawn. What was answered stays yours, and "
        "applications go on by law until you withdraw them (`PrivacyNotice.onWithdrawal`).",
    )
    async def withdraw_consent(
        self, info: Info, input: Annotated[WithdrawConsentInput, strawberry.argument(description="Which one.")]
    ) -> WithdrawConsentResult | None:
        async with info.context.write() as session:
            await consenting.withdraw(session, viewer(info), input.purpose, _channel(info), now(session))
        return await _said(info, input.purpose)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Say how old you are, before you ask for the first time, or when a birthday has come.",
    )
    async def declare_age(
        self, info: Info, input: Annotated[DeclareAgeInput, strawberry.argument(description="The age band.")]
    ) -> DeclareAgeResult | None:
        async with info.context.write() as session:
            await consenting.declare(session, viewer(info), input.band, now(session))
        return await _me(info)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Say which village or community is yours, so that you are shown its adviser; or take that back.",
    )
    async def set_my_village(
        self, info: Info, input: Annotated[SetMyVillageInput, strawberry.argument(description="Which one.")]
    ) -> SetMyVillageResult | None:
        async with info.context.write() as session:
            await village.say(session, viewer(info), input.division_code, now(session))
        return await _me(info)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Ask your guardian for consent: digits go to her telephone, with words that say what they are for. "
        "The answer is the same whether the number is known here or not.",
    )
    async def request_guardian(
        self, info: Info, input: Annotated[RequestGuardianInput, strawberry.argument(description="Who is asked.")]
    ) -> RequestGuardianResult | None:
        return await code_sent(info, input.phone, Purpose.GUARDIAN, viewer(info).id)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Your guardian said yes: she told you the digits. She sees it in her own app and can end it there.",
    )
    async def confirm_guardian(
        self,
        info: Info,
        input: Annotated[ConfirmGuardianInput, strawberry.argument(description="What your guardian told you.")],
    ) -> ConfirmGuardianResult | None:
        number, digits = telephone_and_code(input.phone, input.code)
        refuse_if(list(against_text(input.child_name, "childName", *NAME)))
        names = ChildNames(child=input.child_name.strip(), phone=number[-4:])
        said, keys = GuardianSaid(phone=number, code=digits, names=names), info.context.door(KeyProvider)
        async with info.context.write() as session:
            done = await guarding.confirm(session, keys, viewer(info), said, input.idempotency_key, now(session))
        if isinstance(done, Refused):
            raise done
        return await _found(info, done)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="End a guardian's consent, from either side: the child asks nothing more, and where no other "
        "guardian agrees, what she has asked, signed up for or handed in is withdrawn.",
    )
    async def end_guardianship(
        self, info: Info, input: Annotated[EndGuardianshipInput, strawberry.argument(description="Which one ends.")]
    ) -> EndGuardianshipResult | None:
        id = uuid_of(input.guardianship_id, "Guardianship", "guardianshipId")
        async with info.context.write() as session:
            await guarding.end(session, viewer(info), id, now(session))
        return await _found(info, id)


async def _me(info: Info) -> Viewer:
    found = await Viewer.find(info, viewer(info))
    if found is None:
        raise SessionEnded
    return found


def _channel(info: Info) -> str:
    """Where she said it, for the record (PIPL 14): the installed program, if it tells its name."""
    client = info.context.client
    return "" if client is UNKNOWN else client.name


async def _said(info: Info, purpose: ConsentPurpose) -> PrivacyConsent:
    async with info.context.read() as session:
        return PrivacyConsent.of(purpose, (await reads.consents(session, viewer(info))).get(purpose), info)


async def _found(info: Info, id: object) -> Guardianship:
    async with info.context.read() as session:
        rows = await reads.guardianships(session, viewer(info), [as_uuid(str(id))])
    if not rows:
        raise refuse(NOT_FOUND, "guardianshipId")
    return Guardianship.of(rows[0], viewer(info))


async def _guardianships(info: Info, keys: list[str]) -> list[Guardianship | None]:
    me = info.context.viewer
    if me is None:
        return [None] * len(keys)
    async with info.context.read() as session:
        found = {str(row.id): row for row in await reads.guardianships(session, me, map(as_uuid, keys))}
    return [Guardianship.of(found[key], me) if key in found else None for key in keys]


NODES: dict[str, Fetch] = {"Guardianship": _guardianships}
