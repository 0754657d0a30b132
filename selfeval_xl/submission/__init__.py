"""One report: read from a workbook or a data file, placed in a blueprint, checked."""
