# Two commands do everything on a fresh machine:
#   make run     installs the system packages that are missing, builds, and opens the sample project
#                (without a display it runs the same main job in the terminal)
#   make test    installs what the tests need, and runs all of them (20 minutes on two cores)
# The others are for those who work on the program.

.PHONY: run test test-short build headless measure check generate notices sample screenshots bench packages clean

run:
	@.ci/start

test:
	@.ci/test

# Every package's tests without the long ones and without the race detector: minutes. Tag ci: without Fyne's driver for real windows, see .ci/test.
test-short:
	@.ci/packages build
	@.ci/go test -tags ci -p 3 -short -vet=off ./...

# nodynamic: AVIF by the library inside the program, not by one that a machine may have.
build:
	@.ci/packages build
	@.ci/go build -tags nodynamic -o viewfinder .

headless:
	@.ci/packages headless
	@.ci/go build -tags headless,nodynamic -o viewfinder .

# The program with what measures it beside the product's commands (bench project, bench next, bench assist): see docs/benchmarks.md.
measure:
	@.ci/packages build
	@.ci/go build -tags measure -o build/viewfinder-measure .

# Formatting, vet and staticcheck alone: what to run before each commit.
check:
	@.ci/check

# Code that is written by a program: the typed queries (sqlc). The icons are drawn by "go generate ./icons", the sample made by "make sample".
generate:
	@.ci/go generate ./storage

# THIRD_PARTY_NOTICES, from what is linked into the program on each system. To be run when go.mod changes.
notices:
	@.ci/go run ./app/product/notices THIRD_PARTY_NOTICES

# The embedded sample project, out of ../shared/data, and the versions that are trained on it.
sample:
	@.ci/go run ./app/studio/sample/generate -data ../shared/data -out app/studio/sample
	@.ci/go build -tags headless,nodynamic -o build/viewfinder-sample .
	@.ci/go run ./app/studio/sampleversions build/viewfinder-sample app/studio/sample

# The pictures in docs/, taken from the real window under a virtual display.
screenshots:
	@.ci/screenshots

# Speed beside PyTorch: BENCH=quick|full ROUNDS=3.
bench:
	@.ci/bench

# What people download, for Linux, Windows and macOS, in build/packages (on Debian): see docs/install.md.
packages:
	@packaging/build

clean:
	rm -rf viewfinder viewfinder.exe build
