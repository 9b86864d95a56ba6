"""The verbs of care: what is done beside the pipeline, each called by a flow or a command of its own.

They may import Prefect, nouns and schemas, and never each other.
"""
