"""Writes a blueprint as a workbook file."""
