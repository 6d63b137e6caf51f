"""What a lawyer says of her practice, and how fairly she is called."""

import strawberry


@strawberry.type
class PracticeQuery: ...


@strawberry.type
class PracticeMutation: ...
