"""This room's root fields and nodes, by what people do."""

from app.accounts.api import delegating, signing_in
from app.accounts.api.delegating import DelegatingMutation, DelegatingQuery
from app.accounts.api.signing_in import SigningInMutation, SigningInQuery

NODES = signing_in.NODES | delegating.NODES


class AccountsQuery(SigningInQuery, DelegatingQuery): ...


class AccountsMutation(SigningInMutation, DelegatingMutation): ...
