"""The package level of a workbook: its cells read in one pass, files written whole or not at all.

Knows the file format and no form.
"""
