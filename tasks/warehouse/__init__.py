"""The warehouse: a DuckDB file with one writer, and published copies for readers.

In: rows of the stages, in batches. Out: the same rows with their provenance, as tables, views and exports.
Rooms, from the ground up: store, load and resolve, decisions, care, publish and runs.
"""
