"""Tables that tests make from the code stand for migrated ones; `test_migrations` compares them."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage import migrate
from storage.database import Tx


def stamp(tx: Tx) -> None:
    """Note that the tables are those of this release, as migrating them does."""
    scripts = ScriptDirectory(str(migrate.MIGRATIONS))
    MigrationContext.configure(tx.connection()).stamp(scripts, "head")
