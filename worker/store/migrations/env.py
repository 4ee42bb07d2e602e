"""Alembic's entry: runs the migrations on the connection that `upgrade` of this package was given."""

from alembic import context

from worker.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
