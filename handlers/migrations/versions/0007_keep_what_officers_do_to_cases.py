"""keep what officers do to cases: priority, snooze, links, merging, and who is writing."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = '0007'
down_revision: str | Sequence[str] | None = '0006'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

AT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    """Go from '0006' to '0007'."""
    op.add_column(
        'case_record', sa.Column('priority', sa.Text(), server_default='normal', nullable=False)
    )
    op.add_column('case_record', sa.Column('snoozed_until', AT, nullable=True))
    op.create_index(
        'case_snoozed',
        'case_record',
        ['snoozed_until'],
        postgresql_where=sa.text('snoozed_until IS NOT NULL'),
    )
    op.add_column('enquiry', sa.Column('merged_into', sa.BigInteger(), nullable=True))
    op.create_foreign_key(None, 'enquiry', 'enquiry', ['merged_into'], ['id'])
    op.create_index(
        'enquiry_merged',
        'enquiry',
        ['merged_into'],
        postgresql_where=sa.text('merged_into IS NOT NULL'),
    )
    op.create_table(
        'case_link',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column('case_id', sa.BigInteger(), sa.ForeignKey('case_record.id'), nullable=False),
        sa.Column('other_id', sa.BigInteger(), sa.ForeignKey('case_record.id'), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('at', AT, server_default=sa.func.now(), nullable=False),
        sa.UniqueConstraint('case_id', 'other_id', 'kind'),
    )
    op.create_index('case_link_of_other', 'case_link', ['other_id'])
    op.create_table(
        'case_presence',
        sa.Column('case_id', sa.BigInteger(), sa.ForeignKey('case_record.id'), primary_key=True),
        sa.Column('officer', sa.Text(), primary_key=True),
        sa.Column('officer_name', sa.Text(), nullable=False),
        sa.Column('until', AT, nullable=False),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table('case_presence')
    op.drop_table('case_link')
    op.drop_index('enquiry_merged', 'enquiry')
    op.drop_constraint('enquiry_merged_into_fkey', 'enquiry', type_='foreignkey')
    op.drop_column('enquiry', 'merged_into')
    op.drop_index('case_snoozed', 'case_record')
    op.drop_column('case_record', 'snoozed_until')
    op.drop_column('case_record', 'priority')
