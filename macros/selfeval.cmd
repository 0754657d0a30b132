@echo off
rem Opens the menu; files and folders dropped on this file are checked.
rem ASCII only: what is said in Chinese comes from the program, or as UTF-16 through "type", whatever the code page.
setlocal EnableExtensions EnableDelayedExpansion
set "dropped="
set "SELFEVAL_CALL=!cmdcmdline!"
set "SELFEVAL_LAUNCHER=%~f0"
if defined SELFEVAL_CALL if not "!SELFEVAL_CALL:%~f0=!"=="!SELFEVAL_CALL!" set "dropped=yes"
setlocal DisableDelayedExpansion
title selfeval

set "program=%LOCALAPPDATA%\selfeval\bin\selfeval.cmd"
if not exist "%program%" set "program=%~dp0..\.venv\Scripts\selfeval.exe"
if not exist "%program%" goto missing
if defined dropped goto dropped
"%program%" menu %*
exit /b %errorlevel%

:dropped
rem A dropped name with an ampersand is cut up before this file begins. The program reads the whole line itself, and
rem "exit" keeps the rest of the name from being run.
call "%program%" menu
exit %errorlevel%

:missing
if exist "%~dp0not-installed.txt" type "%~dp0not-installed.txt"
if not exist "%~dp0not-installed.txt" echo selfeval is not installed.
pause
if defined dropped exit 4
exit /b 4
