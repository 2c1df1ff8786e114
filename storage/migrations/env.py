"""How Alembic reaches the database: on the connection that `storage.migrate` hands over."""

from alembic import context

from storage.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    compare_type=True,
    render_as_batch=connection.dialect.name == "sqlite",  # SQLite cannot change most columns
)
with context.begin_transaction():
    context.run_migrations()
