"""Notices, what people want to be told, and what became of messages, as the graph shows them."""
