"""The blueprint: every cell of a workbook as a pure value, made from form, settings and shape."""
