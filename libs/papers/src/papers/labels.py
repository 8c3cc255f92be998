"""Labels: a QR code with what it stands for written below."""

from html import escape

import segno

SVG = "image/svg+xml"
QUIET = 4
"""Modules of white around the code, as ISO/IEC 18004 asks for."""
TEXT_HEIGHT = 5


def label(code: str, called: str) -> str:
    """Draw the QR code with a text below it, as SVG."""
    drawn = segno.make(code, error="m", micro=False)
    width, height = drawn.symbol_size(border=QUIET)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height + TEXT_HEIGHT}">'
        f'<rect width="100%" height="100%" fill="#fff"/>'
        f'<svg width="{width}" height="{height}">{drawn.svg_inline(border=QUIET, omitsize=True)}'
        f'</svg><text x="50%" y="{height + 2}" text-anchor="middle" font-family="sans-serif"'
        f' font-size="2.4">{escape(called)}</text></svg>'
    )
