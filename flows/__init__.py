"""Composition only: the sentences this project can say."""
