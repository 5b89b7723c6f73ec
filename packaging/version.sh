# Sourced in the top folder: what the packages are called and dated by.
#
#   VERSION            1.2.3 at the tag v1.2.3; otherwise 0.1.0-dev.20261130.0123abc (the release that the source leads to, the commit's day and digits)
#   DEB_VERSION        the same as Debian sorts versions: what leads to a release comes before it
#   NUMBERS            four numbers, as Windows has them
#   SOURCE_DATE_EPOCH  when the commit was made: the date of every file in the packages
if tag=$(git describe --exact-match --match 'v[0-9]*' HEAD 2>/dev/null); then
  VERSION=${tag#v}
else
  VERSION=$(sed -n 's/^\tVersion = "\(.*\)"$/\1/p' app/product/product.go)-dev.$(TZ=UTC git log -1 --format=%cd --date=format-local:%Y%m%d).$(git rev-parse --short=7 HEAD)
fi
[ -z "$(git status --porcelain)" ] || { VERSION=$VERSION.changed; echo "Note: the source differs from the commit, so the packages are called $VERSION." >&2; }
DEB_VERSION=${VERSION/-/\~}
NUMBERS=${VERSION%%-*}; NUMBERS=${NUMBERS%.changed}.0
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export VERSION DEB_VERSION NUMBERS SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C.UTF-8
