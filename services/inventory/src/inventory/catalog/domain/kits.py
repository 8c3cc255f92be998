"""Kits: sold as one, made of others. Their stock is what can be made of the components."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from servicekit.errors import Kind, Refusal


class KitNotStocked(Refusal):
    """A kit is never on a shelf as such; only its components are."""

    code = "kit_not_stocked"
    en = "Item {item_id} is a kit: only its components are received, moved and counted."
    zh = "商品 {item_id} 为组合装，只能对其组件进行收发和盘点。"


class NotKit(Refusal):
    """The item is not made of others."""

    kind = Kind.NOT_FOUND
    code = "not_a_kit"
    en = "Item {item_id} is no kit. Define its components first, or check the id."
    zh = "商品 {item_id} 不是组合装。请先定义其组件，或核对编号。"


class KitOfKits(Refusal):
    """The components of a kit are things on a shelf."""

    code = "kit_of_kits"
    en = "Item {component_id} is a kit itself. List its components instead."
    zh = "组件 {component_id} 本身为组合装。请直接列出其组件。"


class KitOfTracked(Refusal):
    """A kit is sold without naming what it is made of, and tracked goods leave only by name."""

    code = "kit_of_tracked"
    en = (
        "Component {component_id} has tracking {tracking}: it leaves only with its batch or serial"
        " numbers named, which a line of a kit can't do. Sell it on a line of its own, beside the"
        " kit."
    )
    zh = (
        "组件 {component_id} 的管理方式为 {tracking}：发出时须指定批次或序列号，"
        "而组合装行无法指定。请将其作为单独的行与组合装一并销售。"
    )


class KitRepeatsComponent(Refusal):
    """A kit names each component once."""

    code = "kit_repeats_component"
    en = "Component {component_id} stands twice in kit {item_id}. Add up its quantities."
    zh = "组合装 {item_id} 重复列出组件 {component_id}。请合并数量。"


class KitTorn(Refusal):
    """A kit without some of its components would be another kit."""

    code = "kit_torn"
    en = (
        "Another line of kit {item_id} was refused, so that none of its lines was taken. Mend that."
    )
    zh = "组合装 {item_id} 的其他行被拒绝，因此其全部行均未导入。请先更正。"


class KitTooLarge(Refusal):
    """What is made of so many things is no kit."""

    code = "kit_too_large"
    en = "Kit {item_id} has {given} components; {most} are allowed."
    zh = "组合装 {item_id} 有 {given} 个组件，最多允许 {most} 个。"


class KitImpossible(Refusal):
    """An item that is stocked, counted in parts or tracked can't be made a kit."""

    kind = Kind.CONFLICT
    code = "kit_impossible"
    en = (
        "Item {item_id} can't be a kit: a kit was never in use, is counted in whole units"
        " (scale 0) and is not tracked by batch or serial. Import a new item for it."
    )
    zh = (
        "商品 {item_id} 不能设为组合装：组合装须从未使用、以整数计量（小数位 0）、"
        "且不按批次或序列号管理。请为其导入新商品。"
    )


@dataclass(frozen=True)
class KitComponent:
    """How much of an item goes into one kit, in the item's base unit."""

    item_id: str
    quantity: Decimal


@dataclass(frozen=True)
class Kit:
    """A version of what a kit is made of."""

    item_id: str
    version: int
    components: tuple[KitComponent, ...]

    def __post_init__(self) -> None:
        """Hold the rule: each component is named once."""
        seen = set[str]()
        for component in self.components:
            if component.item_id in seen:
                raise KitRepeatsComponent(item_id=self.item_id, component_id=component.item_id)
            seen.add(component.item_id)

    @property
    def component_ids(self) -> list[str]:
        """Return the items that the kit is made of."""
        return [one.item_id for one in self.components]

    def explode(self, quantity: Decimal) -> list[tuple[str, Decimal]]:
        """Return how much of each component so many kits take, in base units."""
        return [(one.item_id, one.quantity * quantity) for one in self.components]

    def makeable(self, available: Mapping[str, Decimal]) -> tuple[Decimal, list[str]]:
        """Return how many kits can be made of these quantities, and which components limit that."""
        kits = {
            one.item_id: available.get(one.item_id, Decimal(0)) // one.quantity
            for one in self.components
        }
        fewest = min(kits.values())
        return fewest, sorted(item_id for item_id, count in kits.items() if count == fewest)
