"""Why lines that were picked can't be ordered."""

from servicekit.errors import Refusal


class PickedTwice(Refusal):
    """A line is ordered once at a time: two quantities of it would be a riddle."""

    code = "requisition_line_picked_twice"
    en = (
        "Line {line_no} of requisition {requisition_id} is named twice. Name it once; what stays"
        " open of it can be ordered from another supplier afterwards."
    )
    zh = (
        "请购单 {requisition_id} 第 {line_no} 行被重复选择。请只选择一次；"
        "剩余未订数量可之后向其他供应商订购。"
    )


class NothingOpen(Refusal):
    """Of the line everything is ordered or given up."""

    code = "requisition_line_not_open"
    en = "Requisition {number}, line {line_no}: nothing is open any more. Leave the line out."
    zh = "请购单 {number} 第 {line_no} 行已无未订数量。请去掉该行。"


class UnitWithoutQuantity(Refusal):
    """A unit says how a quantity is meant."""

    code = "unit_without_quantity"
    en = (
        "Line {line_no} of requisition {requisition_id} names the unit {unit} and no quantity."
        " Give both, or neither to order what is open."
    )
    zh = (
        "请购单 {requisition_id} 第 {line_no} 行填写了单位 {unit} 却没有数量。"
        "请同时填写，或都不填以订购全部未订数量。"
    )


class SupplierMissing(Refusal):
    """Nobody said from whom to buy."""

    code = "supplier_missing"
    en = "Requisition {number}, line {line_no} suggests no supplier. Name one to order it from."
    zh = "请购单 {number} 第 {line_no} 行没有建议供应商。请指定供应商。"
