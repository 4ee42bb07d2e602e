"""Audits: each run a cabinet, and how far it has come chat by chat."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0001"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "audits",
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("since", _TIME, nullable=False),
        sa.Column("until", _TIME, nullable=False),
        sa.Column("rule_set", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("under_way", sa.BigInteger(), nullable=True),
        sa.Column("page_token", sa.Text(), nullable=True),
        sa.Column("new_chats", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("moved_at", _TIME, nullable=False),
        sa.Column("finished_at", _TIME, nullable=True),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_until", _TIME, nullable=True),
        sa.Column("scheduled", sa.Boolean(), nullable=False),
        sa.Column("told_at", _TIME, nullable=True),
        sa.Column("figures", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("run_id", "business_id"),
        sa.UniqueConstraint("under_way", name="one_audit_a_cabinet"),
    )
    op.create_table(
        "audited_chats",
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("read_at", _TIME, nullable=True),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("partner_messages", sa.Integer(), nullable=False),
        sa.Column("not_judged", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "business_id", "chat_id"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("audited_chats", "audits"):
        op.drop_table(table)
