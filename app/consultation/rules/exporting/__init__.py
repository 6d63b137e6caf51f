"""What this room puts into a copy of all that is kept about somebody."""

from typing import Final

from app.consultation.rules.exporting.asking import DraftRecord, ErasureRecord, PetitionRecord, QuestionRecord
from app.consultation.rules.exporting.practising import (
    AnswerDraftRecord,
    ClientsRecord,
    OfferRecord,
    SeatRecord,
    WrittenAnswerRecord,
)
from app.core.portable import Record

RECORDS: Final[tuple[type[Record], ...]] = (
    DraftRecord,
    QuestionRecord,
    PetitionRecord,
    ErasureRecord,
    WrittenAnswerRecord,
    AnswerDraftRecord,
    SeatRecord,
    OfferRecord,
    ClientsRecord,
)
