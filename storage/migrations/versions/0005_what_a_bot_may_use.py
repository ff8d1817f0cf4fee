"""What a platform allows a bot, and what it has used; chats that refuse; news held back."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_HELD_BACK = sa.text("state = 'held'")


def upgrade() -> None:
    op.create_table(
        "bot_limit",
        sa.Column("bot_id", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("groups", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bot_id"], ["bot.id"], name=op.f("fk_bot_limit_bot_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("bot_id", name=op.f("pk_bot_limit")),
    )
    op.create_table(
        "quota",
        sa.Column("bot_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["bot_id"], ["bot.id"], name=op.f("fk_quota_bot_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("bot_id", "month", name=op.f("pk_quota")),
    )
    op.create_table(
        "refusal",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chat.id"], name=op.f("fk_refusal_chat_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_refusal_delivery_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("chat_id", "delivery_id", name=op.f("pk_refusal")),
    )
    with op.batch_alter_table("refusal") as batch:
        batch.create_index(batch.f("ix_refusal_delivery_id"), ["delivery_id"])
    with op.batch_alter_table("delivery") as batch:
        batch.create_index(
            "ix_delivery_held",
            ["bot_id"],
            sqlite_where=_HELD_BACK,
            postgresql_where=_HELD_BACK,
        )
