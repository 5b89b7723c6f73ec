# Windows, x86-64: viewfinder.exe opens the window, viewfinder-cli.exe is the same for terminals, without a window; as an archive that needs no installation and
# as an installer for one person. Two archives, since both programs in one are larger than 45 MB; unpacked into one folder they go together. Sourced by
# packaging/build.
name=viewfinder-$VERSION-windows-amd64
exes=$work/$name
terminal=$name-cli
mkdir -p "$exes" "$work/$terminal" "$work/resources"

for size in 16 24 32 48 64 256; do icon $size "$work/resources/$size.png"; done
icotool --create --output "$work/resources/viewfinder.ico" $(for size in 16 24 32 48 64; do echo "$work/resources/$size.png"; done) --raw="$work/resources/256.png"
sed "s/@NUMBERS@/$NUMBERS/" packaging/windows/viewfinder.manifest >"$work/resources/viewfinder.manifest"

# resource FILE DESCRIPTION: the object file that gives a program its icon and version; its absolute path.
resource() {
  local text='\"'
  x86_64-w64-mingw32-windres --input packaging/windows/viewfinder.rc --output "$work/resources/$1.o" --include-dir "$work/resources" \
    -D COMMAS="${NUMBERS//./,}" -D VERSION="$text$VERSION$text" -D FILE="$text$1$text" -D DESCRIPTION="$text$2$text" >&2
  realpath "$work/resources/$1.o"
}
for program in "viewfinder.exe nodynamic -H=windowsgui Viewfinder" "viewfinder-cli.exe headless,nodynamic -H=windows Viewfinder\\x20for\\x20terminals"; do
  set -- $program
  resource=$(resource "$1" "${4//\\x20/ }")
  CGO_ENABLED=1 CC=x86_64-w64-mingw32-gcc compile windows amd64 "$2" "$3 -extldflags '-static $resource'" "$exes/$1"
done
texts "$exes" windows crlf
cp "$exes"/*.txt "$work/$terminal/"
mv "$exes/viewfinder-cli.exe" "$work/$terminal/"
zipped "$name"
zipped "$terminal"
mv "$work/$terminal/viewfinder-cli.exe" "$exes/"
settle "$exes"

nice -n 19 makensis -V2 -NOCD "-DVERSION=$VERSION" "-DNUMBERS=$NUMBERS" "-DFILES=$exes" "-DICON=$work/resources/viewfinder.ico" "-DOUT=$out/viewfinder-$VERSION-windows-amd64-setup.exe" packaging/windows/installer.nsi
