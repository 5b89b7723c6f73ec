# Linux: for x86-64 the program with its window, as an archive that needs no installation and as a package for Debian and Ubuntu; for ARM64 the commands
# alone. Sourced by packaging/build.

# share FOLDER: what desktops read, as /usr/share and ~/.local/share have it.
share() {
  local size
  for size in 16 24 32 48 64 128 256 512; do
    mkdir -p "$1/icons/hicolor/${size}x$size/apps"
    icon $size "$1/icons/hicolor/${size}x$size/apps/viewfinder.png"
  done
  mkdir -p "$1/icons/hicolor/scalable/apps" "$1/applications" "$1/metainfo" "$1/man/man1"
  cp icons/app.svg "$1/icons/hicolor/scalable/apps/viewfinder.svg"
  cp packaging/linux/viewfinder.desktop "$1/applications/"
  sed -e "s/@VERSION@/$VERSION/" -e "s/@DATE@/$(date --date="@$SOURCE_DATE_EPOCH" +%Y-%m-%d)/" packaging/linux/viewfinder.metainfo.xml >"$1/metainfo/viewfinder.metainfo.xml"
  sed "s/@VERSION@/$VERSION/" packaging/linux/viewfinder.1 | gzip -9n >"$1/man/man1/viewfinder.1.gz"
}

name=viewfinder-$VERSION-linux-amd64
mkdir -p "$work/$name/bin"
CGO_ENABLED=1 compile linux amd64 nodynamic "" "$work/$name/bin/viewfinder"
share "$work/$name/share"
texts "$work/$name" linux
desktop-file-validate "$work/$name/share/applications/viewfinder.desktop"
appstreamcli validate --no-net --override=cid-desktopapp-is-not-rdns=info "$work/$name/share/metainfo/viewfinder.metainfo.xml"
tarball "$name"

# The .deb has the same files at other places. It depends on the libraries that the program is linked with, as the package manager knows them, and on those that
# GLFW loads when the window opens.
root=$work/deb
doc=$root/usr/share/doc/viewfinder
mkdir -p "$root/DEBIAN" "$doc" "$root/usr/share/lintian/overrides" "$work/debian"
cp -r "$work/$name/bin" "$work/$name/share" "$root/usr/"
cp packaging/linux/copyright "$doc/copyright"
cp packaging/linux/lintian-overrides "$root/usr/share/lintian/overrides/viewfinder"
gzip -9n <THIRD_PARTY_NOTICES >"$doc/THIRD_PARTY_NOTICES.gz"
sed -n '/^## /,$p' CHANGELOG.md | gzip -9n >"$doc/NEWS.gz"
gzip -9n >"$doc/changelog.gz" <<EOF
viewfinder ($DEB_VERSION) unstable; urgency=medium

  * Built from commit $(git rev-parse HEAD).
    What changed stands in NEWS.gz.

 -- The Viewfinder authors <viewfinder@localhost>  $(date --date="@$SOURCE_DATE_EPOCH" --rfc-email)
EOF
printf 'Source: viewfinder\n\nPackage: viewfinder\nArchitecture: amd64\n' >"$work/debian/control"
depends=$(cd "$work" && dpkg-shlibdeps -O "deb/usr/bin/viewfinder" | sed -n 's/^shlibs:Depends=//p')
sed -e "s/@VERSION@/$DEB_VERSION/" -e "s/@DEPENDS@/$depends, libxcursor1, libxrandr2, libxinerama1, libxi6, libxxf86vm1/" -e "s/@SIZE@/$(du -k -s --apparent-size "$root/usr" | cut -f1)/" packaging/linux/control >"$root/DEBIAN/control"
(cd "$root" && find usr -type f | sort | xargs -d '\n' md5sum >DEBIAN/md5sums)
settle "$root"
nice -n 19 dpkg-deb --root-owner-group -Zxz --build "$root" "$out/viewfinder_${DEB_VERSION}_amd64.deb" >/dev/null

name=viewfinder-$VERSION-linux-arm64-headless
mkdir -p "$work/$name/bin"
CGO_ENABLED=1 CC=aarch64-linux-gnu-gcc compile linux arm64 headless,nodynamic "" "$work/$name/bin/viewfinder"
texts "$work/$name" linux
tarball "$name"
