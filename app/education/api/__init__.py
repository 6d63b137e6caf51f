"""This room's root fields and nodes, by what people do."""

from app.education.api import donating, pushing, reading
from app.education.api.donating import DonatingMutation, DonatingQuery
from app.education.api.pushing import PushingMutation, PushingQuery
from app.education.api.reading import ReadingMutation, ReadingQuery
from app.education.api.writing import WritingMutation, WritingQuery

NODES = reading.NODES | pushing.NODES | donating.NODES


class EducationQuery(ReadingQuery, WritingQuery, PushingQuery, DonatingQuery): ...


class EducationMutation(ReadingMutation, WritingMutation, PushingMutation, DonatingMutation): ...
