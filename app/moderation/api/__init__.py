"""This room's root fields and nodes, by what people do."""

from app.moderation.api import reporting
from app.moderation.api.appealing import AppealsMutation, AppealsQuery
from app.moderation.api.reporting import ReportsMutation, ReportsQuery

NODES = reporting.NODES


class ModerationQuery(ReportsQuery, AppealsQuery): ...


class ModerationMutation(ReportsMutation, AppealsMutation): ...
