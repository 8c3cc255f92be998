"""Why a request for goods, from wherever they are, is refused."""

from servicekit.errors import Kind, Refusal


class UnknownRequest(Refusal):
    """There is no such request."""

    kind = Kind.NOT_FOUND
    code = "unknown_sourcing_request"
    en = "There is no sourcing request {request_id}."
    zh = "没有货源请求 {request_id}。"


class NoSource(Refusal):
    """No warehouse that may ship has the goods, nor have several if they may be split."""

    kind = Kind.CONFLICT
    code = "no_source"
    en = (
        "Request {number} is refused: no warehouse that may ship has all goods in mode {mode}, or"
        " others were faster in {attempts} attempts. `considered` says what each of them has."
    )
    zh = (
        "请求 {number} 被拒绝：在 {mode} 方式下没有可发货的仓库能满足全部货品，"
        "或在 {attempts} 次尝试中被他人占用。各仓库的库存见 considered。"
    )


class RequestNotPayable(Refusal):
    """A request is paid, or taken on credit, once and as a whole, while all goods are held."""

    kind = Kind.CONFLICT
    code = "sourcing_request_not_payable"
    en = (
        "Request {number} is {status}: only one whose goods are all held can be paid, or taken on"
        " credit."
    )
    zh = "请求 {number} 的状态为 {status}：仅全部货品已预留的请求可付款或赊账。"


class RequestWrongAmount(Refusal):
    """A request is paid as a whole."""

    code = "wrong_amount"
    en = "Request {number} comes to {total}, not {amount}. Pay exactly its total."
    zh = "请求 {number} 的合计为 {total}，而非 {amount}。请按合计金额付款。"


class RequestNotCancellable(Refusal):
    """What is being paid, or has left in part, is not called off."""

    kind = Kind.CONFLICT
    code = "sourcing_request_not_cancellable"
    en = (
        "Request {number} is {status} and can't be cancelled: a payment is being decided, it has"
        " ended, or some of its goods have left."
    )
    zh = "请求 {number} 的状态为 {status}，无法取消：付款处理中、已结束，或部分货品已发出。"


class SourcesRepeated(Refusal):
    """A site stands once in a stated order, and never before itself."""

    code = "sources_repeated"
    en = "Name each site once, and not {site_id} itself, which always comes first."
    zh = "每个门店只能列出一次，且不含 {site_id} 自身（其总是优先）。"
