"""The checks that no formula can do, by the names under which a declaration turns them on.

Each is done in the room that its name begins with; a test sees that every name here is used there.
"""

PROGRAM_CHECKS = (
    "integrity.formulas",
    "integrity.labels",
    "entries.names",
    "entries.phones",
    "entries.lists",
    "filed.rows",
    "narrative.amounts",
    "narrative.sums",
    "narrative.shares",
    "narrative.fiscal",
    "narrative.trends",
    "narrative.changes",
    "narrative.projects",
    "narrative.years",
    "narrative.names",
    "narrative.placeholders",
    "narrative.counts",
    "narrative.same",
    "narrative.goals",
    "narrative.sources",
    "narrative.previous",
)
