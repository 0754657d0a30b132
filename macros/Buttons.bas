Attribute VB_Name = "Buttons"
Option Explicit

' What the buttons on the sheets and on the ribbon start. Nothing here changes a cell or saves the workbook.

Public Sub CheckNow()
    On Error GoTo Failed
    Application.Calculate
    ShowFirst
    Exit Sub
Failed:
    Tell Filled(Said("fault"), "{number}", CStr(Err.Number))
End Sub

Public Sub NextPlace()
    On Error GoTo Failed
    Application.Calculate
    ShowNext
    Exit Sub
Failed:
    Tell Filled(Said("fault"), "{number}", CStr(Err.Number))
End Sub

Public Sub FullCheck()
    On Error GoTo Failed
    Application.StatusBar = Said("started")
    StartPython
    Exit Sub
Failed:
    Application.StatusBar = False
    Tell Said("no_python")
End Sub

Public Sub RibbonCheck(control As Object)
    CheckNow
End Sub

Public Sub RibbonNext(control As Object)
    NextPlace
End Sub

Public Sub RibbonFull(control As Object)
    FullCheck
End Sub
