"""What the city promises and what it kept: published from the log alone."""

import strawberry


@strawberry.type
class RecordQuery: ...
