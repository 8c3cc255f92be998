"""To whom goods are sold: one of the chain's own shops or somebody outside, and on what terms."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from servicekit.errors import Kind, Refusal


class UnknownCustomer(Refusal):
    """There is no such customer."""

    kind = Kind.NOT_FOUND
    code = "unknown_customer"
    en = "There is no customer {customer_id}. Define it first."
    zh = "没有客户 {customer_id}。请先建立该客户。"


class ShopNeedsSite(Refusal):
    """An own shop is one of the sites, and nobody else is."""

    code = "shop_needs_site"
    en = (
        "Customer {customer_id}: an own shop names the site that it is, and a customer outside"
        " names none."
    )
    zh = "客户 {customer_id}：自有门店须指明对应门店，外部客户不得指明门店。"


class CustomerChanged(Refusal):
    """Somebody else has changed the customer since."""

    kind = Kind.CONFLICT
    code = "customer_changed"
    en = "Customer {customer_id} is at version {version} by now. Look at it again."
    zh = "客户 {customer_id} 已更新为版本 {version}。请重新查看。"


class CustomerRepeated(Refusal):
    """A file names a customer twice."""

    code = "customer_repeated"
    en = "Customer {customer_id} stands in an earlier line of this file."
    zh = "客户 {customer_id} 在该文件的前面已出现。"


class CustomerKind(StrEnum):
    """Whose the customer is."""

    OUTSIDE = "outside"
    OWN_SHOP = "own_shop"


@dataclass(frozen=True, kw_only=True)
class CustomerFacts:
    """What is known of a customer, and agreed with it."""

    name: str
    kind: CustomerKind = CustomerKind.OUTSIDE
    site_id: str | None = None
    """Which site it is, if it is one of the chain's own."""
    credit_limit: Decimal = Decimal(0)
    """How much it may owe; nobody buys on credit unless that is agreed."""
    terms_days: int = 0
    """Within how many days it pays what it buys on credit."""

    def must_be_whole(self, customer_id: str) -> None:
        """Raise unless exactly own shops name a site."""
        if (self.kind is CustomerKind.OWN_SHOP) != (self.site_id is not None):
            raise ShopNeedsSite(customer_id=customer_id)


@dataclass(frozen=True, kw_only=True)
class CustomerChange:
    """What is to be known from now on; what is None stays as it is."""

    name: str | None = None
    kind: CustomerKind | None = None
    site_id: str | None = None
    credit_limit: Decimal | None = None
    terms_days: int | None = None

    def on(self, facts: CustomerFacts) -> CustomerFacts:
        """Return the facts with this change; a customer outside is no site any more."""
        given = {name: value for name, value in vars(self).items() if value is not None}
        if self.kind is CustomerKind.OUTSIDE and self.site_id is None:
            given["site_id"] = None
        return replace(facts, **given)


FACTS = tuple(CustomerFacts.__dataclass_fields__)


@dataclass(eq=False, kw_only=True)
class Customer:
    """A customer as it is now; `version` counts its changes."""

    customer_id: str
    name: str
    created_at: datetime
    kind: CustomerKind = CustomerKind.OUTSIDE
    site_id: str | None = None
    credit_limit: Decimal = Decimal(0)
    terms_days: int = 0
    version: int = 1

    @property
    def facts(self) -> CustomerFacts:
        """Return what is known of it."""
        return CustomerFacts(**{name: getattr(self, name) for name in FACTS})

    def must_be_at(self, versions: frozenset[int] | None) -> None:
        """Raise unless the customer is as the caller saw it; None means whichever it is."""
        if versions is not None and self.version not in versions:
            raise CustomerChanged(customer_id=self.customer_id, version=self.version)

    def change(self, wanted: CustomerChange) -> bool:
        """Take over what is to be different; return whether anything is."""
        before = self.facts
        after = wanted.on(before)
        if after == before:
            return False
        after.must_be_whole(self.customer_id)
        for name in FACTS:
            setattr(self, name, getattr(after, name))
        self.version += 1
        return True
