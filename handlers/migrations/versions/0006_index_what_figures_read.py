"""index what figures read."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0006'
down_revision: str | Sequence[str] | None = '0005'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go from '0005' to '0006'."""
    op.create_index(
        'decision_metrics',
        'decision',
        ['decided_at'],
        postgresql_include=['outcome', 'route', 'channel', 'types', 'topics', 'flags'],
    )
    op.create_index(
        'decision_times',
        'decision',
        ['decided_at'],
        postgresql_include=['outcome', 'milliseconds', 'channel'],
    )
    op.drop_index('decision_by_time', table_name='decision')
    op.create_index(
        'case_by_opening',
        'case_record',
        ['opened_at'],
        postgresql_include=['id', 'enquiry_id', 'first_reply_at'],
    )
    op.create_index(
        'case_event_came_back',
        'case_event',
        ['case_id', 'at'],
        postgresql_where=sa.text("kind IN ('write_again', 'ask_for_person')"),
    )
    op.create_index(
        'outgoing_answers',
        'outgoing',
        ['created_at'],
        postgresql_include=['id', 'enquiry_id', 'sent_at'],
        postgresql_where=sa.text("kind = 'answer'"),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_index('outgoing_answers', table_name='outgoing')
    op.drop_index('case_event_came_back', table_name='case_event')
    op.drop_index('case_by_opening', table_name='case_record')
    op.create_index('decision_by_time', 'decision', ['decided_at'])
    op.drop_index('decision_times', table_name='decision')
    op.drop_index('decision_metrics', table_name='decision')
