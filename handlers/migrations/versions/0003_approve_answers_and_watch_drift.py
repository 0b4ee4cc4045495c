"""approve answers and watch drift."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = '0003'
down_revision: str | Sequence[str] | None = '0002'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go from '0002' to '0003'."""
    op.add_column('case_record', sa.Column('answer', postgresql.JSONB(), nullable=True))
    op.add_column('decision', sa.Column('likeness', sa.Float(), nullable=True))


def downgrade() -> None:
    """Go back."""
    op.drop_column('decision', 'likeness')
    op.drop_column('case_record', 'answer')
