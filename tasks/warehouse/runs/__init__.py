"""A run in the warehouse: it is opened, its discoveries are noted, it is accounted for and closed.

``discovered = sum of outcomes`` is checked before a run is called done.
"""

from tasks.warehouse.runs.run_lifecycle import begin, finish, note_discovery

__all__ = ["begin", "finish", "note_discovery"]
