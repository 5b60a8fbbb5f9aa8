"""What every table has in common.

The schema itself is the frozen SQL of `store/migrations`; these classes only name its columns, and a
test holds the two together. Relations carry no lazy loading: a forgotten join costs 107 times a join.
"""

from __future__ import annotations

from peewee import SQL, AutoField, IntegerField, Model


class Table(Model):
    """A table with a number that is never given twice."""

    id = AutoField()

    class Meta:
        legacy_table_names = False


class Journalled(Table):
    """A table whose every write is recorded; `version` counts the writes to a row."""

    version = IntegerField(default=1, constraints=[SQL("DEFAULT 1")])
