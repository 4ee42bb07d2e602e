"""First schema: chats, messages, violations, alerts, reminders, requests, pauses, sweeps."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create all tables."""
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("claimed_until", _TIME, nullable=True),
        sa.Column("sent_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("alerts_by_time", "alerts", ["sent_at", "created_at"], unique=False)
    op.create_table(
        "chats",
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("context_type", sa.String(length=32), nullable=True),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("return_id", sa.BigInteger(), nullable=True),
        sa.Column("swept_at", _TIME, nullable=True),
        sa.Column("judged_up_to", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("business_id", "chat_id"),
    )
    op.create_table(
        "messages",
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("first_seen_at", _TIME, nullable=False),
        sa.Column("created_at", _TIME, nullable=True),
        sa.Column("sender", sa.String(length=32), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("file_names", sa.JSON(), nullable=True),
        sa.Column("rule_set", sa.String(length=64), nullable=True),
        sa.Column("judged_at", _TIME, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("retry_at", _TIME, nullable=True),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_until", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("business_id", "chat_id", "message_id"),
    )
    op.create_index("messages_by_state", "messages", ["state", "retry_at"], unique=False)
    op.create_table(
        "pauses",
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("since", _TIME, nullable=False),
        sa.Column("until", _TIME, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("business_id", "method"),
    )
    op.create_table(
        "reminders",
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("business_id", "chat_id", "message_id"),
    )
    op.create_table(
        "requests",
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("business_id", "method"),
    )
    op.create_table(
        "sweeps",
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("since", _TIME, nullable=False),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("page_token", sa.Text(), nullable=True),
        sa.Column("finished_at", _TIME, nullable=True),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_until", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("business_id"),
    )
    op.create_table(
        "violations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("found_at", _TIME, nullable=False),
        sa.Column("alert_id", sa.String(length=32), nullable=True),
        sa.Column("reported_at", _TIME, nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("business_id", "chat_id", "message_id", "rule", "start", name="one_row_a_violation"),
    )
    op.create_index("violations_by_alert", "violations", ["alert_id"], unique=False)
    op.create_index("violations_unreported", "violations", ["reported_at", "found_at"], unique=False)


def downgrade() -> None:
    """Drop all tables."""
    for table in ("violations", "alerts", "reminders", "requests", "pauses", "sweeps", "messages", "chats"):
        op.drop_table(table)
