"""Why something can't be done with a counter sale."""

from servicekit.errors import Kind, Refusal


class UnknownSale(Refusal):
    """There is no such counter sale."""

    kind = Kind.NOT_FOUND
    code = "unknown_counter_sale"
    en = "There is no counter sale {sale_id}."
    zh = "没有收银销售 {sale_id}。"


class SaleRefused(Refusal):
    """The goods are not covered, for another reason than that there are too few."""

    kind = Kind.CONFLICT
    code = "counter_sale_refused"
    en = "Counter sale {number} is refused: {why}"
    zh = "收银销售 {number} 被拒绝：{why}"


class BasketNumberMissing(Refusal):
    """What is told late is told again and again, and must be known by a number."""

    code = "basket_number_missing"
    en = (
        "A basket with `sold_at` was sold while its till was offline: send the till's own"
        " `basket_no` with it, so that it is never taken twice."
    )
    zh = "带有 sold_at 的购物篮为离线销售：请同时提供收银机自己的 basket_no，以免重复入账。"


class BasketToldTwice(Refusal):
    """A till has used one number for two baskets."""

    kind = Kind.CONFLICT
    code = "basket_number_reused"
    en = (
        "Till {device} has told of another basket {basket_no} before: it is counter sale {number}."
        " Give the new basket a number of its own."
    )
    zh = (
        "收银机 {device} 此前已上传过另一个编号为 {basket_no} 的购物篮（收银销售 {number}）。"
        "请为新购物篮使用新的编号。"
    )


class SoldInFuture(Refusal):
    """Nobody sells tomorrow."""

    code = "sold_in_future"
    en = "It is {now}: nothing can have been sold at {sold_at}. Set the till's clock."
    zh = "当前时间为 {now}，销售时间 {sold_at} 不成立。请校准收银机时钟。"


class SaleNotUncovered(Refusal):
    """Only an exception can be closed."""

    kind = Kind.CONFLICT
    code = "counter_sale_not_uncovered"
    en = "Counter sale {number} is {status}: only an uncovered one is an exception to close."
    zh = "收银销售 {number} 的状态为 {status}：仅未覆盖的销售可作为异常处理。"
