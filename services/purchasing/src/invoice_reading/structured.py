"""Invoices that come as data: the XML of a 数电票, alone or attached to an OFD."""

from collections.abc import Mapping
from dataclasses import replace
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from invoice_reading.amounts import currency_of, date_of, number_of
from invoice_reading.model import TITLES, Read, Seen, Unreadable, title_in

LINES_MAX = 2_000
DEPTH_MAX = 60
HEAD_NAMES = {
    "number": ("InvoiceNumber", "EIid", "InvoiceNo"),
    "code": ("InvoiceCode",),
    "issued_on": ("IssueTime", "RequestTime", "IssueDate"),
    "seller_name": ("SellerName",),
    "seller_tax_id": ("SellerIdNum", "SellerTaxID"),
    "buyer_name": ("BuyerName",),
    "buyer_tax_id": ("BuyerIdNum", "BuyerTaxID"),
    "net": ("TotalAmWithoutTax", "TaxExclusiveTotalAmount"),
    "tax": ("TotalTaxAm", "TaxTotalAmount"),
    "total": ("TotalTax-includedAmount", "TaxInclusiveTotalAmount"),
    "total_in_words": ("TotalTax-includedAmountInChinese",),
    # The form has none; who adds one to the data means it.
    "currency": ("Currency", "CurrencyCode", "DocumentCurrencyCode"),
}
KIND_TAGS = ("GeneralOrSpecialVAT", "EInvoiceType")
KIND_CODES = dict(zip(("01", "02"), TITLES, strict=True))
LINE_TAGS = ("IssuItemInformation", "GoodsInfo")
LINE_NAMES = {
    "name": ("ItemName", "Item"),
    "specification": ("SpecMod", "Specification"),
    "unit": ("MeaUnits", "MeasurementDimension"),
    "quantity": ("Quantity",),
    "unit_price": ("UnPrice", "Price"),
    "amount": ("Amount",),
    "tax_rate": ("TaxRate", "TaxScheme"),
    "tax": ("ComTaxAm", "TaxAmount"),
}


def parse(data: bytes) -> Element:
    """Return the root of a document without entities and of bounded depth, or raise."""
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise Unreadable("xml_with_entities") from error
    except (ParseError, ValueError, LookupError) as error:
        raise Unreadable("xml_broken", error=str(error)[:200]) from error
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > DEPTH_MAX:
            raise Unreadable("xml_too_deep", limit=DEPTH_MAX)
        level = [child for one in level for child in one]
    return root


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def read_xml(data: bytes) -> Read:
    """Return the invoice that the document is, or raise."""
    read = read_element(parse(data))
    if read is None:
        raise Unreadable("not_an_invoice")
    return read


def read_element(root: Element) -> Read | None:
    """Return the invoice in a document, or None if it is something else."""
    texts: dict[str, str] = {}
    items: list[Element] = []
    for element in root.iter():
        if local(element) in LINE_TAGS:
            items.append(element)
        elif element.text and element.text.strip():
            texts.setdefault(local(element), element.text.strip())
    if len(items) > LINES_MAX:
        raise Unreadable("too_many_lines", lines=len(items), limit=LINES_MAX)
    head = _named(texts, HEAD_NAMES) | _titled(root)
    if "number" not in head or "total" not in head:
        return None
    if "issued_on" in head:
        day = date_of(head["issued_on"].value)
        head["issued_on"] = Seen(day.isoformat() if day else "", 1.0 if day else 0.0)
    if "currency" in head:
        head["currency"] = replace(head["currency"], value=currency_of(head["currency"].value))
    lines = [_line(item) for item in items]
    return Read("xml", head=head, lines=lines)


def _titled(root: Element) -> dict[str, Seen]:
    """Return the title that the label of the kind says, in words or by its code."""
    labels = {local(one): "".join(one.itertext()) for one in root.iter() if local(one) in KIND_TAGS}
    for tag in KIND_TAGS:
        text = labels.get(tag, "")
        if (title := title_in(text) or KIND_CODES.get(text.strip())) is not None:
            return {"title": Seen(title, 1.0)}
    return {}


def _line(item: Element) -> dict[str, Seen]:
    texts = {local(one): one.text.strip() for one in item.iter() if one.text and one.text.strip()}
    line = _named(texts, LINE_NAMES)
    share = number_of(line["tax_rate"].value) if "tax_rate" in line else None
    if share is not None:
        # As data the rate is a share (0.13); people write it in percent.
        line["tax_rate"] = Seen(f"{(share * 100).normalize():f}%", 1.0)
    return line


def _named(texts: Mapping[str, str], names: Mapping[str, tuple[str, ...]]) -> dict[str, Seen]:
    found = {}
    for name, tags in names.items():
        value = next((texts[tag] for tag in tags if tag in texts), None)
        if value is not None:
            found[name] = Seen(value[:1000], 1.0)
    return found
