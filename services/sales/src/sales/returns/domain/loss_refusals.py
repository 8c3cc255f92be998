"""Why goods are not declared lost."""

from servicekit.errors import Refusal


class LossNeedsReason(Refusal):
    """Whoever declares goods lost says how it is known."""

    code = "loss_needs_reason"
    en = "Say how it is known that the goods are lost, such as the carrier's word."
    zh = "请说明货品丢失的依据，例如承运商的说明。"
