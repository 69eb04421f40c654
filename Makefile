# Navid. `make` lists what can be made; `make demo` shows it at work.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

GOFUMPT     := mvdan.cc/gofumpt@v0.12.0
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

DIST     := dialog/dist
WASM     := $(DIST)/agent.wasm
WASMENV  := GOOS=js GOARCH=wasm
GOLIB    := $(shell go env GOROOT)/lib/wasm
GO_FILES  = $(shell find . -name '*.go' -not -path '*/node_modules/*')

NODE_MODULES := shim/node_modules/.package-lock.json
NODE_BIN     := shim/node_modules/.bin
JS_FOLDERS   := shim dialog testbrowser agent/issuer agent/verify/peer
# Not the HTML: templates are Go's, and Prettier does not know them.
JS_FILES     := '{shim,dialog,testbrowser,agent/issuer,agent/verify/peer}/**/*.{js,mjs,ts,css,json}'
JS_TESTS      = $(shell find $(JS_FOLDERS) -name '*.test.js' -not -path '*/node_modules/*')

# The cases as data that lie beside a checkout of the project, if they do.
ifneq ($(wildcard ../shared/vectors),)
export NAVID_VECTORS ?= $(abspath ../shared/vectors)
endif

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^##@/{print substr($$0, 5)} /^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Build

.PHONY: build
build: agent ## build the agent and bin/navid, with all that they need
	go build -trimpath -o bin/navid ./dialog/cmd/navid

.PHONY: agent
agent: $(WASM) $(WASM).br $(WASM).gz $(DIST)/wasm_exec.js

# Go knows best what has changed; what comes out the same keeps its date, and
# is not compressed again. No version control stamp: the URL of the agent
# names its content, and would change with every commit.
$(WASM): FORCE
	@mkdir -p bin
	$(WASMENV) go build -trimpath -buildvcs=false -ldflags='-s -w' -gcflags=all=-l -o bin/agent.wasm ./wasm
	go run ./wasm/pack bin/agent.wasm
	@cmp -s bin/agent.wasm $@ || cp bin/agent.wasm $@

$(WASM).br: $(WASM)
	@.ci/need brotli
	brotli -q 11 -w 24 --no-copy-stat -f -o bin/agent.wasm.br $< && mv bin/agent.wasm.br $@

$(WASM).gz: $(WASM)
	gzip -9 -n -c $< >bin/agent.wasm.gz && mv bin/agent.wasm.gz $@

# The loader belongs to the toolchain that built the agent.
$(DIST)/wasm_exec.js: FORCE
	@cmp -s $(GOLIB)/wasm_exec.js $@ || cp $(GOLIB)/wasm_exec.js $@

.PHONY: FORCE
FORCE:

##@ Use

PORT ?= 8080

.PHONY: demo
demo: build ## a site, a login host and a provider, on this machine (PORT=8080)
	@.ci/need chromium || true # any browser will do
	go build -o bin/demo ./testbrowser/cmd/demo
	@exec bin/demo -port $(PORT)

##@ Check

.PHONY: test
test: build $(NODE_MODULES) ## all tests, in Go, in Node, in Chromium and on Postgres
	@.ci/need chromium
	@[ -n "$${NAVID_TEST_POSTGRES:-}" ] || .ci/need postgres
	@.ci/need php >/dev/null 2>&1 || true # for one of the sample sites, and tests can do without
	@unformatted=$$(gofmt -l $(GO_FILES)); [ -z "$$unformatted" ] || { echo "gofmt these (make fmt): $$unformatted"; exit 1; }
	go vet ./...
	$(WASMENV) go vet -tags browser ./wasm/... ./agent/...
	node --test $(JS_TESTS)
	$(WASMENV) go test -exec="$(GOLIB)/go_js_wasm_exec" ./wasm/...
	go build -o bin/wasmexec ./testbrowser/cmd/wasmexec
	$(WASMENV) go test -tags browser -exec=$(CURDIR)/bin/wasmexec ./wasm/...
	go test -run Setup ./agent/verify/peer # the old verifier, which tests in Chromium ask too
	go test -timeout 30m -parallel 4 ./...

# What decides who someone is, where no branch may be untested without a reason.
COVERED := agent/verify agent/issuer agent/discovery agent/signin.go

.PHONY: cover
cover: ## print the branches that no test takes, with the reasons why
	@mkdir -p bin
	go test -timeout 3m -coverprofile=bin/cover.out -coverpkg=./agent/verify,./agent/issuer,./agent/discovery,./agent \
		./agent/verify ./agent/issuer ./agent/discovery ./agent
	@go run ./agent/internal/uncovered -reasons agent/coverage.txt bin/cover.out $(COVERED)

FUZZTIME ?= 5s

.PHONY: fuzz
fuzz: ## fuzz each parser, FUZZTIME=5s or a number of inputs, as in 500x
	@.ci/fuzz $(FUZZTIME)

.PHONY: mutate
mutate: ## break agent/verify in every small way, and see its tests notice (half an hour)
	go run ./agent/verify/mutate

.PHONY: lint
lint: agent $(NODE_MODULES) ## style and common mistakes, in Go and in JavaScript
	@unformatted=$$(go run $(GOFUMPT) -l $(GO_FILES)); [ -z "$$unformatted" ] || { echo "gofumpt these (make fmt): $$unformatted"; exit 1; }
	GOBIN=$(CURDIR)/bin go install $(STATICCHECK)
	bin/staticcheck ./...
	$(WASMENV) bin/staticcheck -tags browser ./wasm/...
	$(NODE_BIN)/eslint -c shim/eslint.config.mjs $(JS_FOLDERS)
	$(NODE_BIN)/prettier --config shim/.prettierrc.json --check $(JS_FILES)
	$(NODE_BIN)/tsc -p shim
	$(NODE_BIN)/tsc -p dialog
	$(NODE_BIN)/tsc -p agent/issuer/personal

.PHONY: fmt
fmt: $(NODE_MODULES) ## format Go and JavaScript
	go run $(GOFUMPT) -w $(GO_FILES)
	$(NODE_BIN)/prettier --config shim/.prettierrc.json --write $(JS_FILES)

.PHONY: bench
bench: build ## what Navid costs, beside its peers, as a table for README.md
	@.ci/need chromium
	go run ./testbrowser/cmd/bench

.PHONY: bench-host
bench-host: build ## what the fallback provider carries, on SQLite and Postgres, as tables for README.md
	@.ci/need postgres
	go run ./dialog/cmd/benchhost -navid bin/navid

.PHONY: screenshots
screenshots: build $(NODE_MODULES) ## pictures of each screen, in testbrowser/artifacts
	@.ci/need chromium
	mkdir -p testbrowser/artifacts
	go test -count=1 -run Screenshots -artifacts -outputdir=$(CURDIR)/testbrowser/artifacts ./testbrowser

.PHONY: picture
picture: build ## the picture in README.md
	@.ci/need chromium
	go test -count=1 -run Picture ./testbrowser -picture=$(CURDIR)/.github/dialog.png

.PHONY: clean
clean: ## remove what was built and installed here
	rm -rf bin testbrowser/artifacts
	find . -name node_modules -prune -exec rm -rf {} +
	find $(DIST) -type f ! -name placeholder -delete

$(NODE_MODULES): shim/package.json shim/package-lock.json
	@.ci/need npm
	cd shim && npm ci --no-audit --no-fund
	@touch $@
