"""This room's root fields and nodes, by what people do."""

from app.education.api import pushing, reading
from app.education.api.pushing import PushingMutation, PushingQuery
from app.education.api.reading import ReadingMutation, ReadingQuery
from app.education.api.writing import WritingMutation, WritingQuery

NODES = reading.NODES | pushing.NODES


class EducationQuery(ReadingQuery, WritingQuery, PushingQuery): ...


class EducationMutation(ReadingMutation, WritingMutation, PushingMutation): ...
