"""What the house notices in a text without anyone reading it, and keeps nothing of."""
