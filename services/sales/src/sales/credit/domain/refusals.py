"""Why something is not sold on credit, a payment not taken, or a balance not paid out."""

from servicekit.errors import Kind, Refusal


class CreditLimitExceeded(Refusal):
    """The customer would owe more than was agreed."""

    kind = Kind.CONFLICT
    code = "credit_limit_exceeded"
    en = (
        "Customer {customer_id} may owe {limit}, owes {owed} and has paid {balance} in advance:"
        " {number} over {amount} is {over} too much. A payment of {over} on account clears"
        " the way; or finance raises the limit, or a manager allows this one."
    )
    zh = (
        "客户 {customer_id} 的信用额度为 {limit}，已欠 {owed}，预付余额 {balance}："
        "{number} 金额 {amount}，超出 {over}。"
        "可先收款 {over}，或由财务提高额度，或由店长特批本单。"
    )


class OrderNotOwed(Refusal):
    """A payment names an order that the customer owes nothing for."""

    code = "order_not_owed"
    en = "Customer {customer_id} owes nothing for order {order_id}. Leave it out of the payment."
    zh = "客户 {customer_id} 对订单 {order_id} 无欠款。请从付款中去除该订单。"


class ReducedTooMuch(Refusal):
    """No more is taken off an order than it came to."""

    code = "reduced_too_much"
    en = "Order {number} has {left} left to take off, not {amount}."
    zh = "订单 {number} 最多可冲减 {left}，而非 {amount}。"


class BalanceExceeded(Refusal):
    """Nobody is paid out more than what they have in advance."""

    kind = Kind.CONFLICT
    code = "balance_exceeded"
    en = (
        "Customer {customer_id} has a balance of {balance}: {amount} is {over} too much. Pay out"
        " no more than the balance; what an order uses of it is there again once it is cancelled."
    )
    zh = (
        "客户 {customer_id} 的余额为 {balance}：{amount} 超出 {over}。"
        "付出金额不得超过余额；订单已占用的部分在取消订单后恢复。"
    )
