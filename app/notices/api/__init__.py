"""This room's root fields and nodes, by what people do."""

from app.notices.api import reading
from app.notices.api.reading import ReadingMutation, ReadingQuery, ReadingSubscription

NODES = reading.NODES


class NoticesQuery(ReadingQuery): ...


class NoticesMutation(ReadingMutation): ...


class NoticesSubscription(ReadingSubscription): ...
