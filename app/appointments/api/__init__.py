"""Root fields of this room."""

from app.appointments.api import finding
from app.appointments.api.attending import AttendingMutation
from app.appointments.api.booking import BookingMutation
from app.appointments.api.desk import DeskMutation, DeskQuery
from app.appointments.api.finding import FindingQuery

NODES = finding.NODES


class AppointmentsQuery(FindingQuery, DeskQuery): ...


class AppointmentsMutation(DeskMutation, BookingMutation, AttendingMutation): ...
