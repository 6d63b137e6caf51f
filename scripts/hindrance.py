"""What stands in the way of a command, said to the person at the terminal."""


class Hindrance(Exception):
    """One or two plain sentences: what is wrong, and what to do about it. Never a traceback."""
