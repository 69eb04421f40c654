package dialog

import (
	"embed"
	"io/fs"
	"sync"

	"github.com/navid-login/navid/shim"
)

// embeddedFiles are the page (static, templates) and what `make build` made
// of the agent (dist; only its placeholder is committed).
//
//go:embed static templates dist
var embeddedFiles embed.FS

// files are the folders that a host serves from.
type files struct {
	static    fs.FS // the dialog page's own scripts and styles
	templates fs.FS // HTML
	dist      fs.FS // agent.wasm, compressed copies of it, wasm_exec.js
	scripts   fs.FS // the scripts for other people's pages
}

// site is what a host serves, made ready once: the same for every host.
type site struct {
	assets *assets
	pages  *pages
}

// embeddedSite is the site that is linked into the program.
var embeddedSite = sync.OnceValues(func() (*site, error) { return embedded().load() })

// load reads all files, compresses them and gives them their URLs.
func (f files) load() (*site, error) {
	assets, err := loadAssets(f)
	if err != nil {
		return nil, err
	}
	pages, err := loadPages(f.templates)
	return &site{assets, pages}, err
}

// embedded returns the files that are linked into the program.
func embedded() files {
	return files{
		static:    embeddedFolder("static"),
		templates: embeddedFolder("templates"),
		dist:      embeddedFolder("dist"),
		scripts:   shim.FS(),
	}
}

func embeddedFolder(name string) fs.FS {
	folder, err := fs.Sub(embeddedFiles, name)
	if err != nil {
		panic(err) // only an invalid name, and the names are above
	}
	return folder
}
