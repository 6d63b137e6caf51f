"""This room's root fields and nodes, by what people do."""

from app.directory.api import applying, listing
from app.directory.api.applying import ApplyingMutation, ApplyingQuery
from app.directory.api.listing import ListingMutation, ListingQuery

NODES = listing.NODES | applying.NODES


class DirectoryQuery(ListingQuery, ApplyingQuery): ...


class DirectoryMutation(ListingMutation, ApplyingMutation): ...
