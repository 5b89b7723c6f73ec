; Installs Viewfinder for one person, without an administrator: setup.exe, or setup.exe /S without asking anything, /D=C:\folder for another folder.
; Installing over an older version replaces it. The uninstaller takes away what was installed and nothing else: projects and settings stay.
Target amd64-unicode
!include "MUI2.nsh"
!include "FileFunc.nsh"

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Viewfinder"

Name "Viewfinder"
BrandingText "Viewfinder ${VERSION}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\Viewfinder"
InstallDirRegKey HKCU "Software\Viewfinder" "Folder"
RequestExecutionLevel user
ManifestDPIAware true
SetCompressor /SOLID lzma
SetDatablockOptimize on
VIProductVersion "${NUMBERS}"
VIAddVersionKey "ProductName" "Viewfinder"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Viewfinder's installer"
VIAddVersionKey "LegalCopyright" "Copyright (c) 2026 The Viewfinder authors, MIT License"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\viewfinder.exe"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; Vacate moves a program that is running out of the way: Windows does not let it be replaced, but lets it have another name. A training goes on.
!macro Vacate FILE
  Delete "$INSTDIR\old-*-${FILE}"
  ClearErrors
  Delete "$INSTDIR\${FILE}"
  ${If} ${Errors}
    ClearErrors
    GetTempFileName $0 "$INSTDIR"
    Delete "$0"
    ${GetFileName} "$0" $1
    Rename "$INSTDIR\${FILE}" "$INSTDIR\old-$1-${FILE}"
    ${If} ${Errors}
      SetErrorLevel 2
      MessageBox MB_OK|MB_ICONSTOP "$INSTDIR\${FILE} is in use and cannot be replaced. Close Viewfinder and install again." /SD IDOK
      Abort
    ${EndIf}
    Delete /REBOOTOK "$INSTDIR\old-$1-${FILE}"
  ${EndIf}
!macroend

Section
  SetOutPath "$INSTDIR"
  !insertmacro Vacate "viewfinder.exe"
  !insertmacro Vacate "viewfinder-cli.exe"
  ClearErrors
  File "${FILES}/viewfinder.exe"
  File "${FILES}/viewfinder-cli.exe"
  File "${FILES}/LICENSE.txt"
  File "${FILES}/THIRD_PARTY_NOTICES.txt"
  File "${FILES}/README.txt"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  ${If} ${Errors}
    SetErrorLevel 2
    Abort "The files could not be written into $INSTDIR."
  ${EndIf}
  CreateShortcut "$SMPROGRAMS\Viewfinder.lnk" "$INSTDIR\viewfinder.exe" "" "$INSTDIR\viewfinder.exe" 0 SW_SHOWNORMAL "" "Annotate images, train networks on this computer"
  WriteRegStr HKCU "Software\Viewfinder" "Folder" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Viewfinder"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\viewfinder.exe"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "The Viewfinder authors"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K /G=0" $0 $1 $2
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" "$0"
SectionEnd

Section "Uninstall"
  Delete /REBOOTOK "$INSTDIR\viewfinder.exe"
  Delete /REBOOTOK "$INSTDIR\viewfinder-cli.exe"
  Delete /REBOOTOK "$INSTDIR\old-*-viewfinder.exe"
  Delete /REBOOTOK "$INSTDIR\old-*-viewfinder-cli.exe"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\THIRD_PARTY_NOTICES.txt"
  Delete "$INSTDIR\README.txt"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR" ; only if nothing else lies in it
  Delete "$SMPROGRAMS\Viewfinder.lnk"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "Software\Viewfinder"
SectionEnd
