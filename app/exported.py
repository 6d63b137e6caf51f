"""The whole of what is handed to a person who wants a copy of all that is kept about her, room by room."""

from typing import Final

from app.accounts.actions.exporting import contents as accounts
from app.accounts.rules.exporting import RECORDS as ACCOUNTS
from app.accounts.rules.exporting import ROOMS
from app.activities.actions.exporting import contents as activities
from app.activities.rules.exporting import RECORDS as ACTIVITIES
from app.applications.actions.exporting import contents as applications
from app.applications.rules.exporting import RECORDS as APPLICATIONS
from app.appointments.actions.exporting import contents as appointments
from app.appointments.rules.exporting import RECORDS as APPOINTMENTS
from app.consultation.actions.exporting import contents as consultation
from app.consultation.rules.exporting import RECORDS as CONSULTATION
from app.contests.actions.exporting import contents as contests
from app.contests.rules.exporting import RECORDS as CONTESTS
from app.core.portable import Part
from app.dates.actions.exporting import contents as dates
from app.dates.rules.exporting import RECORDS as DATES
from app.directory.actions.exporting import contents as directory
from app.directory.rules.exporting import RECORDS as DIRECTORY
from app.education.actions.exporting import contents as education
from app.education.rules.exporting import RECORDS as EDUCATION
from app.moderation.actions.exporting import contents as moderation
from app.moderation.rules.exporting import RECORDS as MODERATION
from app.notices.actions.exporting import contents as notices
from app.notices.rules.exporting import RECORDS as NOTICES
from app.outreach.actions.exporting import contents as outreach
from app.outreach.rules.exporting import RECORDS as OUTREACH
from app.quality.actions.exporting import contents as quality
from app.quality.rules.exporting import RECORDS as QUALITY
from app.quizzes.actions.exporting import contents as quizzes
from app.quizzes.rules.exporting import RECORDS as QUIZZES
from app.threads.actions.exporting import contents as threads
from app.threads.rules import RECORDS as THREADS
from app.vault.actions.exporting import contents as vault
from app.vault.rules.exporting import RECORDS as VAULT
from app.window.actions.exporting import contents as window
from app.window.rules.exporting import RECORDS as WINDOW

_BY_ROOM: Final = {
    "accounts": Part(accounts, ACCOUNTS),
    "activities": Part(activities, ACTIVITIES),
    "appointments": Part(appointments, APPOINTMENTS),
    "applications": Part(applications, APPLICATIONS),
    "contests": Part(contests, CONTESTS),
    "consultation": Part(consultation, CONSULTATION),
    "dates": Part(dates, DATES),
    "directory": Part(directory, DIRECTORY),
    "education": Part(education, EDUCATION),
    "moderation": Part(moderation, MODERATION),
    "notices": Part(notices, NOTICES),
    "outreach": Part(outreach, OUTREACH),
    "quality": Part(quality, QUALITY),
    "quizzes": Part(quizzes, QUIZZES),
    "threads": Part(threads, THREADS),
    "vault": Part(vault, VAULT),
    "window": Part(window, WINDOW),
}
PARTS: Final = tuple(_BY_ROOM[room] for room in ROOMS)
