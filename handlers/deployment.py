"""What belongs to this deployment alone and is shared by all its processes."""

from handlers.tables import Deployment
from handlers.unit import Unit


async def signing_key(unit: Unit) -> str:
    """The key that signs references and Message-IDs; `migrate` made it.

    Raises sqlalchemy's NoResultFound where the database was never migrated.
    """
    row = await unit.session.get_one(Deployment, "signing_key")
    return row.value
