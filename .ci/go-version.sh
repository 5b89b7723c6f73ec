# Sourced by the scripts beside it: finds Go and tells whether it is new enough.
# A Go from 1.21 on fetches the version that go.mod names by itself, so that is the least that will do.
GO_NEEDED=1.21
if ! command -v go >/dev/null 2>&1 && [ -x /usr/local/go/bin/go ]; then PATH=$PATH:/usr/local/go/bin; export PATH; fi

go_is_new_enough() {
  local v
  v=$(go env GOVERSION 2>/dev/null | sed -E 's/^go([0-9]+)\.([0-9]+).*/\1 \2/') || return 1
  [ -n "$v" ] || return 1
  # shellcheck disable=SC2086
  set -- $v
  [ "$1" -gt 1 ] || [ "$2" -ge 21 ]
}
