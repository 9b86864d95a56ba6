"""Addresses as text: one canonical form for each page, and what an address gives away by itself.

In: an address as found. Out: its canonical form, its host, the day it names. No request is made here.
"""
