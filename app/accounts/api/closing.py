"""Closing one's account, and seeing it go."""

from typing import Annotated

import strawberry

from app.accounts import reads
from app.accounts.actions import closing as actions
from app.accounts.types.closing import AccountClosing, CloseAccountResult
from app.core.db import NOBODY, now
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import uuid_of
from app.graph.permissions import Anyone, SignedIn


@strawberry.input(description="That somebody means to leave for good.")
class CloseAccountInput:
    understood: bool = strawberry.field(
        description="That she was told, and says yes: all her questions and all that is known of her are destroyed."
    )


@strawberry.type
class ClosingQuery:
    @strawberry.field(
        permission_classes=[Anyone], description="How far the closing of an account has come; null for any other id."
    )
    async def account_closing(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="As `closeAccount` gave it.")]
    ) -> AccountClosing | None:
        wanted = uuid_of(id, "AccountClosing")
        async with info.context.acting(NOBODY) as session:
            row = await reads.closing(session, wanted)
        return AccountClosing.of(row) if row else None


@strawberry.type
class ClosingMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Close the account: she is signed out everywhere at once, her questions are erased (what is open "
        "is withdrawn), drafts, notices, delegations, telephone and WeChat are deleted. Whoever comes back later is "
        "somebody new. Export first what is to be kept.",
    )
    async def close_account(
        self, info: Info, input: Annotated[CloseAccountInput, strawberry.argument(description="Her word.")]
    ) -> CloseAccountResult | None:
        keys = info.context.door(KeyProvider)
        async with info.context.write() as session:
            row = await actions.close(session, viewer(info), keys, input.understood, now(session))
        return AccountClosing.of(row)
