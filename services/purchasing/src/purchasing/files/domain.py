"""Why a file can't be kept or brought."""

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
