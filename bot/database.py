"""The database that is set: reached, or said in one line why not."""

import psycopg

from bot.postgres_place import PostgresError

SECONDS = 10
"""Longest wait for its first answer."""


def reach(address: str) -> None:
    """Connect once, so that what is wrong is said before anything starts. It blocks.

    Raises:
        PostgresError: It cannot be reached; the text names the setting, and no password.
    """
    try:
        psycopg.connect(address, connect_timeout=SECONDS).close()
    except psycopg.OperationalError as error:
        why = " ".join(str(error).split())
        raise PostgresError(f"TRIAGEBOT_DATABASE_URL cannot be reached: {why}") from None
    except psycopg.Error:
        # The parser's own words would repeat part of what it was given.
        raise PostgresError(
            "TRIAGEBOT_DATABASE_URL is no PostgreSQL address, such as postgresql://user@host/name"
        ) from None
