"""Why something can't be done with a count sheet."""

from servicekit.errors import Kind, Refusal

NAMED_AT_MOST = 50
"""Lines that a refusal names; it says how many there are."""


class UnknownSheet(Refusal):
    """There is no such sheet."""

    kind = Kind.NOT_FOUND
    code = "unknown_count_sheet"
    en = "There is no count sheet {sheet_id}. Check its number."
    zh = "不存在盘点单 {sheet_id}。请核对单号。"


class UnknownLines(Refusal):
    """The sheet has no such lines."""

    kind = Kind.NOT_FOUND
    code = "unknown_count_lines"
    en = "Count sheet {number} has no lines {lines}. Look at its lines again."
    zh = "盘点单 {number} 没有第 {lines} 行。请重新查看盘点行。"


class NothingToCount(Refusal):
    """What was asked for is nowhere on hand."""

    code = "nothing_to_count"
    en = "No stock fits what is to be counted. Widen it, or name the items."
    zh = "没有符合盘点范围的库存。请扩大范围，或直接指定商品。"


class TooMuchToCount(Refusal):
    """A sheet is what people can count, and what fits a page."""

    code = "too_much_to_count"
    en = "More than {most} places fit. Narrow the sheet to a warehouse, category or class."
    zh = "符合范围的盘点行超过 {most} 行。请按仓库、类别或 ABC 分类缩小范围。"


class PlaceBeingCounted(Refusal):
    """A place is on one open sheet at most: two would put the same difference right twice."""

    kind = Kind.CONFLICT
    code = "place_being_counted"
    en = (
        "Item {item_id} (batch {batch_id}) in warehouse {warehouse_id} is on open count sheet"
        " {other}. Close or cancel that one first, or count elsewhere."
    )
    zh = (
        "仓库 {warehouse_id} 的商品 {item_id}（批次 {batch_id}）已在未结束的盘点单 {other} 上。"
        "请先完成或取消该盘点单，或盘点其他范围。"
    )


class SheetWrongStatus(Refusal):
    """The sheet is not where this step begins."""

    kind = Kind.CONFLICT
    code = "count_sheet_wrong_status"
    en = "Count sheet {number} is {sheet_status}; to be {act} it must be {needed}."
    zh = "盘点单 {number} 的状态为 {sheet_status}；{act} 要求状态为 {needed}。"


class SheetChanged(Refusal):
    """Somebody took the sheet further since the caller looked at it."""

    kind = Kind.CONFLICT
    code = "count_sheet_changed"
    en = (
        "Count sheet {number} was changed meanwhile: it is {sheet_status} now, in version"
        " {version}. Look at it again, then decide."
    )
    zh = "盘点单 {number} 已被修改：当前状态为 {sheet_status}，版本 {version}。请重新查看后再操作。"


class NothingToRecount(Refusal):
    """No line is out of tolerance."""

    code = "nothing_to_recount"
    en = "No line of count sheet {number} is out of tolerance. Name the lines to recount."
    zh = "盘点单 {number} 没有超出允差的行。如需复盘，请指定行号。"


class LinesNotCounted(Refusal):
    """What was not counted is never taken for zero."""

    code = "count_lines_open"
    en = "{open} lines of sheet {number} have no count: {lines}. Count them, or leave them alone."
    zh = "盘点单 {number} 有 {open} 行未盘点：{lines}。请完成盘点，或明确标记为不盘点。"


class LinesToRecount(Refusal):
    """A large difference is looked at by a second pair of eyes."""

    code = "count_lines_to_recount"
    en = "{open} lines of sheet {number} are to be recounted by somebody else: {lines}."
    zh = "盘点单 {number} 有 {open} 行须由他人复盘：{lines}。"


class LinesCounted(Refusal):
    """A count is not passed over."""

    code = "count_lines_counted"
    en = "Lines {lines} of sheet {number} were counted and can't be left alone. Recount them."
    zh = "盘点单 {number} 的第 {lines} 行已盘点，不能标记为不盘点。请复盘。"


class CounterAudits(Refusal):
    """Who counted doesn't audit."""

    kind = Kind.FORBIDDEN
    code = "counter_cannot_audit"
    en = "{user_id} counted on sheet {number}: somebody else audits it."
    zh = "{user_id} 参与了盘点单 {number} 的盘点：须由他人审核。"


class AuditorApproves(Refusal):
    """Who audited doesn't approve."""

    kind = Kind.FORBIDDEN
    code = "auditor_cannot_approve"
    en = "{user_id} audited sheet {number}: somebody else approves it."
    zh = "{user_id} 审核了盘点单 {number}：须由他人批准。"


class BooksChanged(Refusal):
    """Something was booked late, with a time before the count: the difference is another one."""

    kind = Kind.CONFLICT
    code = "count_books_changed"
    en = (
        "Since the audit of sheet {number}, documents posted before the counts were booked on"
        " lines {lines}. Send these lines back with a recount, then audit again."
    )
    zh = "盘点单 {number} 审核后，第 {lines} 行补记了盘点时间之前的单据。请对这些行复盘后重新审核。"


class DocumentRewritten(Refusal):
    """What is posted is what was counted, nothing else."""

    kind = Kind.CONFLICT
    code = "count_document_rewritten"
    en = (
        "Document {document} no longer says what sheet {number} has found. Cancel it, recount and"
        " audit the sheet again."
    )
    zh = "单据 {document} 与盘点单 {number} 的盘点结果不符。请取消该单据，复盘并重新审核。"


class LossNotAvailable(Refusal):
    """What is missing was promised, or is held: somebody has to let go of it first."""

    kind = Kind.CONFLICT
    code = "count_loss_not_available"
    en = (
        "Sheet {number} finds more missing than is available on {lines_short} lines, see"
        " `shortages`. Release or move what holds the goods, then approve again. Nothing is posted."
    )
    zh = (
        "盘点单 {number} 有 {lines_short} 行盘亏数量超过可用量，详见 shortages。"
        "请先释放或转移占用，再次批准。本次未过账任何单据。"
    )
