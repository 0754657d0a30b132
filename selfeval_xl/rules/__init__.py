"""Rules: one text, one tree, and from it an Excel formula and an exact value.

Knows names and cells, and no form.  Imports nothing but level 0.
"""
