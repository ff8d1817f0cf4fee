"""A source's rhythm, health and own rules; articles that are held, edited, withdrawn or joined."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _sources()
    _articles()
    op.create_table(
        "source_page",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
            name=op.f("fk_source_page_source_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_source_page")),
    )
    op.create_table(
        "source_trial",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("found_url", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("config", sa.JSON(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("samples", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["subscriber.id"],
            name=op.f("fk_source_trial_asked_by"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_trial")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("source_trial") as batch:
        batch.create_index(batch.f("ix_source_trial_asked_by"), ["asked_by"])
        batch.create_index(batch.f("ix_source_trial_state"), ["state"])
    _same_news()


def _sources() -> None:
    # defaults are plain strings: for an expression SQLite would build the table anew, and to
    # drop the old one would delete what refers to it
    with op.batch_alter_table("source") as batch:
        batch.add_column(sa.Column("config", sa.JSON(), nullable=False, server_default="{}"))
        batch.add_column(sa.Column("asks", sa.JSON(), nullable=False, server_default="{}"))
        batch.add_column(sa.Column("visits", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("body_hash", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("list_hash", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("listed", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("gap_seconds", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("last_new_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("ill_since", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("redirect_url", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("redirects", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("extra_ca", sa.Text(), nullable=False, server_default=""))
        batch.add_column(
            sa.Column("is_insecure", sa.Boolean(), nullable=False, server_default="0")
        )
        batch.add_column(sa.Column("holds_next", sa.Boolean(), nullable=False, server_default="0"))
    op.execute(
        """
        UPDATE source SET
          listed = (SELECT count(*) FROM article WHERE article.source_id = source.id),
          last_new_at = (SELECT max(article.first_seen_at) FROM article
                         WHERE article.source_id = source.id),
          ill_since = CASE WHEN failures > 0 THEN coalesce(last_ok_at, created_at) END
        """
    )


def _articles() -> None:
    with op.batch_alter_table("article") as batch:
        batch.add_column(sa.Column("listed_hash", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("reread_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("rereads", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_index(batch.f("ix_article_held_at"), ["held_at"])
        batch.create_index(batch.f("ix_article_released_at"), ["released_at"])
        batch.create_index(batch.f("ix_article_reread_at"), ["reread_at"])
        batch.create_index(batch.f("ix_article_withdrawn_at"), ["withdrawn_at"])
    # nothing refers to a key, so SQLite may build the table anew
    with op.batch_alter_table("article_key") as batch:
        batch.drop_constraint("fk_article_key_article_id", type_="foreignkey")
        batch.alter_column("article_id", existing_type=sa.Integer(), nullable=True)
        batch.create_foreign_key(
            "fk_article_key_article_id", "article", ["article_id"], ["id"], ondelete="SET NULL"
        )


def _same_news() -> None:
    op.create_table(
        "article_duplicate",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("original_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_article_duplicate_article_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["original_id"],
            ["article.id"],
            name=op.f("fk_article_duplicate_original_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_duplicate")),
    )
    op.create_table(
        "article_sketch",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_article_sketch_article_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "value", name=op.f("pk_article_sketch")),
    )
    with op.batch_alter_table("article_duplicate") as batch:
        batch.create_index(batch.f("ix_article_duplicate_original_id"), ["original_id"])
    with op.batch_alter_table("article_sketch") as batch:
        batch.create_index(batch.f("ix_article_sketch_value"), ["value"])
