"""This room's root fields and nodes, by what people do."""

from app.directory.api import applying, listing, register
from app.directory.api.applying import ApplyingMutation, ApplyingQuery
from app.directory.api.finding import FindingQuery
from app.directory.api.listing import ListingMutation, ListingQuery
from app.directory.api.mapping import MappingQuery
from app.directory.api.placing import PlacingMutation
from app.directory.api.register import RegisterMutation

NODES = listing.NODES | applying.NODES | register.NODES


class DirectoryQuery(ListingQuery, ApplyingQuery, FindingQuery, MappingQuery): ...


class DirectoryMutation(ListingMutation, ApplyingMutation, RegisterMutation, PlacingMutation): ...
