"""Count sheets over HTTP."""

from inventory.counting.routes.commands import commands
from inventory.counting.routes.lists import queries
from inventory.counting.routes.prints import prints

ROUTERS = (commands, prints, queries)
