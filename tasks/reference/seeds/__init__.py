"""Seeds: read, the user's laid over the project's, validated; sources, alerts, and the version that names them.

In: files of ``seeds/`` and of ``FIRSTDRAFT_SEEDS``. Out: their rows. What is wrong is named by file, line and field.
"""

from tasks.reference.seeds.reading import (
    SEEDS_DIR,
    faults_of,
    read_csv_seed,
    read_yaml_as,
    read_yaml_seed,
    seed_line,
    seed_path,
    split_list,
    validated,
)

__all__ = [
    "SEEDS_DIR",
    "faults_of",
    "read_csv_seed",
    "read_yaml_as",
    "read_yaml_seed",
    "seed_line",
    "seed_path",
    "split_list",
    "validated",
]
