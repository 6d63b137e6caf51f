"""Asking on behalf of an elder: her consent, and its end."""

from functools import partial
from typing import Annotated

import strawberry

from app.accounts import reads
from app.accounts.actions import delegating
from app.accounts.api.signing_in import PHONE, code_sent
from app.accounts.models import Relation
from app.accounts.rules.delegating import Confirmed, Names, against_names
from app.accounts.rules.said import telephone_and_code
from app.accounts.types.delegating import (
    ConfirmDelegationResult,
    Delegation,
    EndDelegationResult,
    RequestDelegationResult,
)
from app.core.db import now
from app.core.errors import Refused, refuse_if
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import SignedIn
from app.outside.sms import Purpose


@strawberry.input(description="The elder who is asked for her consent.")
class RequestDelegationInput:
    phone: str = strawberry.field(description=PHONE)


@strawberry.input(description="An elder's yes: the digits that came to her telephone, and who the two are.")
class ConfirmDelegationInput:
    phone: str = strawberry.field(description="The elder's mobile number.")
    code: str = strawberry.field(description="The six digits she told you.")
    relation: Relation = strawberry.field(description="What you are to her.")
    delegate_name: str = strawberry.field(description="What you call yourself, for her to see, at most 40 characters.")
    elder_name: str = strawberry.field(description="What you call her, for you to see, at most 40 characters.")
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.input(description="The delegation that ends.")
class EndDelegationInput:
    delegation_id: strawberry.ID = strawberry.field(description="One that you gave, or that you hold.")


@strawberry.type
class DelegatingQuery:
    @strawberry.field(
        permission_classes=[SignedIn], description="Consents you gave as an elder, or those you hold, newest first."
    )
    async def delegations(
        self,
        info: Info,
        given: Annotated[bool, strawberry.argument(description="Those you gave; otherwise those you hold.")],
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Delegation] | None:
        wanted, me = page(first, after, last, before), viewer(info)
        async with info.context.read() as session:
            rows = await reads.delegation_page(session, me, wanted, given=given)
        found: Connection[Delegation] = connect(
            wanted, rows, lambda row: (row.granted_at, row.id), partial(Delegation.of, viewer=me)
        )
        return found


@strawberry.type
class DelegatingMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Ask an elder for her consent to ask on her behalf: digits go to her telephone, with words that "
        "say what they are for. The answer is the same whether the number is known here or not.",
    )
    async def request_delegation(
        self, info: Info, input: Annotated[RequestDelegationInput, strawberry.argument(description="Who is asked.")]
    ) -> RequestDelegationResult | None:
        return await code_sent(info, input.phone, Purpose.DELEGATION, viewer(info).id)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="The elder said yes: she told you the digits. She sees it in her own app and can end it there.",
    )
    async def confirm_delegation(
        self,
        info: Info,
        input: Annotated[
            ConfirmDelegationInput, strawberry.argument(description="What she told you, and who the two of you are.")
        ],
    ) -> ConfirmDelegationResult | None:
        number, digits = telephone_and_code(input.phone, input.code)
        refuse_if(list(against_names(input.delegate_name, input.elder_name)))
        names = Names(delegate=input.delegate_name.strip(), elder=input.elder_name.strip(), phone=number[-4:])
        said = Confirmed(phone=number, code=digits, relation=input.relation.value, names=names)
        me, keys = viewer(info), info.context.door(KeyProvider)
        async with info.context.write() as session:
            done = await delegating.confirm(
                session, keys, me, said, input.relation, input.idempotency_key, now(session)
            )
        if isinstance(done, Refused):
            raise done
        return await _found(info, done)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="End a delegation, from either side: the delegate reads nothing of the elder's any more.",
    )
    async def end_delegation(
        self,
        info: Info,
        input: Annotated[EndDelegationInput, strawberry.argument(description="Which delegation ends.")],
    ) -> EndDelegationResult | None:
        id = uuid_of(input.delegation_id, "Delegation", "delegationId")
        async with info.context.write() as session:
            await delegating.end(session, viewer(info), id, now(session))
        return await _found(info, id)


async def _found(info: Info, id: object) -> Delegation:
    async with info.context.read() as session:
        (row,) = await reads.delegations(session, viewer(info), [as_uuid(str(id))])
    return Delegation.of(row, viewer(info))


async def _delegations(info: Info, keys: list[str]) -> list[Delegation | None]:
    me = info.context.viewer
    if me is None:
        return [None] * len(keys)
    async with info.context.read() as session:
        found = {str(row.id): row for row in await reads.delegations(session, me, map(as_uuid, keys))}
    return [Delegation.of(found[key], me) if key in found else None for key in keys]


NODES: dict[str, Fetch] = {"Delegation": _delegations}
