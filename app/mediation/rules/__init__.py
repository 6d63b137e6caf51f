"""Pure decisions of mediation."""
