"""Asking back, from either side."""

import strawberry


@strawberry.type
class FollowingMutation: ...
