"""How Alembic reaches the database: on the connection that `handlers.schema` has opened."""

from alembic import context

from handlers import case_tables, knowledge_tables, mail_tables, tables  # noqa: F401  tables are known once imported
from handlers.columns import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_server_default=True,
    # The job engine keeps its own tables beside ours.
    include_name=lambda name, kind, _parents: (
        kind != "table" or not str(name).startswith("procrastinate_")
    ),
)
context.run_migrations()
