"""Since when Market fails a message."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the column; what waits now has the least delay once more."""
    op.add_column("messages", sa.Column("troubled_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("messages", "troubled_since")
