"""To whom goods are sold."""

from dataclasses import dataclass
from datetime import datetime

from servicekit.errors import Kind, Refusal


class UnknownCustomer(Refusal):
    """There is no such customer."""

    kind = Kind.NOT_FOUND
    code = "unknown_customer"
    en = "There is no customer {customer_id}. Define it first."
    zh = "没有客户 {customer_id}。请先建立该客户。"


@dataclass(eq=False, kw_only=True)
class Customer:
    """A customer as it is now."""

    customer_id: str
    name: str
    created_at: datetime

    def redefine(self, name: str) -> bool:
        """Take over a new description; return whether anything is different."""
        changed = self.name != name
        self.name = name
        return changed
