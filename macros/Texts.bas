Attribute VB_Name = "Texts"
Option Explicit

' Every sentence stands on a very hidden sheet: a project's source knows one machine's characters only.

Public Function Said(ByVal key As String) As String
    Dim lines As Variant
    Dim entry As Long
    lines = NamedArea("selfeval_texts").Value
    For entry = LBound(lines, 1) To UBound(lines, 1)
        If CStr(lines(entry, 1)) = key Then
            Said = CStr(lines(entry, 2))
            Exit Function
        End If
    Next entry
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
