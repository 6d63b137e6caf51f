"""What a resident asks of the city's supervisors."""

import strawberry


@strawberry.type
class PetitionsMutation: ...
