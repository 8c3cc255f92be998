"""Invoices made up by seed, and written in all the forms in which they come."""

import io
import random
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from xml.sax.saxutils import escape

import pylopdf_fonts_zh_cn
import segno
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

CENT = Decimal("0.01")
FONT: Path = pylopdf_fonts_zh_cn.sans_path()
PDF_FONT = "STSong-Light"
WIDTH, LINES_PER_PAGE = 210.0, 16
PLACES = ("上海", "北京", "杭州", "成都", "广州", "武汉", "青岛", "西安", "南京", "苏州")
WORDS = ("恒信", "瑞丰", "金穗", "绿源", "鼎盛", "华联", "新农", "海川", "东方", "和美")
TRADES = ("食品", "商贸", "农产品", "供应链", "饮料", "日用品")
GOODS = (
    ("*乳制品*纯牛奶", "250ml", "箱"),
    ("*谷物加工品*东北大米", "5kg", "袋"),
    ("*软饮料*矿泉水", "550ml", "瓶"),
    ("*调味品*生抽酱油", "500ml", "瓶"),
    ("*水果*红富士苹果", "", "千克"),
    ("*日用杂品*抽纸", "120抽", "提"),
    ("*植物油*花生油", "5L", "桶"),
    ("*糖果类食品*巧克力", "100g", "盒"),
)
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True)
class Line:
    """A row of the table; a discount has no quantity."""

    name: str
    specification: str
    unit: str
    quantity: str
    unit_price: str
    amount: str
    tax_rate: str
    tax: str


@dataclass(frozen=True)
class Invoice:
    """What stands on an invoice."""

    code: str
    number: str
    issued_on: date
    buyer_name: str
    buyer_tax_id: str
    seller_name: str
    seller_tax_id: str
    net: str
    tax: str
    total: str
    total_in_words: str
    lines: tuple[Line, ...] = field(default=())
    mark: str = "¥"
    """What stands before its sums where it is printed: as data it has no field for it."""

    @property
    def title(self) -> str:
        """What stands above it: whether its tax may be deducted."""
        return "普通发票" if self.code else "增值税专用发票"

    @property
    def head(self) -> dict[str, str]:
        """The fields of the head as a reader tells them; those that are empty left out."""
        names = ("code", "number", "buyer_name", "buyer_tax_id", "seller_name", "seller_tax_id")
        sums = ("title", "net", "tax", "total", "total_in_words")
        told = {name: str(getattr(self, name)) for name in (*names, *sums)}
        told["issued_on"] = self.issued_on.isoformat()
        return {name: value for name, value in told.items() if value}


def tax_id(choose: random.Random) -> str:
    """Return a tax id with a right check digit (GB 32100)."""
    body = "91" + "".join(choose.choice("0123456789") for _ in range(6))
    body += "".join(choose.choice(ALPHABET) for _ in range(9))
    total = sum(ALPHABET.index(c) * pow(3, place, 31) for place, c in enumerate(body))
    return body + ALPHABET[(31 - total % 31) % 31]


def make(
    seed: int,
    lines: int = 0,
    *,
    digital: bool = True,
    discount: bool = False,
    of: Sequence[Line] = (),
) -> Invoice:
    """Return an invoice, of these lines if some are given; the same seed gives the same one."""
    choose = random.Random(seed)  # noqa: S311 - nothing secret
    rows = list(of) or [_line(choose) for _ in range(lines or choose.randint(1, 6))]
    if discount:
        rows.insert(1, _discount(rows[0]))
    net = sum((Decimal(row.amount) for row in rows), Decimal(0))
    tax = sum((Decimal(row.tax) for row in rows), Decimal(0))
    return Invoice(
        code="" if digital else f"0{choose.randrange(10**11):011d}",
        number=f"{choose.randrange(10**19, 9 * 10**19):020d}"
        if digital
        else f"{choose.randrange(10**8):08d}",
        issued_on=date(2026, 1, 1) + timedelta(days=choose.randrange(300)),
        buyer_name=_company(choose),
        buyer_tax_id=tax_id(choose),
        seller_name=_company(choose),
        seller_tax_id=tax_id(choose),
        net=str(net),
        tax=str(tax),
        total=str(net + tax),
        total_in_words=in_words(net + tax),
        lines=tuple(rows),
    )


def line(goods: int, quantity: str, unit_price: str, rate: int = 13, unit: str = "") -> Line:
    """Return a line of such goods at a price, in the unit they are sold in if none is given."""
    name, specification, usual = GOODS[goods]
    amount = (Decimal(quantity) * Decimal(unit_price)).quantize(CENT, ROUND_HALF_UP)
    tax = (amount * rate / 100).quantize(CENT, ROUND_HALF_UP)
    said = (name, specification, unit or usual, quantity, unit_price)
    return Line(*said, str(amount), f"{rate}%", str(tax))


def wrong_total(invoice: Invoice) -> Invoice:
    """Return the invoice with a total that its lines don't give."""
    return replace(invoice, total=str(Decimal(invoice.total) + 10))


def _company(choose: random.Random) -> str:
    return choose.choice(PLACES) + choose.choice(WORDS) + choose.choice(TRADES) + "有限公司"


def _line(choose: random.Random) -> Line:
    goods = choose.randrange(len(GOODS))
    quantity = Decimal(choose.randint(1, 400))
    price = Decimal(choose.randint(100, 30_000)).scaleb(-2)
    return line(goods, str(quantity), str(price), choose.choice((13, 9, 6)))


def _discount(line: Line) -> Line:
    amount = -(Decimal(line.amount) / 10).quantize(CENT, ROUND_HALF_UP)
    tax = (amount * Decimal(line.tax_rate[:-1]) / 100).quantize(CENT, ROUND_HALF_UP)
    return Line(line.name, "", "", "", "", str(amount), line.tax_rate, str(tax))


def in_words(amount: Decimal) -> str:
    """Write an amount out, as invoices do (大写)."""
    cents = int(amount * 100)
    digits, units = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟")
    whole, text, zero = cents // 100, "", False
    for place in range(len(str(whole)) - 1, -1, -1):
        digit = whole // 10**place % 10
        if digit:
            text += ("零" if zero and text else "") + digits[digit] + units[place % 4]
        zero = not digit
        if place == 8:
            text += "亿"
        if place == 4 and whole // 10**4 % 10**4:
            text += "万"
            zero = False
    jiao, fen = cents // 10 % 10, cents % 10
    text = (text or "零") + "圆"
    if not jiao and not fen:
        return text + "整"
    text += digits[jiao] + "角" if jiao else "零"
    return text + (digits[fen] + "分" if fen else "整")


# ------------------------------------------------------------------ where it stands

Spot = tuple[float, float, float, str]
"""Left and top of the text, and its height, in millimetres; and the text."""


def pages_of(invoice: Invoice) -> list[list[Spot]]:
    """Return what stands where, page by page (the page is 210 mm wide)."""
    parts = [
        invoice.lines[start : start + LINES_PER_PAGE]
        for start in range(0, len(invoice.lines), LINES_PER_PAGE)
    ]
    draw = _digital if not invoice.code else _legacy
    return [draw(invoice, part, place, len(parts)) for place, part in enumerate(parts)]


def height_of(page: list[Spot]) -> float:
    """Return how tall a page is, in millimetres."""
    return max(140.0, max(top for _, top, _, _ in page) + 12)


COLUMNS = (12.0, 62.0, 84.0, 98.0, 116.0, 140.0, 164.0, 182.0)


def _table(part: tuple[Line, ...], top: float, names: tuple[str, ...]) -> list[Spot]:
    spots = [(left, top, 3.2, text) for left, text in zip(COLUMNS, names, strict=True)]
    for row, line in enumerate(part, start=1):
        texts = (
            *(line.name, line.specification, line.unit, line.quantity, line.unit_price),
            *(line.amount, line.tax_rate, line.tax),
        )
        spots += [
            (left, top + 6.0 * row, 3.2, text)
            for left, text in zip(COLUMNS, texts, strict=True)
            if text
        ]
    return spots


def _sums(invoice: Invoice, top: float) -> list[Spot]:
    return [
        (16.0, top, 3.2, "合 计"),
        (138.0, top, 3.2, f"{invoice.mark}{invoice.net}"),
        (180.0, top, 3.2, f"{invoice.mark}{invoice.tax}"),
        (16.0, top + 8, 3.4, "价税合计（大写）"),
        (60.0, top + 8, 3.4, invoice.total_in_words),
        (138.0, top + 8, 3.4, f"（小写）{invoice.mark}{invoice.total}"),
        (12.0, top + 18, 3.2, "备注"),
        (20.0, top + 28, 3.2, "开票人：王芳"),
    ]


def _digital(invoice: Invoice, part: tuple[Line, ...], page: int, pages: int) -> list[Spot]:
    day = invoice.issued_on
    spots: list[Spot] = [
        (72.0, 6.0, 6.0, "电子发票（增值税专用发票）"),
        (140.0, 16.0, 3.2, f"发票号码：{invoice.number}"),
        (140.0, 22.0, 3.2, f"开票日期：{day.year}年{day.month:02d}月{day.day:02d}日"),
        (14.0, 32.0, 3.2, f"名称：{invoice.buyer_name}"),
        (112.0, 32.0, 3.2, f"名称：{invoice.seller_name}"),
        (14.0, 42.0, 3.2, f"统一社会信用代码/纳税人识别号：{invoice.buyer_tax_id}"),
        (112.0, 42.0, 3.2, f"统一社会信用代码/纳税人识别号：{invoice.seller_tax_id}"),
    ]
    for left, words in ((7.0, "购买方信息"), (105.0, "销售方信息")):
        spots += [(left, 29.0 + 3.8 * row, 3.0, word) for row, word in enumerate(words)]
    if pages > 1:
        spots.append((32.0, 16.0, 3.2, f"共{pages}页 第{page + 1}页"))
    names = ("项目名称", "规格型号", "单 位", "数 量", "单 价", "金 额", "税率/征收率", "税 额")
    spots += _table(part, 54.0, names)
    bottom = 54.0 + 6.0 * len(part) + 10
    return spots + (_sums(invoice, bottom) if page == pages - 1 else [])


def _legacy(invoice: Invoice, part: tuple[Line, ...], page: int, pages: int) -> list[Spot]:
    day = invoice.issued_on
    spots: list[Spot] = [
        (66.0, 6.0, 6.0, "上海增值税电子普通发票"),
        (150.0, 6.0, 3.2, f"发票代码：{invoice.code}"),
        (150.0, 12.0, 3.2, f"发票号码：{invoice.number}"),
        (150.0, 18.0, 3.2, f"开票日期：{day.year}年{day.month:02d}月{day.day:02d}日"),
        (14.0, 30.0, 3.2, f"名 称：{invoice.buyer_name}"),
        (14.0, 36.0, 3.2, f"纳税人识别号：{invoice.buyer_tax_id}"),
        (14.0, 42.0, 3.2, "地址、电话：淮海路1号 021-55550000"),
    ]
    names = ("货物或应税劳务、服务名称", "规格型号", "单 位", "数 量", "单 价", "金 额")
    spots += _table(part, 54.0, (*names, "税率", "税 额"))
    bottom = 54.0 + 6.0 * len(part) + 10
    if page < pages - 1:
        return spots
    return [
        *spots,
        *_sums(invoice, bottom)[:6],
        (14.0, bottom + 18, 3.2, f"名 称：{invoice.seller_name}"),
        (14.0, bottom + 24, 3.2, f"纳税人识别号：{invoice.seller_tax_id}"),
        (20.0, bottom + 34, 3.2, "收款人：李雷 复核：韩梅 开票人：王芳"),
    ]


# ------------------------------------------------------------------ forms


def as_xml(invoice: Invoice) -> bytes:
    """Write the data of a 数电票."""
    head = (
        ("SellerInformation", (("SellerIdNum", "seller_tax_id"), ("SellerName", "seller_name"))),
        ("BuyerInformation", (("BuyerIdNum", "buyer_tax_id"), ("BuyerName", "buyer_name"))),
        (
            "BasicInformation",
            (
                ("TotalAmWithoutTax", "net"),
                ("TotalTaxAm", "tax"),
                ("TotalTax-includedAmount", "total"),
                ("TotalTax-includedAmountInChinese", "total_in_words"),
            ),
        ),
    )
    body = "".join(
        f"<{part}>"
        + "".join(f"<{tag}>{escape(getattr(invoice, name))}</{tag}>" for tag, name in fields)
        + f"</{part}>"
        for part, fields in head
    )
    tags = ("ItemName", "SpecMod", "MeaUnits", "Quantity", "UnPrice", "Amount", "TaxRate")
    for line in invoice.lines:
        values = (line.name, line.specification, line.unit, line.quantity, line.unit_price)
        rate = str(Decimal(line.tax_rate[:-1]) / 100)
        pairs = zip((*tags, "ComTaxAm"), (*values, line.amount, rate, line.tax), strict=True)
        texts = "".join(f"<{tag}>{escape(value)}</{tag}>" for tag, value in pairs if value)
        body += f"<IssuItemInformation>{texts}</IssuItemInformation>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?><EInvoice><Header><Version>0.1</Version>'
        "<InherentLabel><GeneralOrSpecialVAT><LabelCode>01</LabelCode><LabelName>"
        f"{invoice.title}</LabelName></GeneralOrSpecialVAT></InherentLabel></Header>"
        f"<EInvoiceData>{body}</EInvoiceData><TaxSupervisionInfo><InvoiceNumber>{invoice.number}"
        f"</InvoiceNumber><IssueTime>{invoice.issued_on} 10:20:30</IssueTime>"
        "</TaxSupervisionInfo></EInvoice>"
    ).encode()


def as_ofd(invoice: Invoice, *, attached: bool = False) -> bytes:
    """Write an OFD: its text by position, with the data attached if that is wished."""
    files = {
        "OFD.xml": '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0"><ofd:DocBody>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    }
    pages, number = pages_of(invoice), 10
    tall = max(height_of(page) for page in pages)
    files["Doc_0/Document.xml"] = (
        '<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:CommonData><ofd:PageArea>'
        f"<ofd:PhysicalBox>0 0 {WIDTH} {tall}</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData>"
        "</ofd:Document>"
    )
    for place, page in enumerate(pages):
        objects = ""
        for left, top, size, text in page:
            number += 1
            box = f"{left} {top} {round(_wide(text) * size, 2)} {size}"
            objects += (
                f'<ofd:TextObject ID="{number}" Boundary="{box}" Size="{size}">'
                f'<ofd:TextCode X="0" Y="{size}">{escape(text)}</ofd:TextCode></ofd:TextObject>'
            )
        files[f"Doc_0/Pages/Page_{place}/Content.xml"] = (
            '<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer>'
            f"{objects}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    if attached:
        files["Doc_0/Attachs/original_invoice.xml"] = as_xml(invoice).decode()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return target.getvalue()


def _wide(text: str) -> float:
    return sum(1.0 if ord(character) > 255 else 0.55 for character in text)


def as_pdf(invoice: Invoice) -> bytes:
    """Write a PDF with text."""
    if PDF_FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(PDF_FONT))
    target, point = io.BytesIO(), 72 / 25.4
    canvas = Canvas(target)
    for page in pages_of(invoice):
        tall = height_of(page)
        canvas.setPageSize((WIDTH * point, tall * point))
        for left, top, size, text in page:
            canvas.setFont(PDF_FONT, size * point)
            canvas.drawString(left * point, (tall - top - size) * point, text)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def drawn(page: list[Spot], pixels_per_mm: float = 8.0) -> Image.Image:
    """Draw a page."""
    size = (round(WIDTH * pixels_per_mm), round(height_of(page) * pixels_per_mm))
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    for left, top, high, text in page:
        font = ImageFont.truetype(str(FONT), round(high * pixels_per_mm))
        pen.text((left * pixels_per_mm, (top - high * 0.2) * pixels_per_mm), text, "black", font)
    return picture


def qr_of(invoice: Invoice, side: int) -> Image.Image:
    """Draw the code that stands on every invoice: number, day and sum."""
    kind, amount = ("04", invoice.net) if invoice.code else ("32", invoice.total)
    day = f"{invoice.issued_on:%Y%m%d}"
    said = f"01,{kind},{invoice.code},{invoice.number},{amount},{day},,9C2A"
    modules = [list(row) for row in segno.make(said, error="m", micro=False).matrix]
    picture = Image.new("L", (len(modules) + 4, len(modules) + 4), 255)
    for row, line in enumerate(modules):
        for column, dark in enumerate(line):
            picture.putpixel((column + 2, row + 2), 0 if dark else 255)
    return picture.resize((side, side), Image.Resampling.NEAREST).convert("RGB")


def as_picture(
    invoice: Invoice,
    *,
    turn: float = 0.0,
    noise: float = 0.0,
    pixels_per_mm: float = 8.0,
    media: str = "JPEG",
) -> bytes:
    """Take a picture of the first page: turned, noisy, small."""
    picture = drawn(pages_of(invoice)[0], pixels_per_mm)
    if turn:
        picture = picture.rotate(
            turn, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC
        )
    if noise:
        grain = Image.effect_noise(picture.size, noise).convert("RGB")
        picture = Image.blend(picture, grain, 0.25).filter(ImageFilter.GaussianBlur(0.6))
    target = io.BytesIO()
    picture.save(target, media, quality=85)
    return target.getvalue()


def as_scan(invoice: Invoice, *, turn: float = 0.0, noise: float = 0.0) -> bytes:
    """Write a PDF of pictures."""
    pictures = [drawn(page) for page in pages_of(invoice)]
    if turn:
        pictures = [
            one.rotate(turn, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
            for one in pictures
        ]
    if noise:
        pictures = [
            Image.blend(one, Image.effect_noise(one.size, noise).convert("RGB"), 0.2)
            for one in pictures
        ]
    target = io.BytesIO()
    pictures[0].save(target, "PDF", save_all=True, append_images=pictures[1:], resolution=203.2)
    return target.getvalue()
