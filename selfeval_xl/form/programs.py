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
    "previous.same",
    "previous.units",
    "previous.roster",
    "previous.carry",
    "previous.up",
    "previous.change",
    "previous.bought",
    "previous.moved",
    "previous.surplus",
    "previous.assets",
    "reference.figures",
    "reference.carry",
    "reference.cap",
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

ITEMS_NEEDED = {
    "previous.carry": 2,
    "previous.bought": 2,
    "previous.moved": 2,
    "previous.surplus": 2,
    "previous.assets": 2,
    "reference.carry": 2,
    "reference.cap": 2,
}
"""How many items a check goes over where they play different parts; their order says which is which."""
