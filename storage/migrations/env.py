"""Runs the migrations on the connection that storage.upgrade hands over."""

from alembic import context

from storage.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite cannot alter most of a table
    transaction_per_migration=False,
)

with context.begin_transaction():
    context.run_migrations()
