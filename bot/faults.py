"""An error as it may be logged and shown: what it is and where, never what was in hand then.

The words of an error often quote the value that caused it, and so what a person wrote.
"""

import traceback


def fault(error: BaseException) -> str:
    """Type and place of an error, such as `ValueError at dates.py:41`."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    return f"{type(error).__name__} at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}"
