"""Claims, processes, leases, pace and alarms; a summary's line and where it stands."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_WAITING = sa.text("state IN ('queued', 'unsure')")
_IN_FLIGHT = sa.text("state = 'sending'")
_OPEN = sa.text("settled_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "process",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("alive_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "pace",
        sa.Column("bot_id", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["bot_id"], ["bot.id"], name=op.f("fk_pace_bot_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("bot_id", name=op.f("pk_pace")),
    )
    op.create_table(
        "alarm",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_alarm")),
    )
    with op.batch_alter_table("summary") as batch:
        batch.add_column(sa.Column("line", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("spans", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("bulletin") as batch:
        # sa.false() would recreate the table on SQLite, which what refers to it forbids
        batch.add_column(sa.Column("is_paid", sa.Boolean(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_index(
            "ix_bulletin_unsettled", ["id"], sqlite_where=_OPEN, postgresql_where=_OPEN
        )
    with op.batch_alter_table("message") as batch:
        batch.create_index(op.f("ix_message_sent_at"), ["sent_at"])
    _deliveries()


def _deliveries() -> None:
    # plain columns: to recreate the table on SQLite would delete what refers to it
    with op.batch_alter_table("delivery") as batch:
        batch.add_column(sa.Column("bot_id", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("process_id", sa.Integer(), nullable=True))
        batch.drop_index("ix_delivery_due")
        batch.create_index(
            "ix_delivery_waiting",
            ["bot_id", "priority", "not_before", "id"],
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        )
        batch.create_index(
            "ix_delivery_in_flight",
            ["process_id"],
            sqlite_where=_IN_FLIGHT,
            postgresql_where=_IN_FLIGHT,
        )
    op.execute(
        """
        UPDATE delivery SET
          bot_id = coalesce(
            (SELECT chat.bot_id FROM chat WHERE chat.id = delivery.chat_id),
            (SELECT min(chat.bot_id) FROM chat WHERE chat.subscriber_id = delivery.subscriber_id),
            0),
          priority = (
            SELECT CASE WHEN bulletin.urgency = 'urgent' THEN 0
                        WHEN bulletin.kind = 'digest' THEN 2 ELSE 1 END
            FROM bulletin WHERE bulletin.id = delivery.bulletin_id)
        """
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE delivery SET (fillfactor = 70)")
