"""What Excel and WPS say of themselves in a workbook: the workbook part, the document properties, a printer."""

from lxml import etree

from tests.support.dialect_markup import COMPATIBILITY, REVISION
from tests.support.dialect_parts import BOOK, OFFICE, Package, renewed
from tests.support.package_parts import IDS, MAIN

PROPERTIES = "docProps/custom.xml"
PROPERTY_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
CUSTOM = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}"
EXTENDED = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}"
VARIANT = "{http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes}"
FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
WPS_PROPERTIES = (
    ("KSOProductBuildVer", "lpwstr", "2052-12.1.0.16729"),
    ("ICV", "lpwstr", "3D3104DE13954D2088C3AB089CA30F63_12"),
    ("CalculationRule", "i4", "0"),
)
X15 = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"
EXCEL_BOOK_SPACES = {
    None: MAIN[1:-1],
    "r": OFFICE,
    "mc": COMPATIBILITY,
    "x15": X15,
    "xr": REVISION,
    "xr6": "http://schemas.microsoft.com/office/spreadsheetml/2016/revision6",
    "xr10": "http://schemas.microsoft.com/office/spreadsheetml/2016/revision10",
    "xr2": "http://schemas.microsoft.com/office/spreadsheetml/2015/revision2",
}
NOBODY = "{00000000-0000-0000-0000-000000000000}"
SAVED_AT = f"""<mc:AlternateContent xmlns:mc="{COMPATIBILITY}"><mc:Choice Requires="x15" xmlns:x15="{X15}">
<x15ac:absPath xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac" url="D:\\"/>
</mc:Choice></mc:AlternateContent>"""
PRINTER_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings"


def excel_workbook(package: Package) -> None:
    """Say which Excel saved the workbook and where, as a current one does in front of the sheets."""
    book = package.trees[BOOK] = renewed(package.book, EXCEL_BOOK_SPACES)
    book.set(f"{{{COMPATIBILITY}}}Ignorable", "x15 xr xr6 xr10 xr2")
    _version(package, {"lastEdited": "7", "lowestEdited": "4", "rupBuild": "29725"}, calculation="191029")
    settings = book.find(f"{MAIN}workbookPr")
    revision = etree.Element(f"{{{REVISION}}}revisionPtr", revIDLastSave="0", documentId=f"13_ncr:1_{NOBODY}")
    for name in ("Last", "Max"):
        revision.set(f"{{{EXCEL_BOOK_SPACES['xr6']}}}coauthVersion{name}", "47")
    revision.set(f"{{{EXCEL_BOOK_SPACES['xr10']}}}uidLastSave", NOBODY)
    settings.addnext(revision)
    settings.addnext(etree.fromstring(SAVED_AT))
    _application(package, "16.0300")


def wps_workbook(package: Package) -> None:
    """Say what WPS says of the program: that it is Excel, in versions that Excel never had."""
    _version(package, {"lastEdited": "3", "lowestEdited": "5", "rupBuild": "9302"}, calculation="191029")
    # Whether WPS names itself among these properties is not known here.
    _application(package, "16.0300")


def _version(package: Package, version: dict[str, str], calculation: str) -> None:
    package.book.find(f"{MAIN}fileVersion").attrib.update(version)
    settings = package.book.find(f"{MAIN}calcPr")
    settings.attrib.clear()
    settings.set("calcId", calculation)


def _application(package: Package, version: str) -> None:
    properties = package.trees["docProps/app.xml"]
    properties.find(f"{EXTENDED}Application").text = "Microsoft Excel"
    properties.find(f"{EXTENDED}AppVersion").text = version


def wps_properties(package: Package) -> None:
    """Add WPS's own document properties behind those that are there."""
    if PROPERTIES not in package.trees:
        empty = f'<Properties xmlns="{CUSTOM[1:-1]}" xmlns:vt="{VARIANT[1:-1]}"/>'
        package.add(PROPERTIES, empty, PROPERTY_TYPE, "custom-properties", source="")
    root = package.trees[PROPERTIES]
    last = max([1, *(int(entry.get("pid")) for entry in root)])
    for number, (name, kind, text) in enumerate(WPS_PROPERTIES, start=last + 1):
        entry = etree.SubElement(root, f"{CUSTOM}property", fmtid=FORMAT_ID, pid=str(number), name=name)
        etree.SubElement(entry, f"{VARIANT}{kind}").text = text


def printer_settings(package: Package) -> None:
    """Keep what the printer's driver said, in a part for each sheet that has a page setup."""
    for number, part in enumerate(package.sheet_parts(), start=1):
        setup = package.trees[part].find(f"{MAIN}pageSetup")
        if setup is not None:
            name = f"xl/printerSettings/printerSettings{number}.bin"
            setup.set(f"{IDS}id", package.add(name, b"\0" * 16, PRINTER_TYPE, "printerSettings", source=part))
