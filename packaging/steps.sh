# Sourced in the top folder, after version.sh: the steps that the packages of all systems share.
out=build/packages
work=$out/work

# compile SYSTEM PROCESSOR TAGS LINKER_FLAGS FILE: the program without symbols and without paths of this machine. CGO_ENABLED and CC are the caller's.
compile() {
  echo "compiling $5"
  GOOS=$1 GOARCH=$2 GOFLAGS=-trimpath nice -n 19 go build -tags "$3" -ldflags "-s -w $4" -o "$5" .
}

# texts FOLDER [crlf]: the licences, and what is said first.
texts() {
  cp LICENSE THIRD_PARTY_NOTICES "$1"
  sed "s/@VERSION@/$VERSION/" "packaging/$2/README.txt" >"$1/README.txt"
  if [ "${3:-}" = crlf ]; then
    mv "$1/LICENSE" "$1/LICENSE.txt"; mv "$1/THIRD_PARTY_NOTICES" "$1/THIRD_PARTY_NOTICES.txt"
    sed -i 's/$/\r/' "$1/LICENSE.txt" "$1/THIRD_PARTY_NOTICES.txt" "$1/README.txt"
  fi
}

# settle FOLDER: the same rights and dates for all that lies in it, whoever builds and whenever.
settle() {
  find "$1" -type d -exec chmod 755 {} + -o -type f -perm /111 -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
  find "$1" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
}

# tarball FOLDER: FOLDER.tar.xz beside the other packages.
tarball() {
  settle "$work/$1"
  tar --create --directory "$work" --sort=name --format=gnu --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" "$1" | nice -n 19 xz -6e --threads=1 >"$out/$1.tar.xz"
}

# zipped FOLDER: FOLDER.zip beside the other packages.
zipped() {
  settle "$work/$1"
  rm -f "$out/$1.zip"
  (cd "$work" && find "$1" | sort | nice -n 19 zip -q -9 -X -@ "../$1.zip")
}

# icon SIZE FILE: the program's icon as a PNG image.
icon() { rsvg-convert --width "$1" --height "$1" icons/app.svg --output "$2"; }
