"""This room's root fields and nodes, by what people do."""

from app.notices.api import operating, reading
from app.notices.api.operating import OperatingMutation, OperatingQuery
from app.notices.api.reading import ReadingMutation, ReadingQuery, ReadingSubscription
from app.notices.api.wishing import WishingMutation, WishingQuery

NODES = reading.NODES | operating.NODES


class NoticesQuery(ReadingQuery, WishingQuery, OperatingQuery): ...


class NoticesMutation(ReadingMutation, WishingMutation, OperatingMutation): ...


class NoticesSubscription(ReadingSubscription): ...
