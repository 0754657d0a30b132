Attribute VB_Name = "Python"
Option Explicit

' Starts the full check in a process of its own, which finds this workbook in the Excel that it is told.

Public Sub StartPython()
    Dim program As String
    program = GetSetting("selfeval_xl", "python", "program", "")
    If program = "" Then Err.Raise 53
    Shell """" & program & """ -m selfeval_xl.app.excel --wb=""" & ThisWorkbook.Name & """ --app=" & Application.Hwnd
End Sub
