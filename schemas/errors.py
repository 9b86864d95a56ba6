"""What may go wrong in a way a person must hear of."""


class FirstdraftError(Exception):
    """The base of every error this project raises on purpose. Its text says what to do next."""


class SeedError(FirstdraftError):
    """A file under ``seeds/`` does not hold what it should; names file, entry and field."""


class WarehouseLockedError(FirstdraftError):
    """Another process has the warehouse open for writing; names it."""


class ReadOnlyError(FirstdraftError):
    """``firstdraft sql`` was asked to change something."""


class AccountingError(FirstdraftError):
    """``discovered`` is not the sum of the outcomes: the run may not be called done."""


class UnknownIdError(FirstdraftError):
    """No row has the id a person asked for."""


class WarehouseError(FirstdraftError):
    """The warehouse cannot be opened, or is not what this version of the code expects."""


class MigrationError(WarehouseError):
    """A migration was changed after it was applied, failed, or comes from newer code."""


class LedgerError(FirstdraftError):
    """The ledger ends before what was safely written, or was written by newer code: nothing may be appended to it."""
