package verifier

import (
	"encoding/json"
	"net/url"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/verify"
)

// maxTrusted bounds the issuers that one request names.
const maxTrusted = 16

// parameters are those of a request by name: what encoding/json makes of JSON
// values, and strings for those of a form. Names that nobody knows are ignored.
type parameters map[string]any

// parseJSON reads an object that names each member once (D5.5).
func parseJSON(body []byte) (parameters, error) {
	if _, err := browserid.StrictObject(body); err != nil {
		return nil, malformed("the body is not a JSON object, or names a member twice")
	}
	var given parameters
	if err := json.Unmarshal(body, &given); err != nil {
		return nil, malformed("the body is not a JSON object")
	}
	return given, nil
}

// parseForm reads a form that names each field once.
func parseForm(body []byte) (parameters, error) {
	fields, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, malformed("the body is not a form")
	}
	given := parameters{}
	for name, values := range fields {
		if len(values) != 1 {
			return nil, malformed("the form names a field twice")
		}
		given[name] = values[0]
	}
	return given, nil
}

func (p parameters) version1() (question, error) {
	asked, err := p.common()
	if err != nil {
		return question{}, err
	}
	if asked.allowUnverified, err = p.flag("experimental_allowUnverified"); err != nil {
		return question{}, err
	}
	if issuer, given := p["experimental_forceIssuer"]; given && issuer != "" {
		asked.forced, err = domainOf(issuer)
		if err != nil {
			return question{}, invalid("experimental_forceIssuer must be a domain")
		}
	}
	return asked, nil
}

func (p parameters) version2() (question, error) {
	asked, err := p.common()
	if err != nil {
		return question{}, err
	}
	value, given := p["trustedIssuers"]
	if !given {
		return asked, nil
	}
	list, ok := value.([]any)
	if !ok || len(list) > maxTrusted {
		return question{}, invalid("trustedIssuers must be an array of domains, and not a long one")
	}
	for _, element := range list {
		issuer, err := domainOf(element)
		if err != nil {
			return question{}, invalid("trustedIssuers must be an array of domains")
		}
		asked.trusted = append(asked.trusted, issuer)
	}
	return asked, nil
}

// common reads what every request must have.
func (p parameters) common() (question, error) {
	for _, name := range [...]string{"assertion", "audience"} {
		if value, given := p[name]; !given || value == "" {
			return question{}, missing(name)
		}
	}
	audience, ok := p["audience"].(string)
	if !ok {
		return question{}, invalid("audience must be a string")
	}
	assertion, ok := p["assertion"].(string)
	if !ok { // an assertion that is bad, not a request (D1.1)
		return question{}, &verify.Error{Code: verify.CodeBacked, Detail: "the assertion is not a string"}
	}
	return question{assertion: assertion, audience: audience}, nil
}

// flag reads a parameter that is true or false, also as a form spells it.
func (p parameters) flag(name string) (bool, error) {
	switch p[name] {
	case nil, "", "false", false:
		return false, nil
	case "true", true:
		return true, nil
	default:
		return false, invalid(name + " must be true or false")
	}
}

func domainOf(value any) (browserid.Domain, error) {
	text, _ := value.(string) // what is no string is no domain either
	return browserid.ParseDomain(text)
}
