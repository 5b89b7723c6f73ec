# macOS: the commands without a window, for Apple's and Intel's processors. Written in Go alone, since Apple's compiler and libraries are needed for the rest:
# they train slower than what is built on a Mac (packaging/macos/app). Sourced by packaging/build.
for processor in arm64 amd64; do
  name=viewfinder-$VERSION-macos-$processor-headless
  mkdir -p "$work/$name/bin"
  CGO_ENABLED=0 compile darwin $processor headless,nodynamic "" "$work/$name/bin/viewfinder"
  texts "$work/$name" macos
  tarball "$name"
done
