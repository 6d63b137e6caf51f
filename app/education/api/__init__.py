"""This room's root fields and nodes, by what people do."""

from app.education.api import reading
from app.education.api.reading import ReadingMutation, ReadingQuery
from app.education.api.writing import WritingMutation, WritingQuery

NODES = reading.NODES


class EducationQuery(ReadingQuery, WritingQuery): ...


class EducationMutation(ReadingMutation, WritingMutation): ...
