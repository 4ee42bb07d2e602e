"""Which reminders were told of; what was deleted, when and why."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table and the columns."""
    op.add_column("reminders", sa.Column("told_at", _TIME, nullable=True))
    op.add_column("chats", sa.Column("forgotten_up_to", sa.BigInteger(), nullable=True))
    op.create_table(
        "deletions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("deleted_at", _TIME, nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("before", _TIME, nullable=True),
        sa.Column("business_id", sa.BigInteger(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("deletions")
    op.drop_column("chats", "forgotten_up_to")
    op.drop_column("reminders", "told_at")
