"""keep who is away, until which day."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = '0008'
down_revision: str | Sequence[str] | None = '0007'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go from '0007' to '0008'."""
    op.create_table(
        'officer_absence',
        sa.Column('officer', sa.Text(), primary_key=True),
        sa.Column('officer_name', sa.Text(), nullable=False),
        sa.Column('until', sa.Date(), nullable=False),
        sa.Column('set_by', sa.Text(), nullable=False),
        sa.Column(
            'at',
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.func.now(),
            nullable=False,
        ),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table('officer_absence')
