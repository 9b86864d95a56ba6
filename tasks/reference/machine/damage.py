"""What DuckDB says of a file whose bytes are not those it wrote."""

import re

#: Of a block that is not what its checksum says, and of one that cannot be read for what it holds.
_DAMAGE = re.compile(
    r"checksum|[Cc]orrupt|not a valid DuckDB database|[Ff]ailed to deserialize|Serialization Error|replaying WAL"
    r"|Could not read enough bytes|INTERNAL Error.*(block|segment|metadata)",
)
#: A full disk, and memory that is short, damage nothing.
_FULL = re.compile(
    r"No space left|could not write|Out of Memory|failed to pin block|max_temp_directory_size", re.IGNORECASE
)


def is_damage(error: BaseException) -> bool:
    """Return True if an error of DuckDB tells of a damaged file; its kinds alone do not say it.

    >>> is_damage(OSError("No such file")), is_damage(OSError("Corrupt database file: computed checksum 1 ..."))
    (False, True)
    """
    message = str(error)
    return bool(_DAMAGE.search(message)) and not _FULL.search(message)


def first_line(error: BaseException) -> str:
    """What DuckDB says, without its stack of addresses."""
    return str(error).strip().partition("\n")[0][:300]
