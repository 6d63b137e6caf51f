"""What the words of a question ask of the house before anybody reads them."""

import strawberry


@strawberry.type
class ScreeningQuery: ...
