.PHONY: test-concurrency demo test lint check race bench-orm bench-templates bench-server reliability fuzz test-queries

demo:
	go run ./cmd/quintet demo

test:
	go test -timeout 60m ./...

# The linters, in pinned versions. .ci/revive.toml configures revive.
GOFILES = $$(git ls-files '*.go' | grep -v /testdata/)
lint:
	@unformatted=$$(go run mvdan.cc/gofumpt@v0.12.0 -l $(GOFILES)); \
		test -z "$$unformatted" || { printf 'not formatted by gofumpt:\n%s\n' "$$unformatted"; exit 1; }
	go run github.com/golangci/misspell/cmd/misspell@v0.8.0 -locale US -i nmae,autor,defualt,neighbour,neighbours,metre,defence -error $$(git ls-files | grep -E '\.(go|md|html|tmpl|css|js)$$' | grep -v /testdata/)
	go run github.com/mgechev/revive@v1.15.0 -config .ci/revive.toml -formatter plain -set_exit_status ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...
	go run github.com/polyfloyd/go-errorlint@v1.8.0 -asserts=false ./...

check: lint
	go vet ./...
	go test -timeout 60m ./...
	CGO_ENABLED=0 go test -timeout 60m ./orm/... ./auth/... ./admin/...

race:
	go test -timeout 60m -race ./templates/... ./framework/... ./orm/... ./auth/...
	go test -timeout 60m -race -tags purego ./orm/sqlite/...

# The ORM against hand-written database/sql and tuned GORM: prints a table of ratios. Databases: sqlite, postgres, mysql.
DATABASES ?= sqlite
bench-orm:
	go run ./docs/benchmarks/orm -databases $(DATABASES)

bench-templates:
	go test -run '^$$' -bench . -benchmem -count 5 ./templates/...

# Fails if serving by workers costs more than 1.10 of a bare http.Server's processor time for a request.
bench-server:
	go run ./docs/reliability/benchserver

# Reloads, kills, overload and attacks, behind nginx and Apache and alone: about half an hour. See docs/reliability.md.
reliability:
	go run ./docs/reliability

# FUZZTIME is spent on each target in turn.
FUZZTIME ?= 30s
fuzz:
	@set -e; for dir in $$(git grep -l 'func Fuzz' -- '*_test.go' | xargs -n1 dirname | sort -u); do \
		for target in $$(grep -ho 'func Fuzz[A-Za-z0-9_]*' $$dir/*_test.go | sed 's/func //'); do \
			go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) ./$$dir; \
		done; \
	done

# Random queries compared with an evaluation in Go, on every database.
test-queries:
	QUINTET_QUERIES=20000 go test -count=1 -timeout 60m ./orm/sqlite ./orm/mysql ./orm/postgres -run 'TestDriver/random_queries'

# Writers, readers, a second process and migrations on one SQLite database at once, with both drivers. Needs an idle machine.
test-concurrency:
	go run ./docs/reliability/concurrency
	go run -tags purego ./docs/reliability/concurrency
