"""Stock documents over HTTP."""

from inventory.documents.routes.commands import commands
from inventory.documents.routes.lists import queries
from inventory.documents.routes.prints import prints
from inventory.documents.routes.transfers import transfer_commands, transfer_queries

ROUTERS = (commands, transfer_commands, queries, prints, transfer_queries)
