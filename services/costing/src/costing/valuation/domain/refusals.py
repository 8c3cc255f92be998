"""Facts that can't be true: they and the books contradict each other."""

from servicekit.errors import Kind, Refusal


class MoreIssuedThanThere(Refusal):
    """The ledger would be negative."""

    kind = Kind.RULE
    code = "more_issued_than_there"
    en = "Entry {sequence} of {stream} issues {issued}, but only {quantity} are there."
    zh = "{stream} 的第 {sequence} 条分录出库 {issued}，但库存只有 {quantity}。"


class NotReversible(Refusal):
    """What is to be taken back is not there, or moved the other way, or less of it."""

    kind = Kind.RULE
    code = "not_reversible"
    en = "Entry {sequence} of {stream} can't take back entry {reverses}: see the entries of both."
    zh = "{stream} 的第 {sequence} 条分录无法冲销第 {reverses} 条分录，请核对两条分录。"


class NotReceived(Refusal):
    """What costs another sum did not come in by the entry that is named."""

    kind = Kind.RULE
    code = "not_received"
    en = (
        "Entry {sequence} of {stream} says what goods of entry {origin} cost, but that one is no"
        " supplier's receipt: see the entries of both."
    )
    zh = (
        "{stream} 的第 {sequence} 条分录更正第 {origin} 条分录的成本，"
        "但后者不是采购入库，请核对两条分录。"
    )


class OtherCurrency(Refusal):
    """The books are kept in one currency."""

    kind = Kind.RULE
    code = "other_currency"
    en = "The books are kept in {books}; a cost in {given} can't be entered."
    zh = "账簿币种为 {books}，无法登记 {given} 的成本。"


class StreamsOvertaken(Refusal):
    """While the streams of a batch were being locked, a fact came that leads to one more."""

    kind = Kind.UNAVAILABLE
    code = "streams_overtaken"
    en = "More streams are concerned than were locked; the batch is tried again."
    zh = "涉及的流水多于已锁定的流水，该批次将重试。"
