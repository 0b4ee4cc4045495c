"""What all tables share: the types of their columns, and the columns that most of them have."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Common types: text is `text`, times are with a zone, lists of words are arrays."""

    type_annotation_map = {  # noqa: RUF012  the name and form are SQLAlchemy's
        str: Text(),
        datetime: TIMESTAMP(timezone=True),
        list[str]: ARRAY(Text()),
        dict[str, Any]: JSONB(),
        list[dict[str, Any]]: JSONB(),
    }


def row_id() -> Mapped[int]:
    """The column of a number that the database gives."""
    return mapped_column(BigInteger, Identity(always=True), primary_key=True)


def written_at() -> Mapped[datetime]:
    """The column of a time that is the database's own, unless one is given."""
    return mapped_column(server_default=func.now())
