"""Telling people, reaching them where they are, and keeping what they want."""

from app.notices.actions.telling import NEWS, acknowledge, forget, mark_read, mark_read_up_to, tell

__all__ = ["NEWS", "acknowledge", "forget", "mark_read", "mark_read_up_to", "tell"]
