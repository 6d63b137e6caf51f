"""This room's root fields and nodes, by what people do."""

from app.directory.api import applying, listing, posts, register
from app.directory.api.applying import ApplyingMutation, ApplyingQuery
from app.directory.api.finding import FindingQuery
from app.directory.api.listing import ListingMutation, ListingQuery
from app.directory.api.mapping import MappingQuery
from app.directory.api.opening import OpeningMutation, OpeningQuery
from app.directory.api.placing import PlacingMutation
from app.directory.api.posts import PostsMutation, PostsQuery
from app.directory.api.register import RegisterMutation

NODES = listing.NODES | applying.NODES | register.NODES | posts.NODES


class DirectoryQuery(ListingQuery, ApplyingQuery, FindingQuery, MappingQuery, OpeningQuery, PostsQuery): ...


class DirectoryMutation(
    ListingMutation, ApplyingMutation, RegisterMutation, PlacingMutation, OpeningMutation, PostsMutation
): ...
