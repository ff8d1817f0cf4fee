"""One person's chats on several platforms, groups that stand for an organisation's members."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("bot") as batch:
        batch.add_column(sa.Column("down_since", sa.DateTime(timezone=True), nullable=True))
    # plain columns: to recreate the table on SQLite would delete what refers to it
    with op.batch_alter_table("subscriber") as batch:
        batch.add_column(sa.Column("preferred_platform", sa.Text(), nullable=True))
        batch.add_column(
            sa.Column("stands_for_members", sa.Boolean(), nullable=False, server_default="0")
        )
        batch.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
    op.create_table(
        "link_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscriber.id"],
            name=op.f("fk_link_code_subscriber_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_code")),
    )
    op.create_table(
        "link_try",
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("who", name=op.f("pk_link_try")),
    )
    with op.batch_alter_table("link_code") as batch:
        batch.create_index(batch.f("ix_link_code_subscriber_id"), ["subscriber_id"])
        batch.create_index(batch.f("ix_link_code_expires_at"), ["expires_at"])
