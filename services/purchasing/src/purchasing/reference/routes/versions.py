"""If-Match: which version of a document the caller has seen."""

import re
from typing import Annotated

from fastapi import Depends, Header

VERSION_TAG = re.compile(r'"(\d{1,9})"')


def versions_expected(
    if_match: Annotated[
        str | None,
        Header(description='The ETag seen last, such as "2": refused if there is a newer one.'),
    ] = None,
) -> frozenset[int] | None:
    """Return the versions the caller would act upon; None means whichever there is."""
    if if_match is None or if_match.strip() == "*":
        return None
    return frozenset(int(tag) for tag in VERSION_TAG.findall(if_match))


Expected = Annotated[frozenset[int] | None, Depends(versions_expected)]
