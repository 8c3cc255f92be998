"""Why a file is not taken, kept or brought."""

from typing import ClassVar

from servicekit.errors import Kind, Refusal


class FilesNotKept(Refusal):
    """Nobody said where files are to be kept."""

    kind = Kind.UNAVAILABLE
    code = "files_not_kept"
    en = "No place for files is set up. Ask whoever runs the service to set TRUESHELF_FILES_URL."
    zh = "尚未配置文件存储。请联系运维人员设置 TRUESHELF_FILES_URL。"


class FilesUnavailable(Refusal):
    """The place of files doesn't answer, or not as it should."""

    kind = Kind.UNAVAILABLE
    code = "files_unavailable"
    en = "The storage of files does not answer right now. Try again in a moment."
    zh = "文件存储暂时无法访问，请稍后重试。"


class FileGone(Refusal):
    """What was kept is not there any more, or is not what was kept."""

    kind = Kind.UNAVAILABLE
    code = "file_gone"
    en = "The file {name} is not in the storage as it was put there. Tell whoever runs the service."
    zh = "文件 {name} 在存储中缺失或已被改动，请联系运维人员。"


class PhotoRefused(Refusal):
    """The file is no photo, or one that nobody should have to open."""

    code = "photo_refused"
    en = "The file is refused ({cause}): {advice_en}"
    zh = "文件被拒绝（{cause}）：{advice_zh}"

    CAUSES: ClassVar[dict[str, tuple[str, str]]] = {
        "file_empty": ("it is empty. Take the photo again.", "文件为空，请重新拍照。"),
        "file_type_unknown": ("send a JPEG or a PNG.", "请上传 JPEG 或 PNG 图片。"),
        "file_mislabelled": (
            "it is not what its Content-Type says. Send it under its real type.",
            "文件内容与 Content-Type 不符，请按实际类型上传。",
        ),
        "file_truncated": ("its end is missing. Send it again.", "文件不完整，请重新上传。"),
        "file_too_large": (
            "it has more than 8 MiB. Take it with a lower resolution.",
            "文件超过 8 MiB，请降低分辨率后重新拍照。",
        ),
    }
    OTHER = ("it is damaged or too large. Take the photo again.", "图片损坏或过大，请重新拍照。")

    @classmethod
    def because(cls, cause: str) -> "PhotoRefused":
        """Return the refusal for a cause."""
        advice_en, advice_zh = cls.CAUSES.get(cause, cls.OTHER)
        return cls(cause=cause, advice_en=advice_en, advice_zh=advice_zh)
