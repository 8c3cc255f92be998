"""Pictures of invoices as they come from desks and phones: small, crooked, folded, stamped."""

import io
import random
from dataclasses import dataclass

import numpy as np
import pylopdf_fonts_zh_cn
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bench import invoices
from bench.invoices import FONT, Invoice

SERIF = pylopdf_fonts_zh_cn.serif_path()
Pixels = NDArray[np.float32]
INK = (40, 40, 40)
STAMP = (200, 40, 40)
PAPERS = ((255, 255, 255), (246, 243, 234), (236, 236, 236))


@dataclass(frozen=True)
class Harm:
    """How badly a picture was taken; ranges are drawn from by seed."""

    pixels_per_mm: tuple[float, float]
    turn: float
    """Up to so many degrees, either way."""
    blur: tuple[float, float]
    noise: float
    shadow: float
    """How dark the darkest corner is, as a share."""
    folds: int
    skew: float
    """How far a corner is off, as a share of the width."""
    quality: tuple[int, int]
    """Of the JPEG."""
    stamped: float
    """How often a stamp lies over the sums."""


HARMS = {
    "desk": Harm((5.0, 6.5), 2, (0.0, 0.4), 8, 0.1, 0, 0.0, (75, 90), 0.3),
    "phone": Harm((3.5, 5.0), 6, (0.3, 0.7), 14, 0.35, 1, 0.01, (50, 75), 0.6),
    "bad": Harm((2.5, 3.5), 9, (0.4, 0.9), 22, 0.5, 2, 0.02, (35, 55), 0.9),
}


def as_spoilt_picture(harm: str, invoice: Invoice, seed: int) -> bytes:
    """Return a picture of the first page; the same seed gives the same one."""
    choose, how = random.Random(seed), HARMS[harm]  # noqa: S311 - nothing secret
    scale = choose.uniform(*how.pixels_per_mm)
    page = _drawn(invoice, scale, choose)
    if choose.random() < how.stamped:
        _stamp(page, scale, choose)
    page = _skewed(page, how.skew, choose).rotate(
        choose.uniform(-how.turn, how.turn), Image.Resampling.BICUBIC, expand=True, fillcolor="gray"
    )
    pixels = np.asarray(page, dtype=np.float32)
    pixels = _lit(pixels, how.shadow, choose)
    for _ in range(how.folds):
        pixels = _folded(pixels, choose)
    grain = np.random.default_rng(seed).normal(0, how.noise, pixels.shape[:2])
    noisy = np.clip(pixels + grain[:, :, None], 0, 255)
    picture = Image.fromarray(noisy.astype(np.uint8))
    picture = picture.filter(ImageFilter.GaussianBlur(choose.uniform(*how.blur)))
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=choose.randint(*how.quality))
    return target.getvalue()


def _drawn(invoice: Invoice, scale: float, choose: random.Random) -> Image.Image:
    """Draw the page in one of two fonts, thinner or wider, some with ruled lines."""
    spots = invoices.pages_of(invoice)[0]
    size = (round(invoices.WIDTH * scale), round(invoices.height_of(spots) * scale))
    page = Image.new("RGB", size, choose.choice(PAPERS))
    face, stretch = choose.choice((FONT, SERIF)), choose.uniform(0.86, 1.0)
    grown = choose.uniform(0.95, 1.1)
    for left, top, high, text in spots:
        font = ImageFont.truetype(str(face), max(6, round(high * grown * scale)))
        place = (round(left * scale), round((top - high * 0.2) * scale))
        _write(page, place, text, font, stretch)
    if choose.random() < 0.7:
        _rule(page, scale)
    code = invoices.qr_of(invoice, round(20 * scale))
    page.paste(code, (round(7 * scale), round(3 * scale)))
    return page


def _write(
    page: Image.Image,
    place: tuple[int, int],
    text: str,
    font: ImageFont.FreeTypeFont,
    stretch: float,
) -> None:
    _, _, right, bottom = font.getbbox(text)
    mask = Image.new("L", (round(right) + 2, round(bottom) + 2))
    ImageDraw.Draw(mask).text((0, 0), text, 255, font)
    mask = mask.resize((max(1, round(mask.width * stretch)), mask.height))
    page.paste(INK, place, mask)


def _rule(page: Image.Image, scale: float) -> None:
    pen, (wide, high) = ImageDraw.Draw(page), page.size
    for top in (27.5, 51.5, 59.0):
        pen.line((6 * scale, top * scale, wide - 6 * scale, top * scale), (150, 110, 80))
    for left in (6.0, 204.0):
        pen.line((left * scale, 27.5 * scale, left * scale, high - 10 * scale), (150, 110, 80))


def _stamp(page: Image.Image, scale: float, choose: random.Random) -> None:
    """Lay the seal of the seller over the lower part: one sees through it, and not well."""
    wide, high = page.size
    at = (round(choose.uniform(0.55, 0.75) * wide), round(choose.uniform(0.45, 0.7) * high))
    seal = Image.new("L", page.size)
    pen = ImageDraw.Draw(seal)
    box = (at[0], at[1], at[0] + round(40 * scale), at[1] + round(28 * scale))
    pen.ellipse(box, outline=170, width=max(1, round(0.9 * scale)))
    font = ImageFont.truetype(str(SERIF), max(6, round(4 * scale)))
    pen.text((at[0] + 7 * scale, at[1] + 11 * scale), "发票专用章", 150, font)
    page.paste(STAMP, (0, 0), seal.rotate(choose.uniform(-15, 15), center=at))


def _skewed(page: Image.Image, share: float, choose: random.Random) -> Image.Image:
    """Look at the page from aside."""
    wide, high = page.size
    corners = [(0, 0), (0, high), (wide, high), (wide, 0)]
    moved = [
        (x + choose.uniform(-share, share) * wide, y + choose.uniform(-share, share) * wide)
        for x, y in corners
    ]
    flat = tuple(part for corner in moved for part in corner)
    return page.transform(page.size, Image.Transform.QUAD, flat, Image.Resampling.BICUBIC)


def _lit(pixels: Pixels, depth: float, choose: random.Random) -> Pixels:
    """Let one corner lie in the shadow, and a hand's edge run across."""
    high, wide = pixels.shape[:2]
    across = np.linspace(0, 1, wide)[None, :]
    down = np.linspace(0, 1, high)[:, None]
    slope = across * choose.uniform(-1, 1) + down * choose.uniform(-1, 1)
    slope = (slope - slope.min()) / max(float(np.ptp(slope)), 1e-6)
    edge = 1 / (1 + np.exp(-40 * (slope - choose.uniform(0.4, 0.7))))
    light = 1 - depth * (0.6 * slope + 0.4 * edge)
    return np.asarray(pixels * light[:, :, None], dtype=np.float32)


def _folded(pixels: Pixels, choose: random.Random) -> Pixels:
    """Leave a crease: a bright and a dark line, and what is below it a little aside."""
    high = pixels.shape[0]
    at, aside = round(choose.uniform(0.25, 0.8) * high), choose.choice((-1, 1))
    below = np.roll(pixels[at:], aside, axis=1)
    crease = pixels[at : at + 1] * 0.6, pixels[at : at + 1] * 0.4 + 150
    return np.concatenate([pixels[:at], *crease, below[2:]], axis=0)
