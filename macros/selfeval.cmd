@echo off
rem Opens the menu; files and folders dropped on this file are checked.
rem ASCII only: what is said in Chinese comes from the program, or as UTF-16 through "type", whatever the code page.
setlocal EnableExtensions EnableDelayedExpansion
rem A dropped name with an ampersand is cut up before this file begins. The program reads the whole line itself, and
rem "exit" keeps the rest of the name from being run.
set "SELFEVAL_CALL=!cmdcmdline!"
set "SELFEVAL_LAUNCHER=%~f0"
set "leave=exit /b"
if not "!SELFEVAL_CALL:%~nx0=!"=="!SELFEVAL_CALL!" set "leave=exit"
setlocal DisableDelayedExpansion
title selfeval

set "home=%LOCALAPPDATA%\selfeval"
set "python=%home%\python\python.exe"
if not exist "%python%" set "python=%home%\python\Scripts\python.exe"
if exist "%python%" goto installed
set "checkout=%~dp0..\.venv\Scripts\selfeval.exe"
if exist "%checkout%" goto checkout
if exist "%~dp0not-installed.txt" type "%~dp0not-installed.txt"
if not exist "%~dp0not-installed.txt" echo selfeval is not installed.
pause
%leave% 4

:installed
"%python%" -I -S "%home%\run.py" menu %*
%leave% %errorlevel%

:checkout
"%checkout%" menu %*
%leave% %errorlevel%
