package testbrowser

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/issuer"
)

// OldVerifier is where browserid-local-verify is, which the sites of Persona's time used, with its packages.
var OldVerifier = filepath.Join("..", "agent", "verify", "peer")

// Assertions are the bundles that a site of package rp was sent, in order.
func (w *World) Assertions(site string) (bundles []string) {
	w.t.Helper()
	for _, request := range w.logins(site) {
		var login struct{ Assertion string }
		if err := json.Unmarshal(request.Body, &login); err != nil {
			w.t.Fatalf("read a login at %s: %v", site, err)
		}
		bundles = append(bundles, login.Assertion)
	}
	return bundles
}

func (w *World) logins(site string) Requests {
	return w.Requests().To(site).Method(http.MethodPost).Path("/login")
}

// MustPleaseOthers gives the bundles that a site was sent to those who verify elsewhere: browserid-local-verify of 2014, and the program
// `navid verify`, each with the support documents of this world, as of the time when it was sent. They must find the addresses, in order.
// The site is one of a world [WithClassicSites], for the old verifier knows RSA alone.
func (w *World) MustPleaseOthers(site string, emails ...browserid.Email) {
	w.t.Helper()
	bundles := w.Assertions(site)
	if len(bundles) != len(emails) {
		w.t.Fatalf("%s was sent %d assertions, not %d", site, len(bundles), len(emails))
	}
	var questions bytes.Buffer
	encoder := json.NewEncoder(&questions)
	for i, login := range w.logins(site) {
		bundle, documents := bundles[i], w.documents(emails[i].Domain())
		w.mustVerify(bundle, site, login.Time, emails[i], documents)
		question := map[string]any{
			"op": "verify", "bundle": bundle, "audience": w.URL(site, ""), "now": login.Time.UnixMilli(), "documents": documents,
		}
		if err := encoder.Encode(question); err != nil {
			w.t.Fatal(err)
		}
	}
	w.mustPleaseOldVerifier(&questions, emails)
}

// document is what a domain answers, as peer.mjs wants to know it.
type document struct {
	Status int    `json:"status"`
	Body   string `json:"body"`
}

// documents are those of a domain and of whom it delegates to, as they are for that domain (C3.5, C3.6).
func (w *World) documents(domain browserid.Domain) map[browserid.Domain]document {
	w.t.Helper()
	all := map[browserid.Domain]document{}
	for at := domain; at != "" && len(all) <= discovery.MaxDelegations; {
		response, err := w.Client().Get("https://" + string(at) + issuer.Path + "?domain=" + string(domain))
		if err != nil {
			w.t.Fatalf("fetch the support document of %s: %v", at, err)
		}
		body, err := io.ReadAll(response.Body)
		if err := errors.Join(err, response.Body.Close()); err != nil {
			w.t.Fatalf("fetch the support document of %s: %v", at, err)
		}
		all[at] = document{response.StatusCode, string(body)}
		var next struct{ Authority browserid.Domain }
		_ = json.Unmarshal(body, &next) // a document that is none is for the verifiers to refuse
		at = next.Authority
	}
	return all
}

// mustPleaseOldVerifier asks browserid-local-verify.
func (w *World) mustPleaseOldVerifier(questions io.Reader, emails []browserid.Email) {
	w.t.Helper()
	if _, err := os.Stat(filepath.Join(OldVerifier, "node_modules", ".complete")); err != nil {
		w.t.Fatalf("install the old verifier with go test ./agent/verify/peer -run Setup: %v", err)
	}
	command := exec.CommandContext(w.t.Context(), "node", "--no-deprecation", "peer.mjs")
	command.Dir, command.Stdin, command.Stderr = OldVerifier, questions, os.Stderr
	output, err := command.Output()
	if err != nil {
		w.t.Fatalf("run browserid-local-verify: %v", err)
	}
	replies := json.NewDecoder(bytes.NewReader(output))
	for _, email := range emails {
		var reply struct {
			Reason string
			Result struct{ Email browserid.Email }
		}
		if err := replies.Decode(&reply); err != nil || reply.Result.Email != email {
			w.t.Errorf("browserid-local-verify says %q, not %q: %s %v", reply.Result.Email, email, reply.Reason, err)
		}
	}
}

// mustVerify asks `navid verify`.
func (w *World) mustVerify(bundle, site string, at time.Time, email browserid.Email, documents map[browserid.Domain]document) {
	w.t.Helper()
	program, err := navid()
	if err != nil {
		w.t.Fatal(err)
	}
	folder := w.t.TempDir()
	args := []string{"verify", "-audience", w.URL(site, ""), "-now", at.Format(time.RFC3339)}
	for domain, document := range documents {
		path := filepath.Join(folder, string(domain))
		if err := os.WriteFile(path, []byte(document.Body), 0o600); err != nil {
			w.t.Fatal(err)
		}
		args = append(args, "-support", string(domain)+"="+path)
	}
	command := exec.CommandContext(w.t.Context(), program, args...)
	command.Stdin = strings.NewReader(bundle)
	output, err := command.CombinedOutput()
	var reply struct{ Email browserid.Email }
	if err := errors.Join(err, json.Unmarshal(output, &reply)); err != nil || reply.Email != email {
		w.t.Errorf("navid verify does not find %q: %s %v", email, output, err)
	}
}

// navid builds the program once, and returns where it is. CloseShared removes it.
var navid = sync.OnceValues(func() (program string, err error) {
	folder, err := os.MkdirTemp("", "navid")
	if err != nil {
		return "", err
	}
	builtNavid = folder
	program = filepath.Join(folder, "navid")
	if output, err := exec.Command("go", "build", "-o", program, "../dialog/cmd/navid").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, output)
	}
	return program, nil
})

// builtNavid is the folder of the program, or empty.
var builtNavid string
