"""find an enquiry by its thread."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0002'
down_revision: str | Sequence[str] | None = '0001'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go from '0001' to '0002'."""
    op.create_index(
        'enquiry_of_thread',
        'enquiry',
        ['slack_thread', 'slack_channel'],
        postgresql_where=sa.text('slack_thread IS NOT NULL'),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_index('enquiry_of_thread', table_name='enquiry')
