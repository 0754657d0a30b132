"""The checks that no formula can do, by the names under which a declaration turns them on.

Each is done in the room that its name begins with; a test sees that every name here is used there.
"""

PROGRAM_CHECKS = (
    "integrity.formulas",
    "integrity.labels",
    "integrity.sheets",
    "integrity.protection",
    "integrity.names",
    "integrity.merges",
    "integrity.hidden",
    "integrity.errors",
    "integrity.links",
    "integrity.macros",
    "integrity.comments",
    "integrity.results",
    "integrity.stamp",
    "integrity.guests",
    "integrity.outside",
    "integrity.circles",
)
