"""Turns pip's lines into one that counts packages; `python progress.py TOTAL < lines`."""

import sys


def main() -> None:
    """Count the packages that pip has fetched; other lines are for a log, not for a person."""
    total = sys.argv[1]
    in_place = sys.stdout.isatty()
    seen = 0
    for line in sys.stdin:
        if line.startswith("Collecting "):
            seen += 1
            if in_place:
                print(f"\r  fetched {seen} of about {total}", end="", flush=True)
            elif seen % 25 == 0:
                print(f"  fetched {seen} of about {total}", flush=True)
        elif line.startswith("Installing collected"):
            print(f"{chr(13) if in_place else ''}  unpacking {seen} packages      ", flush=True)


if __name__ == "__main__":
    main()
