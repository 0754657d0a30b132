Attribute VB_Name = "Record"
Option Explicit

' Reads what the program writes down: lines of parts between tabs, in plain ASCII whatever they say.

' Each line is an array of texts, its kind first. Nothing where the record is not there, or is of another time.
Public Function RecordOf(ByVal path As String, ByVal token As String) As Collection
    Dim found As New Collection
    Dim number As Integer
    Dim text As String
    Set RecordOf = found
    If Dir(path) = "" Then Exit Function
    number = FreeFile
    Open path For Input Access Read As #number
    Do While Not EOF(number)
        Line Input #number, text
        found.Add PartsOf(text)
    Loop
    Close #number
    If found.Count = 0 Then Exit Function
    If Not HasToken(found, token) Then Set RecordOf = New Collection
End Function

Private Function HasToken(found As Collection, ByVal token As String) As Boolean
    Dim parts As Variant
    parts = found(1)
    If UBound(parts) > 0 Then HasToken = (parts(0) = "token" And parts(1) = token)
End Function

Private Function PartsOf(ByVal text As String) As Variant
    Dim parts As Variant
    Dim number As Long
    parts = Split(text, vbTab)
    For number = LBound(parts) To UBound(parts)
        parts(number) = Decoded(CStr(parts(number)))
    Next number
    PartsOf = parts
End Function

' A backslash and four hexadecimal digits after a "u" are one character.
Private Function Decoded(ByVal text As String) As String
    Dim pieces As Variant
    Dim number As Long
    If text = "" Then Exit Function
    pieces = Split(text, "\u")
    Decoded = pieces(0)
    For number = 1 To UBound(pieces)
        Decoded = Decoded & ChrW(CLng("&H" & Left(pieces(number), 4))) & Mid(pieces(number), 5)
    Next number
End Function
