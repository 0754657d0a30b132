@echo off
rem The command, from the folder that the installer made.
setlocal EnableExtensions DisableDelayedExpansion
set "home=%~dp0.."
set "python=%home%\python\python.exe"
if not exist "%python%" set "python=%home%\python\Scripts\python.exe"
if not defined SELFEVAL_SETTINGS if exist "%home%\settings.toml" set "SELFEVAL_SETTINGS=%home%\settings.toml"
"%python%" -X utf8 -I -c "from selfeval_xl.app.cli import main; main()" %*
exit /b %errorlevel%
