"""This room's root fields and nodes, by what people do."""

from app.accounts.api import consenting, delegating, exporting, minors, offices, signing_in
from app.accounts.api.closing import ClosingMutation, ClosingQuery
from app.accounts.api.consenting import ConsentingMutation, ConsentingQuery
from app.accounts.api.delegating import DelegatingMutation, DelegatingQuery
from app.accounts.api.exporting import ExportingMutation, ExportingQuery, ExportingSubscription
from app.accounts.api.minors import MinorsMutation, MinorsQuery
from app.accounts.api.offices import OfficesMutation, OfficesQuery
from app.accounts.api.signing_in import SigningInMutation, SigningInQuery
from app.accounts.api.staff import StaffMutation

NODES = signing_in.NODES | delegating.NODES | offices.NODES | consenting.NODES | minors.NODES | exporting.NODES


class AccountsQuery(
    SigningInQuery,
    DelegatingQuery,
    ClosingQuery,
    OfficesQuery,
    ConsentingQuery,
    MinorsQuery,
    ExportingQuery,
): ...


class AccountsMutation(
    SigningInMutation,
    DelegatingMutation,
    ClosingMutation,
    OfficesMutation,
    StaffMutation,
    ConsentingMutation,
    MinorsMutation,
    ExportingMutation,
): ...


class AccountsSubscription(ExportingSubscription): ...
