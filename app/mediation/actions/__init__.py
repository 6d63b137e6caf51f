"""Writes of mediation; steps of its application are made by `applications.actions.moving`."""
