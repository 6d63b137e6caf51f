"""Words, ladders, wishes, and what a provider's verdict leads to: pure."""
