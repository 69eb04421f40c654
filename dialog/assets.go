package dialog

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
)

// errNotBuilt is what New says when the agent was not there to be embedded.
var errNotBuilt = errors.New("the agent is not built into this program: run `make build`")

// testFolder, in the folder of the page's files, holds their tests.
const testFolder = "test"

// scriptURLs are those of each file of package shim (design.md 4). Pages of
// Persona's time include agent.js under its second name.
var scriptURLs = map[string][]string{
	"agent.js":              {"/agent.js", "/include.js"},
	"provisioning_api.js":   {"/provisioning_api.js"},
	"authentication_api.js": {"/authentication_api.js"},
}

// assets are the files of the host by URL path.
type assets struct {
	own        map[string]*asset // for this origin's documents
	forOthers  map[string]*asset // for pages of any site
	staticRoot string            // where the dialog page's files are
	agentRoot  string            // where agent.wasm and wasm_exec.js are
}

// loadAssets reads, hashes and compresses all files. The page's files share a
// folder, whose name changes with any of them, so that its modules can import
// each other by relative URLs; the agent has another, so that a change of the
// page does not make anybody load the agent again.
func loadAssets(files files) (*assets, error) {
	a := &assets{own: map[string]*asset{}, forOthers: map[string]*asset{}}
	if err := a.loadStatic(files.static); err != nil {
		return nil, err
	}
	if err := a.loadAgent(files.dist); err != nil {
		return nil, err
	}
	return a, a.loadScripts(files.scripts)
}

// register gives each file its URL.
func (a *assets) register(mux *http.ServeMux) {
	for path, file := range a.own {
		mux.Handle("GET "+path, file)
	}
	for path, file := range a.forOthers {
		mux.Handle("GET "+path, forOtherSites(file))
	}
}

func (a *assets) loadStatic(folder fs.FS) error {
	loaded := map[string]*asset{}
	hashes := ""
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if entry != nil && entry.IsDir() && entry.Name() == testFolder {
			return fs.SkipDir
		}
		if err != nil || entry.IsDir() {
			return err
		}
		file, err := loadAsset(folder, name, cacheForever)
		if err != nil {
			return err
		}
		loaded[name] = file
		hashes += name + "\x00" + file.hash + "\n"
		return nil
	})
	if err != nil {
		return fmt.Errorf("static files: %w", err)
	}
	a.staticRoot = "/static/" + hashOf([]byte(hashes))
	for name, file := range loaded {
		a.own[a.staticRoot+"/"+name] = file
	}
	return nil
}

// loadAgent takes the compressed copies that make has put beside agent.wasm:
// making them takes longer than a program may need to start.
func (a *assets) loadAgent(dist fs.FS) error {
	var wasm [3][]byte
	for i, name := range []string{"agent.wasm", "agent.wasm.br", "agent.wasm.gz"} {
		body, err := fs.ReadFile(dist, name)
		if err != nil {
			return fmt.Errorf("%w (%w)", errNotBuilt, err)
		}
		wasm[i] = body
	}
	agent, err := newAsset("agent.wasm", cacheForever, wasm[0], map[string][]byte{codingBrotli: wasm[1], codingGzip: wasm[2]})
	if err != nil {
		return err
	}
	exec, err := loadAsset(dist, "wasm_exec.js", cacheForever)
	if err != nil {
		return fmt.Errorf("%w (%w)", errNotBuilt, err)
	}
	a.agentRoot = "/static/" + hashOf([]byte(agent.hash+exec.hash))
	a.own[a.agentRoot+"/agent.wasm"] = agent
	a.own[a.agentRoot+"/wasm_exec.js"] = exec
	return nil
}

func (a *assets) loadScripts(folder fs.FS) error {
	for name, urls := range scriptURLs {
		script, err := loadAsset(folder, name, cacheHour)
		if err != nil {
			return fmt.Errorf("scripts for other sites: %w", err)
		}
		for _, url := range urls {
			a.forOthers[url] = script
		}
	}
	return nil
}

func loadAsset(folder fs.FS, name, cache string) (*asset, error) {
	body, err := fs.ReadFile(folder, name)
	if err != nil {
		return nil, err
	}
	return newAsset(name, cache, body, nil)
}

// hashOf names content in URLs and ETags: 80 bits, since nobody but the
// project chooses what is hashed.
func hashOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:10])
}
