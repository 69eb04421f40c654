package rig

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"net/http"
	"net/netip"
	"strings"
)

// Person is somebody with an address and a browser.
type Person struct {
	Email string
	Words string // of the challenge under way
	Code  string // from the mail

	rig       *Rig
	challenge string
	client    netip.Addr
	cookies   map[string]string
}

// NewPerson makes somebody whom no host knows. Their addresses are not neighbours
// in the trees of a database.
func (r *Rig) NewPerson() *Person {
	number := r.people.Add(1)
	client := netip.AddrFrom4([4]byte{10 + byte(number>>16), byte(number >> 8), byte(number), 1})
	return &Person{Email: fmt.Sprintf("%08x@%s", bits.Reverse32(number), Domain), rig: r, client: client, cookies: map[string]string{}}
}

// Refusal is an answer that is not 200.
type Refusal struct {
	Status  int
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (r *Refusal) Error() string { return fmt.Sprintf("%d %s: %s", r.Status, r.Code, r.Message) }

// Begin asks for a mail.
func (p *Person) Begin(ctx context.Context, host *Host) error {
	var pending struct{ Challenge, Words string }
	err := p.ask(ctx, host, "challenge", map[string]any{"email": p.Email, "elsewhere": false}, &pending)
	if err == nil {
		p.challenge, p.Words = pending.Challenge, pending.Words
	}
	return err
}

// Read waits for the mail.
func (p *Person) Read(ctx context.Context) (err error) {
	p.Code, err = p.rig.Mail.Code(ctx, p.Email, p.Words)
	return err
}

// Confirm types the code.
func (p *Person) Confirm(ctx context.Context, host *Host) error {
	return p.ask(ctx, host, "challenge/confirm", map[string]any{"challenge": p.challenge, "code": p.Code}, &struct{}{})
}

// Await asks how far the challenge is.
func (p *Person) Await(ctx context.Context, host *Host) (state string, err error) {
	var answer struct{ State string }
	err = p.ask(ctx, host, "challenge/await", map[string]any{"challenge": p.challenge}, &answer)
	return answer.State, err
}

// ErrNotProven is the answer to who has to prove the address first.
var ErrNotProven = errors.New("not proven")

// Certify asks for a certificate.
func (p *Person) Certify(ctx context.Context, host *Host) (certificate string, err error) {
	var answer struct{ Certificate, Code string }
	question := map[string]any{"email": p.Email, "publicKey": p.rig.publicKey, "duration": 3600}
	err = p.ask(ctx, host, "certificate", question, &answer)
	if err == nil && answer.Certificate == "" {
		err = fmt.Errorf("%w: %s", ErrNotProven, answer.Code)
	}
	return answer.Certificate, err
}

// Proven are the addresses of the session.
func (p *Person) Proven(ctx context.Context, host *Host) (emails []string, err error) {
	var answer struct{ Addresses []struct{ Email string } }
	err = p.ask(ctx, host, "session", struct{}{}, &answer)
	for _, address := range answer.Addresses {
		emails = append(emails, address.Email)
	}
	return emails, err
}

// SignIn does all that a first sign-in takes.
func (p *Person) SignIn(ctx context.Context, host *Host) error {
	if err := p.Begin(ctx, host); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := p.Read(ctx); err != nil {
		return err
	}
	if err := p.Confirm(ctx, host); err != nil {
		return fmt.Errorf("confirm: %w", err)
	}
	if _, err := p.Certify(ctx, host); err != nil {
		return fmt.Errorf("certify: %w", err)
	}
	return nil
}

// Clone is the same browser once more, for questions at the same time.
func (p *Person) Clone() *Person {
	clone := *p
	clone.cookies = map[string]string{}
	for name, value := range p.cookies {
		clone.cookies[name] = value
	}
	return &clone
}

// ask asks as the host's own page does.
func (p *Person) ask(ctx context.Context, host *Host, path string, question, answer any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+host.address+"/api/"+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Host = p.rig.name()
	request.Header = http.Header{
		"Content-Type": {"application/json"}, "Sec-Fetch-Site": {"same-origin"}, "Origin": {"http://" + p.rig.name()},
		"X-Forwarded-For": {p.client.String()}, "User-Agent": {"Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"},
		"Cookie": {p.cookieHeader()},
	}
	response, err := p.rig.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	for _, cookie := range response.Cookies() {
		p.cookies[cookie.Name] = cookie.Value
	}
	if response.StatusCode != http.StatusOK {
		refusal := &Refusal{Status: response.StatusCode}
		_ = json.Unmarshal(text, refusal) // the status says enough where it is no JSON
		return refusal
	}
	return json.Unmarshal(text, answer)
}

func (p *Person) cookieHeader() string {
	var pairs []string
	for name, value := range p.cookies {
		pairs = append(pairs, name+"="+value)
	}
	return strings.Join(pairs, "; ")
}

// Get asks the host for a page, and returns the status and what it says.
func (r *Rig) Get(ctx context.Context, host *Host, path string) (int, string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+host.address+path, nil)
	if err != nil {
		return 0, "", err
	}
	request.Host = r.name()
	response, err := r.client.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), err
}
