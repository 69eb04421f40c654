package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/acme/autocert"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer/keyring"
	"github.com/navid-login/navid/agent/issuer/totp"
	"github.com/navid-login/navid/dialog/listen"
	"github.com/navid-login/navid/dialog/proxies"
)

// sectionProvider is of the settings of a provider.
const sectionProvider = "The provider"

// totpOptions are the settings of `navid idp totp`.
type totpOptions struct {
	domain     domainList
	domains    domainList
	loginHost  browserid.Origin
	listen     string
	listenHTTP string
	trusted    networkList
	tlsOptions
	totpFiles
}

func (o *totpOptions) settings() *settings {
	table := newSettings("idp totp")
	table.inEnvironment = true
	table.add(&o.domain, row{
		section: sectionProvider, name: "domain", argument: "DOMAIN",
		does: "whose addresses sign in here, and where this is served: https://DOMAIN",
	})
	table.add(&o.domains, row{
		section: sectionProvider, name: "domains", argument: "DOMAIN",
		does: "another that has this one speak for it, by a support document that says {\"authority\":\"DOMAIN\"}; may be repeated",
	})
	table.add((*originFlag)(&o.loginHost), row{
		section: sectionProvider, name: "login-host", argument: "ORIGIN",
		does: "the login host that people come from, such as https://login.example: its scripts run in the pages here, and it alone may frame one",
	})
	table.text(&o.listen, row{
		section: sectionPlace, name: "listen", argument: "ADDRESS",
		does: "where to listen: with a TLS certificate :443, else 127.0.0.1:8080 for a proxy",
	})
	table.text(&o.listenHTTP, row{
		section: sectionPlace, name: "listen-http", argument: "ADDRESS",
		does: "where to send browsers on to https from, and to answer for -acme; :80 with -acme, else nowhere; off for nowhere",
	})
	table.add(&o.trusted, row{
		section: sectionPlace, name: "trusted-proxies", argument: "NETWORKS",
		does: "of the proxies in front, such as 127.0.0.1; their word is taken for where a request comes from, so that each network has a limit of wrong codes",
	})
	o.tlsOptions.add(table, "of -domain", "in the folder of -secrets")
	o.totpFiles.add(table)
	return table
}

// totpFiles are where the provider keeps what it has to keep.
type totpFiles struct{ users, secrets string }

func (f *totpFiles) add(table *settings) {
	table.text(&f.users, row{
		section: sectionData, name: "users", argument: "FILE", standard: "totp-users.json",
		does: "with the people and the secrets of their apps, encrypted; what is signed in and tried is beside it, in FILE.state",
	})
	table.text(&f.secrets, row{
		section: sectionData, name: "secrets", argument: "FOLDER", standard: "navid-idp-secrets",
		does: "with the signing keys and what the users file is encrypted with; made at the first start, and for `navid keys` to change. Keep backups of it apart from the users file",
	})
}

// open opens the users file.
func (f *totpFiles) open() (*totp.Users, error) {
	secret, err := keyring.Secret(f.secrets, "totp.secret")
	if err != nil {
		return nil, err
	}
	return totp.OpenUsers(f.users, secret)
}

// isNew: there is no users file yet. Who only asks makes none, and no secrets.
func (f *totpFiles) isNew() bool {
	_, err := os.Stat(f.users)
	return errors.Is(err, fs.ErrNotExist)
}

// place is where the users file is, for who may be in another folder than they think.
func (f *totpFiles) place() string {
	if path, err := filepath.Abs(f.users); err == nil {
		return path
	}
	return f.users
}

// parseTOTP reads the settings and completes them.
func parseTOTP(args, environ []string) (totpOptions, error) {
	var o totpOptions
	if err := o.settings().parseAll(args, environ); err != nil {
		return o, err
	}
	if reason := o.check(); reason != "" {
		return o, badUsage("%s", reason)
	}
	if o.listen == "" {
		o.listen = "127.0.0.1:8080"
		if o.speaksTLS() {
			o.listen = ":443"
		}
	}
	if o.listenHTTP == "" && o.acme {
		o.listenHTTP = ":80"
	}
	return o, nil
}

func (o *totpOptions) check() string {
	switch {
	case len(o.domain) == 0:
		return "-domain is missing: whose addresses sign in here, such as example.com"
	case len(o.domain) > 1:
		return "-domain is one, where the provider is; others that it speaks for are given with -domains"
	case o.loginHost == "":
		return "-login-host is missing: the login host that people come from, such as https://login.example"
	case o.loginHost.Scheme() != "https" && !isLocalhost(string(o.domain[0])):
		return "-login-host " + string(o.loginHost) + " must be https; http is for a -domain on this machine, such as idp.localhost"
	case !o.speaksTLS() && o.listenHTTP != "" && o.listenHTTP != "off":
		return "-listen-http is beside -acme or -tls-cert; without them, -listen is for http"
	default:
		return o.tlsOptions.check()
	}
}

// serveTOTP runs the provider until ctx ends.
func serveTOTP(ctx context.Context, args []string, std streams) error {
	o, err := parseTOTP(args, std.environ)
	if err != nil {
		return err
	}
	log := newLog(std.stderr, false)
	doors, err := o.bind()
	if err != nil {
		return err
	}
	ring, err := keyring.Open(filepath.Join(o.secrets, keyring.KeysFolder), time.Now())
	if err != nil {
		return err
	}
	provider, err := o.provider(ring, log)
	if err != nil {
		return err
	}
	if err := o.warnOfStrangers(log); err != nil {
		return err
	}
	servers, err := o.servers(ctx, doors, provider, log)
	if err != nil {
		return err
	}
	go ring.Run(ctx, log)
	if !o.speaksTLS() && len(o.trusted) == 0 {
		log.Warn("Without -trusted-proxies there is no limit of wrong codes for each network, but for each address alone")
	}
	log.Info("serving", "domain", o.domain[0], "listen", servers[0].Address(), "users", o.users)
	return listen.Until(ctx, servers...)
}

// bind opens the listeners, before anything is made.
func (o *totpOptions) bind() (doors []net.Listener, err error) {
	addresses := map[string]string{"listen": o.listen}
	if o.listenHTTP != "" && o.listenHTTP != "off" {
		addresses["listen-http"] = o.listenHTTP
	}
	for _, setting := range []string{"listen", "listen-http"} {
		if addresses[setting] == "" {
			continue
		}
		door, err := bind(setting, addresses[setting])
		if err != nil {
			return nil, err
		}
		doors = append(doors, door)
	}
	return doors, nil
}

func (o *totpOptions) provider(ring *keyring.Keyring, log *slog.Logger) (*totp.Provider, error) {
	users, err := o.totpFiles.open()
	if err != nil {
		return nil, err
	}
	return totp.New(totp.Config{
		Domain: o.domain[0], Domains: o.domains, LoginHost: o.loginHost, Keyring: ring, Users: users,
		StateFile: o.users + ".state", Client: proxies.Networks(o.trusted).Client, Log: log,
	})
}

// warnOfStrangers names the domains of people who can sign in, and get no certificate.
func (o *totpOptions) warnOfStrangers(log *slog.Logger) error {
	users, err := o.totpFiles.open()
	if err != nil {
		return err
	}
	people, err := users.List()
	if err != nil {
		return err
	}
	warned := slices.Concat(o.domain, o.domains)
	for _, user := range people {
		if domain := user.Address.Domain(); !slices.Contains(warned, domain) {
			warned = append(warned, domain)
			log.Warn("The users file has people of a domain that is neither -domain nor among -domains: they get no certificate", "domain", domain)
		}
	}
	return nil
}

// servers answer at the listeners.
func (o *totpOptions) servers(ctx context.Context, doors []net.Listener, site http.Handler, log *slog.Logger) ([]listen.Server, error) {
	certificates, plain, err := o.certificates(ctx, log)
	if err != nil {
		return nil, err
	}
	if certificates != nil {
		doors[0] = listen.TLS(doors[0], certificates, listen.ChallengeProtocol)
	}
	servers := []listen.Server{listen.New(doors[0], site, log)}
	for _, door := range doors[1:] {
		servers = append(servers, listen.New(door, plain, log))
	}
	return servers, nil
}

// certificates finds where TLS certificates come from, nil for no TLS, and what
// answers over plain HTTP.
func (o *totpOptions) certificates(ctx context.Context, log *slog.Logger) (listen.Certificates, http.Handler, error) {
	plain := listen.Redirect([]browserid.Origin{browserid.Origin("https://" + string(o.domain[0]))})
	switch {
	case o.acme:
		hosts := texts(o.domain)
		manager := listen.ACME{
			Hosts: hosts, Directory: o.acmeDirectory, Email: o.acmeEmail, Cache: autocert.DirCache(filepath.Join(o.secrets, "acme")),
		}.Manager()
		go listen.Fetch(ctx, manager, hosts, log)
		return manager.GetCertificate, manager.HTTPHandler(plain), nil
	case o.certificate != "":
		files, err := listen.OpenFiles(o.certificate, o.key)
		if err != nil {
			return nil, nil, err
		}
		go files.Run(ctx, log)
		return files.Certificate, plain, nil
	default:
		return nil, plain, nil
	}
}

// totpProvider serves, or changes who may sign in.
func totpProvider(ctx context.Context, args []string, std streams) error {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return serveTOTP(ctx, args, std)
	}
	parts := []part{{"add", addTOTP}, {"list", listTOTP}, {"remove", removeTOTP}}
	return doPart(ctx, "idp totp", parts, args, std)
}

func totpSettings(name string, files *totpFiles) *settings {
	table := newSettings("idp totp " + name)
	table.inEnvironment = true
	files.add(table)
	return table
}

// addTOTP makes a secret for somebody's app, and shows it once.
func addTOTP(_ context.Context, args []string, std streams) error {
	var files totpFiles
	words, err := totpSettings("add", &files).parseAddresses(args, std.environ, 1)
	if err != nil {
		return err
	}
	email, err := browserid.ParseEmail(words[0])
	if err != nil {
		return err
	}
	isNew := files.isNew()
	users, err := files.open()
	if err != nil {
		return err
	}
	uri, err := users.Add(email, time.Now())
	if err != nil {
		return err
	}
	fmt.Fprintf(std.stdout, "%s may sign in, with the codes of an authenticator app that scans this:\n\n", email)
	printQR(std.stdout, uri)
	fmt.Fprintf(std.stdout, "\n%s\n\nIt is shown this once. Whoever has it can sign in as %s.\n", uri, email)
	if isNew {
		fmt.Fprintf(std.stdout, "\nThis made %s: the provider has to be started in its folder, or with -users and -secrets.\n", files.place())
	}
	return nil
}

func listTOTP(_ context.Context, args []string, std streams) error {
	var files totpFiles
	if err := totpSettings("list", &files).parseAll(args, std.environ); err != nil {
		return err
	}
	var list []totp.User
	if !files.isNew() {
		users, err := files.open()
		if err != nil {
			return err
		}
		if list, err = users.List(); err != nil {
			return err
		}
	}
	if len(list) == 0 {
		fmt.Fprintf(std.stderr, "There is nobody in %s: `navid idp totp add ADDRESS` adds people.\n", files.place())
	}
	for _, user := range list {
		fmt.Fprintf(std.stdout, "%s  added %s\n", user.Address, minute(user.Added))
	}
	return nil
}

func removeTOTP(_ context.Context, args []string, std streams) error {
	var files totpFiles
	words, err := totpSettings("remove", &files).parseAddresses(args, std.environ, 1)
	if err != nil {
		return err
	}
	if files.isNew() {
		return fmt.Errorf("there is nobody in %s: say with -users where the provider's file is", files.place())
	}
	users, err := files.open()
	if err != nil {
		return err
	}
	email, err := browserid.ParseEmail(words[0])
	if err != nil {
		return err
	}
	if err := users.Remove(email); err != nil {
		return err
	}
	fmt.Fprintf(std.stdout, "%s is signed out here, and cannot sign in any more. Certificates that were given out last for a day at most.\n", email)
	return nil
}
