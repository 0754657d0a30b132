Attribute VB_Name = "Walker"
Option Explicit

' Takes the clerk from one place that does not pass to the next, and says what is wrong there.

Private shownNumber As Long
Private shownPlace As String

Public Sub ShowFirst()
    Dim found As Collection
    Set found = OpenPlaces()
    shownNumber = 0
    If found.Count > 0 Then GoToPlace found, 1
    Tell Summary(found)
End Sub

Public Sub ShowNext()
    Dim found As Collection
    Dim number As Long
    Set found = OpenPlaces()
    If found.Count = 0 Then
        Application.StatusBar = False
        Tell Summary(found)
        Exit Sub
    End If
    number = NumberAfter(found)
    GoToPlace found, number
    Application.StatusBar = Filled(PlaceText(found, number, Said("next_place")), "{count}", CStr(found.Count))
End Sub

' Where the place shown last has been corrected, the one that took its number is the next.
Private Function NumberAfter(found As Collection) As Long
    Dim number As Long
    number = shownNumber
    If number < 1 Then number = 1
    If number <= found.Count Then
        If Key(found, number) = shownPlace Then number = number + 1
    End If
    If number > found.Count Then number = 1
    NumberAfter = number
End Function

Private Sub GoToPlace(found As Collection, ByVal number As Long)
    Dim place As Variant
    Dim target As Object
    place = found(number)
    shownNumber = number
    shownPlace = Key(found, number)
    Set target = ThisWorkbook.Worksheets(place(1))
    On Error Resume Next
    ThisWorkbook.Activate
    target.Activate
    target.Cells(place(2), place(3)).Select
    On Error GoTo 0
End Sub

Private Function Key(found As Collection, ByVal number As Long) As String
    Dim place As Variant
    place = found(number)
    Key = place(0) & "|" & place(1) & "|" & place(2) & "|" & place(3)
End Function

Private Function Summary(found As Collection) As String
    Dim text As String
    Dim rank As Long
    Dim counts(1 To 3) As Long
    For rank = 1 To 3
        counts(rank) = OpenCount(Said("severity_" & rank))
    Next rank
    text = Filled(Said(PatternFor(found)), "{status}", CStr(NamedArea("selfeval_status").Value))
    For rank = 1 To 3
        text = Filled(text, "{count" & rank & "}", CStr(counts(rank)))
    Next rank
    text = Filled(text, "{count}", CStr(found.Count))
    If found.Count > 0 Then text = PlaceText(found, 1, text)
    Summary = text
End Function

' Places come worst first, so the first one tells.
Private Function PatternFor(found As Collection) As String
    Dim place As Variant
    PatternFor = "passed"
    If found.Count > 0 Then
        place = found(1)
        PatternFor = "failing"
        If NamedArea("selfeval_checks").Cells(place(0), SEVERITY_COLUMN).Text = Said("severity_3") Then PatternFor = "hints"
    End If
End Function

Private Function PlaceText(found As Collection, ByVal number As Long, ByVal pattern As String) As String
    Dim place As Variant
    Dim lines As Object
    Dim text As String
    Dim difference As String
    place = found(number)
    Set lines = NamedArea("selfeval_checks")
    text = Filled(pattern, "{number}", CStr(number))
    text = Filled(text, "{place}", place(1) & "!" & ThisWorkbook.Worksheets(place(1)).Cells(place(2), place(3)).Address(False, False))
    text = Filled(text, "{severity}", lines.Cells(place(0), SEVERITY_COLUMN).Text)
    text = Filled(text, "{rule}", lines.Cells(place(0), 1).Text)
    text = Filled(text, "{verdict}", CStr(place(4)))
    text = Filled(text, "{text}", CStr(lines.Cells(place(0), TEXT_COLUMN).Value))
    If IsFirstOfLine(found, number) Then difference = lines.Cells(place(0), DIFFERENCE_COLUMN).Text
    If difference <> "" Then difference = Filled(Said("difference"), "{amount}", difference)
    PlaceText = Filled(text, "{difference}", difference)
End Function

' The difference on a rule's line is that of its first place.
Private Function IsFirstOfLine(found As Collection, ByVal number As Long) As Boolean
    Dim place As Variant
    Dim before As Variant
    IsFirstOfLine = True
    If number > 1 Then
        place = found(number)
        before = found(number - 1)
        IsFirstOfLine = (place(0) <> before(0))
    End If
End Function
