//go:build js && wasm

package webstore

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
)

// version is of the schema, which the package comment describes.
const version = 1

// maxText is the longest text that is read, in bytes: well above what
// MaxIdentities and MaxSites take.
const maxText = 2 << 20

type document struct {
	Version    int             `json:"version"`
	Identities []identity      `json:"identities"`
	Sites      map[string]site `json:"sites"`
}

type identity struct {
	Email       string `json:"email"`
	Certificate string `json:"certificate"`
	Thumbprint  string `json:"thumbprint"`
	Authority   string `json:"authority"`
	Used        int64  `json:"used"` // not browserid.Millis, which reads small numbers as seconds
	Display     string `json:"display,omitempty"`
	Passkey     string `json:"passkey,omitempty"`
}

type site struct {
	Email    string `json:"email"`
	Used     int64  `json:"used"`
	LoggedIn bool   `json:"loggedIn,omitempty"`
}

// format writes a state as text.
func format(state *agent.State) (string, error) {
	d := document{Version: version, Identities: []identity{}, Sites: map[string]site{}}
	for _, id := range state.Identities {
		d.Identities = append(d.Identities, identity{
			string(id.Email), id.Certificate, id.Thumbprint, string(id.Authority), int64(id.Used), id.Display, string(id.Passkey),
		})
	}
	for origin, s := range state.Sites {
		d.Sites[string(origin)] = site{string(s.Email), int64(s.Used), s.LoggedIn}
	}
	text, err := json.Marshal(d)
	return string(text), err
}

// parse reads a text that format wrote, and nothing else.
func parse(text string) (*agent.State, error) {
	if len(text) > maxText {
		return nil, fmt.Errorf("%d bytes", len(text))
	}
	var d document
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something after the object")
	}
	if d.Version != version {
		return nil, fmt.Errorf("version %d", d.Version)
	}
	return d.state()
}

func (d *document) state() (*agent.State, error) {
	state := &agent.State{Sites: map[browserid.Origin]agent.Site{}}
	for _, record := range d.Identities {
		id, err := record.identity()
		if err != nil {
			return nil, err
		}
		if _, twice := state.Identity(id.Email); twice {
			return nil, errors.New("an address twice")
		}
		state.Identities = append(state.Identities, id)
	}
	for name, record := range d.Sites {
		origin, err := browserid.ParseOrigin(name)
		if err != nil {
			return nil, err
		}
		email, err := browserid.ParseEmail(record.Email)
		if err != nil {
			return nil, err
		}
		state.Sites[origin] = agent.Site{Email: email, Used: browserid.Millis(record.Used), LoggedIn: record.LoggedIn}
	}
	return state, nil
}

func (r identity) identity() (agent.Identity, error) {
	email, err := browserid.ParseEmail(r.Email)
	if err != nil {
		return agent.Identity{}, err
	}
	authority, err := browserid.ParseDomain(r.Authority)
	if err != nil {
		return agent.Identity{}, err
	}
	if r.Certificate == "" || r.Thumbprint == "" {
		return agent.Identity{}, errors.New("an identity without certificate or thumbprint")
	}
	return agent.Identity{
		Email: email, Certificate: r.Certificate, Thumbprint: r.Thumbprint,
		Authority: authority, Used: browserid.Millis(r.Used), Display: r.Display,
		Passkey: agent.PasskeyMemory(r.Passkey),
	}, nil
}
