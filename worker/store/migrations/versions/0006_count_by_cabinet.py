"""An index to count each cabinet's messages by."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create it."""
    op.create_index("messages_by_cabinet", "messages", ["business_id", "state"], unique=False)


def downgrade() -> None:
    """Remove it."""
    op.drop_index("messages_by_cabinet", table_name="messages")
