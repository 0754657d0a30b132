Attribute VB_Name = "Consolidate"
Option Explicit

' The consolidation workbook: what stands in its cells goes to the program, and what that records comes back.

' A record that has not begun, or does not grow, is given up.
Private Const SECONDS_TO_BEGIN As Long = 60
Private Const SECONDS_TO_GO_ON As Long = 900

Public Sub StartNow()
    Dim token As String
    On Error GoTo Failed
    token = CStr(Int(CDbl(Now) * 100000))
    Show Said("begun")
    ClearResults
    Shell Order(token)
    Follow token
    Exit Sub
Failed:
    Show Said("no_program")
    Tell Said("no_program")
End Sub

Public Sub OpenSummary()
    On Error GoTo Failed
    Workbooks.Open Target()
    Exit Sub
Failed:
    Tell Filled(Said("no_summary"), "{name}", Target())
End Sub

Public Sub PickFolder()
    Dim dialog As Object
    On Error GoTo Failed
    Set dialog = Application.FileDialog(4)
    If dialog.Show = -1 Then NamedArea("selfeval_folder").Value = dialog.SelectedItems(1)
    Exit Sub
Failed:
    Tell Said("paste")
End Sub

Public Sub PickRoster()
    PickFile "selfeval_roster"
End Sub

Public Sub PickLedger()
    PickFile "selfeval_ledger"
End Sub

Private Sub PickFile(ByVal title As String)
    Dim found As Variant
    On Error GoTo Failed
    found = Application.GetOpenFilename()
    If VarType(found) = vbString Then NamedArea(title).Value = found
    Exit Sub
Failed:
    Tell Said("paste")
End Sub

Private Function Order(ByVal token As String) As String
    Dim words As String
    words = Quoted(Program()) & " -m selfeval_xl.app.tool " & Quoted(Folder()) & " " & Quoted(Target())
    words = words & " " & Quoted(RecordPath()) & " " & token
    words = words & " " & Quoted("roster=" & Cell("selfeval_roster")) & " " & Quoted("ledger=" & Cell("selfeval_ledger"))
    Order = words
End Function

Private Function Quoted(ByVal word As String) As String
    Quoted = """" & word & """"
End Function

Private Function Cell(ByVal title As String) As String
    Cell = Trim(CStr(NamedArea(title).Value))
End Function

' Where nobody wrote it down, the installation did.
Private Function Program() As String
    Program = Cell("selfeval_program")
    If Program = "" Then Program = GetSetting("selfeval_xl", "python", "program", "")
    If Program = "" Then Err.Raise 53
End Function

Private Function Folder() As String
    Folder = Cell("selfeval_folder")
    If Folder = "" Then Folder = ThisWorkbook.Path
End Function

Private Function Target() As String
    Target = Cell("selfeval_target")
    If Target = "" Then Target = Folder() & Application.PathSeparator & Said("summary_name")
End Function

Private Function RecordPath() As String
    RecordPath = Target() & ".log"
End Function

' Looks into the record each second until its last line is there.
Private Sub Follow(ByVal token As String)
    Dim record As Collection
    Dim looks As Long
    Dim seen As Long
    Do
        Application.Wait Now + TimeSerial(0, 0, 1)
        DoEvents
        Set record = RecordOf(RecordPath(), token)
        If record.Count > 0 Then ShowProgress record
        If record.Count > seen Then looks = 0
        seen = record.Count
        looks = looks + 1
        If seen = 0 And looks > SECONDS_TO_BEGIN Then Err.Raise 53
        If looks > SECONDS_TO_GO_ON Then Err.Raise 53
    Loop Until IsAtEnd(record)
    ShowResults record
End Sub

Private Function IsAtEnd(record As Collection) As Boolean
    Dim parts As Variant
    If record.Count = 0 Then Exit Function
    parts = record(record.Count)
    IsAtEnd = (parts(0) = "at_end")
End Function

Private Sub ShowProgress(record As Collection)
    Dim parts As Variant
    parts = record(record.Count)
    If parts(0) = "so_far" Then Show CStr(parts(1))
End Sub

Private Sub Show(ByVal text As String)
    NamedArea("selfeval_state").Value = text
    Application.StatusBar = text
End Sub

Private Sub ClearResults()
    Dim results As Object
    Set results = NamedArea("selfeval_results")
    results.ClearContents
End Sub

Private Sub ShowResults(record As Collection)
    Dim results As Object
    Dim parts As Variant
    Dim number As Long
    Dim row As Long
    Dim column As Long
    Set results = NamedArea("selfeval_results")
    For number = 1 To record.Count
        parts = record(number)
        If parts(0) = "one_file" And row < results.Rows.Count Then
            row = row + 1
            For column = 1 To 4
                results.Cells(row, column).Value = CStr(parts(column))
            Next column
        End If
    Next number
    parts = record(record.Count)
    Application.StatusBar = False
    NamedArea("selfeval_state").Value = CStr(parts(1))
    Tell CStr(parts(1))
End Sub
