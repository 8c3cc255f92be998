"""The chain: data first, then text, and only then a look at the picture."""

from collections.abc import Callable

from invoice_reading.gate import inspect
from invoice_reading.model import Read, Unreadable


def read_invoice(data: bytes) -> Read:
    """Return the invoice in a file, or raise `Unreadable`."""
    return READERS[inspect(data)](data)


# Each reader brings in what it needs when it is needed: an XML is read in milliseconds, and the
# models take a second to load.
def _xml(data: bytes) -> Read:
    from invoice_reading.structured import read_xml  # noqa: PLC0415

    return read_xml(data)


def _ofd(data: bytes) -> Read:
    from invoice_reading.ofd import read_ofd  # noqa: PLC0415

    return read_ofd(data)


def _pdf(data: bytes) -> Read:
    from invoice_reading import pdf  # noqa: PLC0415

    read = pdf.read_pdf(data)
    if read is not None:
        if not read.head:
            raise Unreadable("not_an_invoice")
        return read
    from invoice_reading.pictures import Eye  # noqa: PLC0415

    return Eye().read(pdf.pictures_of(data), "scan")


def _picture(data: bytes) -> Read:
    from invoice_reading.pictures import Eye, open_picture  # noqa: PLC0415

    picture = open_picture(data)
    return Eye().read([picture], "picture")


READERS: dict[str, Callable[[bytes], Read]] = {
    "xml": _xml,
    "ofd": _ofd,
    "pdf": _pdf,
    "jpeg": _picture,
    "png": _picture,
}
