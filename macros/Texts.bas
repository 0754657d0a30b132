Attribute VB_Name = "Texts"
Option Explicit

' Every sentence stands on a very hidden sheet: a project's source knows one machine's characters only.

Public Function Said(ByVal key As String) As String
    Dim lines As Variant
    Dim line As Long
    lines = NamedArea("selfeval_texts").Value
    For line = LBound(lines, 1) To UBound(lines, 1)
        If CStr(lines(line, 1)) = key Then
            Said = CStr(lines(line, 2))
            Exit Function
        End If
    Next line
End Function

Public Function Filled(ByVal text As String, ByVal mark As String, ByVal fact As String) As String
    Filled = Replace(text, mark, fact)
End Function

Public Sub Tell(ByVal text As String)
    MsgBox text, vbInformation, Said("title")
End Sub

Public Function NamedArea(ByVal title As String) As Object
    Set NamedArea = ThisWorkbook.Names(title).RefersToRange
End Function
