"""Programs that other packages bring along."""

from importlib.util import find_spec
from pathlib import Path

from devstack.errors import StackError


def folder_of(package: str) -> Path:
    """Return where a package is installed, without importing it: some act on being imported."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise StackError(f"the package {package} is not installed")
    return Path(spec.origin).parent
