"""Prose held against tables: what a report's text says in figures, and whether the tables say the same."""
