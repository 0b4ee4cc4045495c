"""keep knowledge and sent mails."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = '0004'
down_revision: str | Sequence[str] | None = '0003'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

AT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    """Go from '0003' to '0004'."""
    op.add_column('outgoing', sa.Column('sent_copy', sa.LargeBinary(), nullable=True))
    op.create_table(
        'article_event',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column('article', sa.Text(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('action', sa.Text(), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('sha256', sa.Text(), nullable=False),
        sa.Column('author', sa.Text(), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('at', AT, server_default=sa.func.now(), nullable=False),
    )
    op.create_index('article_event_of_article', 'article_event', ['article', 'id'])
    op.create_table(
        'feedback',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column('outgoing_id', sa.BigInteger(), sa.ForeignKey('outgoing.id'), nullable=False),
        sa.Column('said', sa.Text(), nullable=False),
        sa.Column('at', AT, server_default=sa.func.now(), nullable=False),
        sa.UniqueConstraint('outgoing_id', 'said'),
    )
    op.create_table(
        'gap',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column('week', sa.Date(), nullable=False),
        sa.Column('words', postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column('enquiries', postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column('examples', postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column('draft', sa.Text(), nullable=False),
        sa.Column('state', sa.Text(), server_default='open', nullable=False),
        sa.Column('article', sa.Text(), nullable=True),
        sa.Column('detail', postgresql.JSONB(), nullable=False),
        sa.Column('made_at', AT, server_default=sa.func.now(), nullable=False),
    )
    op.create_index('gap_by_week', 'gap', ['week'])


def downgrade() -> None:
    """Go back."""
    op.drop_table('gap')
    op.drop_table('feedback')
    op.drop_table('article_event')
    op.drop_column('outgoing', 'sent_copy')
