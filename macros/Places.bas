Attribute VB_Name = "Places"
Option Explicit

' The places that do not pass, worst first, read from the verdicts in the sheets; no rule is known here.

' Of the check sheet: one line a rule.
Public Const SEVERITY_COLUMN As Long = 2
Public Const TEXT_COLUMN As Long = 3
Public Const VERDICT_COLUMN As Long = 4
Public Const OPEN_COLUMN As Long = 5
Public Const DIFFERENCE_COLUMN As Long = 9

' Of the list of places: whose line, where the verdicts stand, and which cell belongs to the first of them.
Private Const LINE_PART As Long = 1
Private Const SHEET_PART As Long = 2
Private Const AREA_PART As Long = 3
Private Const TARGET_PART As Long = 4
Private Const TOP_PART As Long = 5
Private Const LEFT_PART As Long = 6

' Each place is an array: line, sheet, row, column, verdict.
Public Function OpenPlaces() As Collection
    Dim found As New Collection
    Dim areas As Variant
    Dim lines As Variant
    Dim rank As Long
    lines = NamedArea("selfeval_checks").Value
    areas = NamedArea("selfeval_places").Value
    For rank = 1 To 3
        If rank = 3 Then AddUncomputed found, lines
        AddRank found, areas, lines, Said("severity_" & rank)
    Next rank
    Set OpenPlaces = found
End Function

Public Function OpenCount(ByVal severity As String) As Long
    Dim lines As Variant
    Dim entry As Long
    lines = NamedArea("selfeval_checks").Value
    For entry = LBound(lines, 1) To UBound(lines, 1)
        If Holds(lines(entry, SEVERITY_COLUMN), severity) Then
            OpenCount = OpenCount + Number(lines(entry, OPEN_COLUMN))
        End If
    Next entry
End Function

Private Sub AddRank(found As Collection, areas As Variant, lines As Variant, ByVal severity As String)
    Dim part As Long
    Dim entry As Long
    Dim word As String
    word = Said("failed")
    For part = LBound(areas, 1) To UBound(areas, 1)
        entry = CLng(areas(part, LINE_PART))
        If Holds(lines(entry, SEVERITY_COLUMN), severity) Then
            If Number(lines(entry, OPEN_COLUMN)) > 0 Then AddFailing found, areas, part, word
        End If
    Next part
End Sub

Private Sub AddFailing(found As Collection, areas As Variant, ByVal part As Long, ByVal word As String)
    Dim verdicts As Object
    Dim row As Long
    Dim column As Long
    Set verdicts = ThisWorkbook.Worksheets(CStr(areas(part, SHEET_PART))).Range(CStr(areas(part, AREA_PART)))
    For row = 1 To verdicts.Rows.Count
        For column = 1 To verdicts.Columns.Count
            If Holds(verdicts.Cells(row, column).Value, word) Then
                found.Add Array(CLng(areas(part, LINE_PART)), CStr(areas(part, TARGET_PART)), _
                    CLng(areas(part, TOP_PART)) + row - 1, CLng(areas(part, LEFT_PART)) + column - 1, word)
            End If
        Next column
    Next row
End Sub

' A rule that cannot be computed has no failing place; its own line is shown.
Private Sub AddUncomputed(found As Collection, lines As Variant)
    Dim entry As Long
    Dim word As String
    Dim checks As Object
    Set checks = NamedArea("selfeval_checks")
    word = Said("not_computable")
    For entry = LBound(lines, 1) To UBound(lines, 1)
        If Holds(lines(entry, VERDICT_COLUMN), word) Then
            found.Add Array(entry, checks.Worksheet.Name, checks.Row + entry - 1, _
                checks.Column + VERDICT_COLUMN - 1, word)
        End If
    Next entry
End Sub

Private Function Holds(ByVal value As Variant, ByVal word As String) As Boolean
    If VarType(value) = vbString Then Holds = (value = word)
End Function

Private Function Number(ByVal value As Variant) As Long
    If VarType(value) = vbDouble Then Number = CLng(value)
End Function
