"""Indexes to count each cabinet's messages by, and to find old texts."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_WITH_TEXT = sa.text("text IS NOT NULL")


def upgrade() -> None:
    """Create them."""
    op.create_index("messages_by_cabinet", "messages", ["state", "business_id", "sender"], unique=False)
    op.create_index(
        "messages_with_text", "messages", ["created_at"], sqlite_where=_WITH_TEXT, postgresql_where=_WITH_TEXT
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_index("messages_with_text", table_name="messages")
    op.drop_index("messages_by_cabinet", table_name="messages")
