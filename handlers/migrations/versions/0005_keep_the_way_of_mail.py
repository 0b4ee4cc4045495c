"""keep the way of mail: who vouches for a sender, what came back, what was switched."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = '0005'
down_revision: str | Sequence[str] | None = '0004'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

AT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    """Go from '0004' to '0005'."""
    op.add_column('inbound', sa.Column('helo', sa.Text(), nullable=True))
    op.add_column(
        'inbound', sa.Column('origin', sa.Text(), server_default='smtp', nullable=False)
    )
    op.add_column('enquiry', sa.Column('continues', sa.BigInteger(), nullable=True))
    op.create_foreign_key(None, 'enquiry', 'enquiry', ['continues'], ['id'])
    op.create_index('message_of_author', 'message', ['author', 'at'])
    op.create_index(
        'outgoing_automatic', 'outgoing', ['created_at'], postgresql_where=sa.text('automatic')
    )
    op.add_column('message', sa.Column('authentication', postgresql.JSONB(), nullable=True))
    op.create_table(
        'delivery_report',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column('address', sa.Text(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('diagnostic', sa.Text(), nullable=False),
        sa.Column('outgoing_id', sa.BigInteger(), sa.ForeignKey('outgoing.id'), nullable=True),
        sa.Column('message_id', sa.BigInteger(), sa.ForeignKey('message.id'), nullable=True),
        sa.Column('at', AT, server_default=sa.func.now(), nullable=False),
        sa.Column('lifted_at', AT, nullable=True),
        sa.Column('lifted_by', sa.Text(), nullable=True),
    )
    op.create_index('delivery_report_of_address', 'delivery_report', ['address', 'id'])
    op.create_table(
        'switch_event',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('value', sa.Text(), nullable=False),
        sa.Column('actor', sa.Text(), nullable=False),
        sa.Column('actor_name', sa.Text(), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('at', AT, server_default=sa.func.now(), nullable=False),
    )
    op.create_index('switch_event_by_name', 'switch_event', ['name', 'id'])


def downgrade() -> None:
    """Go back."""
    op.drop_table('switch_event')
    op.drop_table('delivery_report')
    op.drop_column('message', 'authentication')
    op.drop_index('outgoing_automatic', 'outgoing')
    op.drop_index('message_of_author', 'message')
    op.drop_constraint('enquiry_continues_fkey', 'enquiry', type_='foreignkey')
    op.drop_column('enquiry', 'continues')
    op.drop_column('inbound', 'origin')
    op.drop_column('inbound', 'helo')
