@echo off
rem Installs the program for the user who runs this, without network and without rights.
rem Uses a Python placed beside this file: the folder python, or the archive python-3*-embed-*.zip as it is; else the
rem newest one of this PC. ASCII only, like the launcher.
setlocal EnableExtensions DisableDelayedExpansion
title selfeval
pushd "%~dp0"
set "enough=import sys; sys.exit(sys.version_info < (3, 11))"
if not exist python\python.exe for %%Z in (python-3*-embed-*.zip) do mkdir python 2>nul & tar -xf "%%Z" -C python

if not exist python\python.exe goto system
python\python.exe -c "%enough%" >nul 2>nul
if %errorlevel%==0 goto beside
:system
set "python=py -3"
%python% -c "%enough%" >nul 2>nul
if %errorlevel%==0 goto found
set "python=python"
%python% -c "%enough%" >nul 2>nul
if %errorlevel%==0 goto found
type files\no-python.txt
set "status=4"
goto end

:beside
python\python.exe -X utf8 -I files\install.py --python python %*
set "status=%errorlevel%"
goto end

:found
%python% -X utf8 -I files\install.py %*
set "status=%errorlevel%"

:end
popd
pause
exit /b %status%
