"""The contracts of .importlinter are seen to fail on a planted import, and to pass without one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SERVICES = ("inventory", "purchasing", "sales", "costing")
PACKAGES = ("contracts", "servicekit", *SERVICES, "devstack", "demo", "checks")
CLEAN = {
    "servicekit/errors.py": "",
    "servicekit/outbox.py": "",
    "inventory/main.py": "import inventory.stock.routes\n",
    "inventory/stock/__init__.py": "",
    "inventory/stock/routes.py": "from inventory.stock import use_cases\n",
    "inventory/stock/use_cases/__init__.py": "",
    "inventory/stock/use_cases/post_receipt.py": "from servicekit import outbox\n",
    "inventory/stock/tables.py": "from inventory.stock import domain\nimport sqlalchemy\n",
    "inventory/stock/domain.py": "from servicekit.errors import Refusal\nimport decimal\n",
    "inventory/catalog/__init__.py": "",
    "inventory/catalog/domain.py": "",
    "inventory/reservations/__init__.py": "",
    "inventory/reservations/store.py": "import inventory.stock.store\n",
    "inventory/stock/store.py": "",
}
PLANTED = {
    "a service in another": (
        "sales/main.py",
        "import inventory.main\n",
        "Services are independent",
    ),
    "a service in the kit": (
        "servicekit/clock.py",
        "import inventory.main\n",
        "Services stand on the kit",
    ),
    "the kit in the contracts": (
        "contracts/wire.py",
        "import servicekit.errors\n",
        "Services stand on the kit",
    ),
    "a higher area in a lower one": (
        "inventory/catalog/store.py",
        "import inventory.stock.store\n",
        "Areas of inventory",
    ),
    "an area without a floor": ("sales/helpers.py", "", "Areas of sales"),
    "a room above in a room below": (
        "inventory/stock/tables.py",
        "import inventory.stock.store\n",
        "Rooms of an area",
    ),
    "handlers and routes of one area": (
        "inventory/stock/handlers.py",
        "import inventory.stock.routes\n",
        "Rooms of an area",
    ),
    "a room nobody knows": ("inventory/stock/helpers.py", "", "Rooms of an area"),
    "a framework in a domain": (
        "inventory/stock/domain.py",
        "import sqlalchemy\n",
        "Domains know no framework",
    ),
    "the kit in a domain": (
        "inventory/stock/domain.py",
        "import servicekit.outbox\n",
        "Domains know no framework",
    ),
    "contracts in a domain": (
        "inventory/stock/domain.py",
        "import contracts\n",
        "Domains know no framework",
    ),
    "a framework in the contracts": (
        "contracts/wire.py",
        "import sqlalchemy\n",
        "Contracts know no framework",
    ),
    "the outbox in routes": (
        "inventory/stock/handlers.py",
        "import servicekit.outbox\n",
        "The outbox is filled",
    ),
}


def lint(tree: Path, *planted: tuple[str, str]) -> tuple[int, str]:
    files = {f"{package}/__init__.py": "" for package in PACKAGES} | CLEAN | dict(planted)
    for name, text in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    ran = subprocess.run(
        [
            Path(sys.executable).with_name("lint-imports"),
            "--config",
            ROOT / ".importlinter",
            "--no-cache",
        ],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree), "COLUMNS": "200"},
        check=False,
        capture_output=True,
        text=True,
    )
    return ran.returncode, ran.stdout + ran.stderr


def test_a_tree_that_keeps_to_the_rules_passes(tmp_path: Path) -> None:
    code, output = lint(tmp_path)
    assert code == 0, output
    assert "0 broken" in output


@pytest.mark.parametrize(("path", "text", "contract"), PLANTED.values(), ids=PLANTED)
def test_a_planted_import_breaks_its_contract(
    tmp_path: Path, path: str, text: str, contract: str
) -> None:
    code, output = lint(tmp_path, (path, text))
    assert code == 1, output
    broken = [line for line in output.splitlines() if line.rstrip().endswith("BROKEN")]
    assert any(line.startswith(contract) for line in broken), output
