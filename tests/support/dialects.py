"""Our workbooks as other programs write them after an honest open and save: other XML, the same report.

Excel and WPS do not run where the tests do. What they write is put together here from single habits, each a step of
its own that may be used alone; where a habit is not known for certain, its step says so. A step that asks more of a
reader than the program would is welcome, one that changes what a clerk sees is not.
"""

from pathlib import Path

from tests.support import dialect_formulas as formulas
from tests.support import dialect_markup as markup
from tests.support import dialect_programs as programs
from tests.support import dialect_values as values
from tests.support.dialect_parts import Step, rewritten

EXCEL: tuple[Step, ...] = (
    values.numbers_of_17_digits,
    values.strings_by_first_use,
    values.rich_text,
    values.phonetic_text,
    values.preserved_space,
    formulas.spelt_by_excel,
    formulas.dynamic_arrays,
    formulas.shared_formulas,
    formulas.calculation_chain,
    markup.blank_cells_added,
    markup.row_styles,
    markup.column_styles,
    markup.number_formats_renumbered,
    markup.excel_namespaces,
    programs.excel_workbook,
    programs.printer_settings,
)
WPS: tuple[Step, ...] = (
    values.numbers_of_15_to_17_digits,
    values.strings_reversed,
    values.rich_text,
    values.phonetic_text,
    values.escaped_line_ends,
    markup.styles_renumbered,
    markup.number_formats_renumbered,
    markup.wps_namespaces,
    markup.sheet_extensions,
    programs.wps_workbook,
    programs.wps_properties,
)
LIBRARY: tuple[Step, ...] = (
    values.named_number_types,
    values.inline_strings,
    formulas.spelt_loosely,
    formulas.quoted_sheets,
    markup.blank_cells_with_empty_values,
    markup.unplaced_cells,
    markup.other_part_names,
    markup.relation_ids_renumbered,
    markup.absolute_targets,
    markup.prefixed,
)
STRICT: tuple[Step, ...] = (
    values.numbers_of_17_digits,
    values.dates_as_iso_text,
    values.strings_by_first_use,
    formulas.shared_formulas,
    markup.blank_cells_dropped,
    markup.strict,
)


def as_excel(source: Path, target: Path, *, date1904: bool = False) -> Path:
    """Write a workbook as Excel does; with *date1904* as one whose days are counted from 1904."""
    first = (values.dates_from_1904,) if date1904 else ()
    return rewritten(source, target, *first, *EXCEL)


def as_wps(source: Path, target: Path) -> Path:
    """Write a workbook as WPS does."""
    return rewritten(source, target, *WPS)


def as_library(source: Path, target: Path) -> Path:
    """Write a workbook as a program does that makes workbooks without Excel: everything legal, little of it usual."""
    return rewritten(source, target, *LIBRARY)


def as_strict(source: Path, target: Path) -> Path:
    """Write a workbook as Excel does under "Strict Open XML"."""
    return rewritten(source, target, *STRICT)
