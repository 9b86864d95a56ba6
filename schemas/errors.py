"""What may go wrong in a way a person must hear of."""

from typing import ClassVar


class FirstdraftError(Exception):
    """The base of every error this project raises on purpose. Its text says what to do next.

    ``exit_code`` is what the command line ends with; 75 is the EX_TEMPFAIL of sysexits.h: try again later.
    """

    exit_code: ClassVar[int] = 1


class SeedError(FirstdraftError):
    """A file under ``seeds/`` does not hold what it should; names file, entry and field."""


class WarehouseLockedError(FirstdraftError):
    """Another run holds the lock of the warehouse; names it."""

    exit_code: ClassVar[int] = 75


class ReadOnlyError(FirstdraftError):
    """``firstdraft sql`` was asked to change something."""


class AccountingError(FirstdraftError):
    """``discovered`` is not the sum of the outcomes: the run may not be called done."""


class UnknownIdError(FirstdraftError):
    """No row has the id a person asked for."""


class WarehouseError(FirstdraftError):
    """The warehouse cannot be opened, or is not what this version of the code expects."""


class WarehouseOpenError(WarehouseError):
    """A program that is none of ours has the warehouse's own file open, which stops every writer; names it."""

    exit_code: ClassVar[int] = 76


class WarehouseDamagedError(WarehouseError):
    """Bytes of the warehouse, or of its snapshot, are not those that were written; names the file and the way back."""


class MigrationError(WarehouseError):
    """A migration was changed after it was applied, failed, or comes from newer code."""


class LedgerError(FirstdraftError):
    """The ledger ends before what was safely written, or was written by newer code: nothing may be appended to it."""


class ServiceError(FirstdraftError):
    """Server, worker or schedule cannot be started, reached or registered."""


class ReviewError(FirstdraftError):
    """A verdict on a mention cannot be taken as it was given."""


class GazetteerError(FirstdraftError):
    """A file given as a country dump of GeoNames is none, or cannot be read."""


class LlmError(FirstdraftError):
    """The settings of the language model do not fit together, or what it needs is not installed."""


class GoldError(FirstdraftError):
    """A gold file does not hold what its format asks for; names the line."""


class StampError(FirstdraftError):
    """The ledger's head cannot be stamped, a stamp cannot be checked, or an archive cannot be asked."""


class StorageError(FirstdraftError):
    """Object storage that the settings name cannot be reached or written; what was made stands on this machine."""


class TeachError(FirstdraftError):
    """The reader cannot be taught: too little was judged, a package is missing, or a model made here is gone."""
