package personal

import (
	"bytes"
	"crypto/sha512"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

//go:embed pages/*.js pages/*.html pages/style.css pages/key.svg
var pageFiles embed.FS

// policy is the pages' Content-Security-Policy: their own files, and nothing else. A <meta> cannot say who may frame a page, so those
// that ask for something refuse to do it in a frame (pages/page.js), and the servers' configurations say it as well.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'"

// hostScripts are the login host's API. They are copied, so that no page runs what a server of somebody else sends.
var hostScripts = []string{"provisioning_api.js", "authentication_api.js"}

// files are those of the folder, with nothing in the support document yet.
func (c *Config) files() (map[string][]byte, error) {
	files, err := c.scripts()
	if err != nil {
		return nil, fmt.Errorf("read pages: %w", err)
	}
	pages, err := c.pages(files)
	if err != nil {
		return nil, fmt.Errorf("write pages: %w", err)
	}
	all := map[string][]byte{documentFile: nil}
	for name, data := range files {
		all[pagesFolder+name] = data
	}
	for name, data := range pages {
		all[pagesFolder+name] = data
	}
	servers, err := c.servers()
	if err != nil {
		return nil, fmt.Errorf("write configurations: %w", err)
	}
	maps.Copy(all, servers)
	return all, nil
}

// scripts are the files that pages include, by name.
func (c *Config) scripts() (map[string][]byte, error) {
	files := map[string][]byte{}
	entries, err := pageFiles.ReadDir("pages")
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		if path.Ext(entry.Name()) == ".html" {
			continue
		}
		if files[entry.Name()], err = pageFiles.ReadFile("pages/" + entry.Name()); err != nil {
			return nil, err
		}
	}
	for _, name := range hostScripts {
		if files[name], err = fs.ReadFile(c.Scripts, name); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// pages are the documents, with the hashes of what they include: a file that is not the one that belongs to them does not run.
func (c *Config) pages(files map[string][]byte) (map[string][]byte, error) {
	parsed, err := template.New("").Funcs(template.FuncMap{
		"domain":    func() string { return string(c.Domain) },
		"host":      func() string { return string(c.Host) },
		"guesses":   func() string { return grouped(GuessesPerSecond(c.Rounds)) },
		"integrity": func(name string) string { return integrity(files[name]) },
		"imports":   func(name string) []string { return imports(files, name) },
	}).ParseFS(pageFiles, "pages/*.html")
	if err != nil {
		return nil, err
	}
	pages := map[string][]byte{}
	for _, name := range []string{"sign_in.html", "provision.html", "key_change.html", "sign_out.html"} {
		var page bytes.Buffer
		if err := parsed.ExecuteTemplate(&page, name, struct{ Policy string }{policy}); err != nil {
			return nil, err
		}
		pages[name] = page.Bytes()
	}
	return pages, nil
}

// integrity is what the attribute of that name wants.
func integrity(file []byte) string {
	digest := sha512.Sum384(file)
	return "sha384-" + base64.StdEncoding.EncodeToString(digest[:])
}

var importStatement = regexp.MustCompile(`(?m)^(?:import|\}) .*from '\./([\w.]+)'$`)

// imports are all modules that a module loads, directly or by others.
func imports(files map[string][]byte, name string) []string {
	found := map[string]bool{}
	var follow func(name string)
	follow = func(name string) {
		for _, match := range importStatement.FindAllSubmatch(files[name], -1) {
			if imported := string(match[1]); !found[imported] {
				found[imported] = true
				follow(imported)
			}
		}
	}
	follow(name)
	return slices.Sorted(maps.Keys(found))
}

// grouped writes a number as people read it.
func grouped(number int) string {
	text := fmt.Sprint(number)
	var groups []string
	for len(text) > 3 {
		groups = append([]string{text[len(text)-3:]}, groups...)
		text = text[:len(text)-3]
	}
	return strings.Join(append([]string{text}, groups...), ",")
}
