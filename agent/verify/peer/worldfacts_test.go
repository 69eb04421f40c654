package peer

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// documentFacts are what a domain publishes, read loosely.
type documentFacts struct {
	answer  answer
	members map[string]json.RawMessage
}

// publishes follows delegations from a domain to what counts for it.
func (t *trial) publishes(domain string) documentFacts {
	var f documentFacts
	for range 8 {
		f = documentFacts{answer: t.setting.world[domain]}
		_ = json.Unmarshal([]byte(f.answer.Body), &f.members)
		next := strings.ToLower(f.text("authority"))
		if next == "" {
			break
		}
		domain = next
	}
	return f
}

func (f documentFacts) text(name string) string { return textOf(f.members[name]) }

func (f documentFacts) disabled() bool { return string(f.members["disabled"]) == "true" }

// keys are public-key and keys.
func (f documentFacts) keys() []keyFacts {
	var list []json.RawMessage
	_ = json.Unmarshal(f.members["keys"], &list)
	if raw, found := f.members["public-key"]; found {
		list = append(list, raw)
	}
	keys := make([]keyFacts, len(list))
	for i, raw := range list {
		keys[i] = readKey(raw)
	}
	return keys
}

var plainPath = regexp.MustCompile(`^/([A-Za-z0-9._~!$&'()*+,;=:@%-][A-Za-z0-9/._~!$&'()*+,;=:@%-]*)?$`)

// loose tells documents that are not as strict as ours wants them (C3.2 to C3.4,
// C3.11).
func (f documentFacts) loose() bool {
	_, authority := f.members["authority"]
	keys := f.keys()
	return len(f.answer.Body) > 64<<10 || repeats([]byte(f.answer.Body)) || depth([]byte(f.answer.Body)) > 16 ||
		authority && f.text("authority") == "" ||
		!plainPath.MatchString(f.text("authentication")) || !plainPath.MatchString(f.text("provisioning")) ||
		len(keys) == 0 || len(keys) > 10 || string(f.members["keys"]) == "null" ||
		slices.ContainsFunc(keys, func(k keyFacts) bool { return k.degenerate() || k.private() || k.loose() })
}

// modern tells documents with a kind of key that the old verifier does not know,
// which made it refuse the document.
func (f documentFacts) modern() bool {
	return slices.ContainsFunc(f.keys(), func(k keyFacts) bool { return k.modern() || k.kind != "RS" && k.kind != "DS" })
}

// delegates tells a domain that passes its authority on.
func (t *trial) delegates(domain string) bool { return t.authority(domain) != "" }

// capitals tells a domain that passes its authority on, in capitals.
func (t *trial) capitals(domain string) bool {
	return t.authority(domain) != strings.ToLower(t.authority(domain))
}

// authority is whom a domain passes its authority on to.
func (t *trial) authority(domain string) string {
	var members map[string]json.RawMessage
	_ = json.Unmarshal([]byte(t.setting.world[domain].Body), &members)
	return textOf(members["authority"])
}

// absent tells a domain that says that it has no provider, or says nothing.
func (t *trial) absent(domain string) bool {
	answer, found := t.setting.world[domain]
	return !found || answer.Status >= 300 && answer.Status < 500
}

func (t *trial) issuer() string { return t.certificate().string("iss") }

func (t *trial) domain() string { return domainOf(t.certificate().address()) }

func (t *trial) byFallback() bool { return t.issuer() == t.setting.fallback }

func (t *trial) byTrusted() bool { return slices.Contains(t.setting.trusted, t.issuer()) }

func (t *trial) userKey() keyFacts { return readKey(t.certificate().claims["public-key"]) }

// issuerKeys are the keys that the issuer publishes.
func (t *trial) issuerKeys() []keyFacts { return t.publishes(t.issuer()).keys() }
