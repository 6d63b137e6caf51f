"""Channels are made, and what people do who came by them is counted."""
