"""Pictures of invoices: turned upright, then read by models that come with the package."""

import io
import logging
import math
from collections.abc import Iterable, Mapping
from typing import Any

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image, ImageOps
from rapidocr import RapidOCR

from attachments.pictures import PIXELS_MAX
from invoice_reading.codes import fields_of
from invoice_reading.layout import read_pieces
from invoice_reading.model import Piece, Read, Unreadable

SIDE_PIXELS = 2_200
LOOK_PIXELS = 1_000
SMALL_PIXELS = 1_400
"""Below this letters are smaller than the models were taught with: such pictures are enlarged."""
ENLARGED_MAX = 2.0
SHADE_SIGMA = 25.0
SHADE_MIN = 40.0
"""How far the paper's brightness differs before it is evened out."""
SKEW_DEGREES_MIN = 0.3
SKEW_DEGREES_MAX = 20.0
LANDMARKS = ("发票", "开票日期", "名称", "识别号", "金额", "税率", "合计", "小写")
Pixels = NDArray[np.uint8]


def open_picture(data: bytes) -> Image.Image:
    """Return the picture in a file, upright as its camera says, in bounded memory."""
    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    try:
        picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        if picture.width * picture.height > PIXELS_MAX:
            raise Unreadable("picture_too_large", width=picture.width, height=picture.height)
        picture.draft("RGB", (SIDE_PIXELS, SIDE_PIXELS))
        picture.thumbnail((SIDE_PIXELS, SIDE_PIXELS))
        return ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Unreadable("picture_broken", error=str(error)[:200]) from error


class Eye:
    """The models, loaded once."""

    def __init__(self) -> None:
        onnxruntime.set_default_logger_severity(3)
        # Its answers have one of four types by what was asked of it; we know what we ask.
        self._engine: Any = RapidOCR(
            params={
                "Global.log_level": "error",
                "EngineConfig.onnxruntime.intra_op_num_threads": 2,
                "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
            }
        )
        logging.getLogger("RapidOCR").setLevel(logging.ERROR)

    def read(self, pictures: Iterable[Image.Image], form: str) -> Read:
        """Return the invoice on the pictures, each of which is a page."""
        pieces: list[Piece] = []
        heights: list[float] = []
        turned, code_says = 0.0, dict[str, str]()
        for number, picture in enumerate(pictures):
            seen = np.asarray(picture)[:, :, ::-1].copy()
            code_says |= _code_on(seen)
            pixels, angle = self._upright(_evened(_enlarged(seen)))
            turned = turned or angle
            found, pixels, more = self._best(pixels, number)
            turned = (turned + more) % 360 if number == 0 else turned
            pieces += found
            heights.append(pixels.shape[0] / pixels.shape[1])
        head, lines = read_pieces(pieces, heights)
        if not head:
            raise Unreadable("nothing_recognised")
        return Read(form, len(heights), heights, turned, head, lines, code_says)

    def _upright(self, pixels: Pixels) -> tuple[Pixels, float]:
        """Return the picture with its lines level, and by how much it was turned."""
        boxes = self._boxes(pixels)
        turned = 0.0
        if sum(_standing(box) for box in boxes) > len(boxes) / 2:
            pixels, turned = np.rot90(pixels).copy(), 90.0
            boxes = self._boxes(pixels)
        skew = _skew(boxes)
        if SKEW_DEGREES_MIN < abs(skew) <= SKEW_DEGREES_MAX:
            pixels, turned = _rotate(pixels, skew), turned + skew
        return pixels, turned

    def _boxes(self, pixels: Pixels) -> list[Any]:
        scale = min(1.0, LOOK_PIXELS / max(pixels.shape[:2]))
        small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        found = self._engine(small, use_det=True, use_cls=False, use_rec=False)
        return [] if found.boxes is None else list(found.boxes)

    def _best(self, pixels: Pixels, page: int) -> tuple[list[Piece], Pixels, float]:
        """Read the picture, and upside down too if it makes no sense as it is."""
        found = self._pieces(pixels, page)
        if _landmarks(found) >= 3:
            return found, pixels, 0.0
        over = np.rot90(pixels, 2).copy()
        other = self._pieces(over, page)
        if _landmarks(other) > _landmarks(found):
            return other, over, 180.0
        return found, pixels, 0.0

    def _pieces(self, pixels: Pixels, page: int) -> list[Piece]:
        found = self._engine(pixels, use_det=True, use_cls=False, use_rec=True)
        if found.boxes is None or found.txts is None:
            return []
        width = pixels.shape[1]
        return [
            Piece(
                text,
                page,
                float(min(box[:, 0])) / width,
                float(min(box[:, 1])) / width,
                float(max(box[:, 0])) / width,
                float(max(box[:, 1])) / width,
                # Even what was seen clearly may be seen wrongly.
                min(float(score), 0.97),
            )
            for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
        ]


def _code_on(pixels: Pixels) -> Mapping[str, str]:
    """Return what the QR code on a picture says, looked for as it is and enlarged."""
    for scale in (1.0, 2.0):
        look = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        try:
            text, _, _ = cv2.QRCodeDetector().detectAndDecode(look)
        except cv2.error:
            # It gives up like this on some spots that only look like a code.
            text = ""
        if fields := fields_of(text):
            return fields
    return {}


def _enlarged(pixels: Pixels) -> Pixels:
    """Return a small picture larger."""
    side = max(pixels.shape[:2])
    scale = min(SIDE_PIXELS / side, ENLARGED_MAX)
    if side >= SMALL_PIXELS or scale <= 1:
        return pixels
    larger = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return np.asarray(larger, dtype=np.uint8)


def _evened(pixels: Pixels) -> Pixels:
    """Take shadows away: what is paper is as bright everywhere."""
    paper = cv2.GaussianBlur(cv2.dilate(pixels, np.ones((9, 9), np.uint8)), (0, 0), SHADE_SIGMA)
    if float(np.ptp(paper.mean(axis=2))) < SHADE_MIN:
        return pixels
    return np.asarray(cv2.divide(pixels, paper, scale=255), dtype=np.uint8)


def _standing(box: Any) -> bool:
    wide = math.dist(box[0], box[1])
    high = math.dist(box[1], box[2])
    return high > 1.5 * wide


def _skew(boxes: Iterable[Any]) -> float:
    """Return how far from level the long lines are, in degrees; the middle one counts."""
    angles = [
        math.degrees(math.atan2(box[1][1] - box[0][1], box[1][0] - box[0][0]))
        for box in boxes
        if math.dist(box[0], box[1]) > 4 * math.dist(box[1], box[2])
    ]
    return float(np.median(angles)) if angles else 0.0


def _rotate(pixels: Pixels, degrees: float) -> Pixels:
    high, wide = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    width, height = int(high * sin + wide * cos), int(high * cos + wide * sin)
    turn[0, 2] += width / 2 - wide / 2
    turn[1, 2] += height / 2 - high / 2
    white = (255, 255, 255)
    return np.asarray(
        cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=white),
        dtype=np.uint8,
    )


def _landmarks(pieces: Iterable[Piece]) -> int:
    text = "".join(piece.text.replace(" ", "") for piece in pieces)
    return sum(word in text for word in LANDMARKS)
