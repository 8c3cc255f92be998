"""Every package declares what it imports and imports what it declares: deptry, one by one."""

import subprocess
import sys
import tomllib
from pathlib import Path

FOLDERS = ("libs", "services", "tools")
CODE = ("src", "migrations")


def members(root: Path) -> list[Path]:
    """Return the packages of the workspace."""
    return [
        manifest.parent
        for folder in FOLDERS
        for manifest in sorted((root / folder).glob("*/pyproject.toml"))
    ]


def module_names(packages: list[Path]) -> str:
    """Say which module each of our distributions holds, which editable installs don't tell."""
    pairs = []
    for package in packages:
        name = tomllib.loads((package / "pyproject.toml").read_text("utf-8"))["project"]["name"]
        modules = [init.parent.name for init in sorted((package / "src").glob("*/__init__.py"))]
        pairs.append(f"{name}={'|'.join(modules)}")
    return ",".join(pairs)


def check_dependencies(root: Path) -> list[str]:
    """Run deptry over each package; return the names of those it complains about."""
    packages = members(root)
    names = module_names(packages)
    broken = []
    for package in packages:
        code = [str(package / part) for part in CODE if (package / part).is_dir()]
        manifest = str(package / "pyproject.toml")
        command = [sys.executable, "-m", "deptry", *code, "--config", manifest]
        if subprocess.run([*command, "--package-module-name-map", names], check=False).returncode:
            broken.append(package.name)
    return broken
