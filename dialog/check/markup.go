package check

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// Bounds of what is looked at of a page. Whoever made it has not made it for us: without them, half a megabyte of it keeps a processor
// busy for minutes.
const (
	maxScripts        = 64
	maxPolicies       = 64
	maxTokenBytes     = 256 << 10
	maxAttributeBytes = 4 << 10
	maxPolicyBytes    = 16 << 10 // as long as a header may be
)

// script is a script that the HTML of a page has.
type script struct {
	url            *url.URL // nil of one that stands in the page, or whose URL is none
	text           string   // of one that stands in the page
	isModule       bool
	host           string // data-host
	nonce          string
	integrity      string
	referrerPolicy string
}

// name is the last part of the script's path.
func (s script) name() string {
	if s.url == nil {
		return ""
	}
	return s.url.Path[strings.LastIndexByte(s.url.Path, '/')+1:]
}

// loginHost is the host that one of our scripts will speak to: that of data-host, or where it is from.
func (s script) loginHost() *url.URL {
	if s.host == "" {
		return s.url
	}
	host, err := s.url.Parse(s.host)
	if err != nil {
		return s.url
	}
	return host
}

// markup is what there is to be known of a page's HTML.
type markup struct {
	scripts  []script
	policies []string // of meta elements
	referrer string   // of a meta element
}

// readMarkup reads HTML as far as it goes. page is where it is from.
func readMarkup(page *url.URL, body []byte) (m markup) {
	base, hasBase := page, false
	tokens := html.NewTokenizer(bytes.NewReader(body))
	tokens.SetMaxBuf(maxTokenBytes)
	for len(m.scripts) < maxScripts {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			break
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		token := tokens.Token()
		switch token.Data {
		case "base": // the first one counts
			if href := attribute(token, "href"); href != "" && !hasBase {
				base, hasBase = resolve(page, href), true
			}
		case "meta":
			m.addMeta(token)
		case "script":
			m.addScript(base, token, tokens)
		}
	}
	return m
}

func (m *markup) addMeta(token html.Token) {
	content := boundedAttribute(token, "content", maxPolicyBytes)
	switch {
	case strings.EqualFold(attribute(token, "http-equiv"), "Content-Security-Policy"):
		if len(m.policies) < maxPolicies {
			m.policies = append(m.policies, content)
		}
	case strings.EqualFold(attribute(token, "name"), "referrer"):
		m.referrer = content
	}
}

func (m *markup) addScript(base *url.URL, token html.Token, tokens *html.Tokenizer) {
	s := script{
		isModule: strings.EqualFold(attribute(token, "type"), "module"), host: attribute(token, "data-host"),
		nonce: attribute(token, "nonce"), integrity: attribute(token, "integrity"),
		referrerPolicy: strings.ToLower(attribute(token, "referrerpolicy")),
	}
	if source := attribute(token, "src"); source != "" {
		s.url = resolve(base, source)
	} else if tokens.Next() == html.TextToken {
		s.text = string(tokens.Raw())
	}
	m.scripts = append(m.scripts, s)
}

// named are the scripts whose file has one of the names.
func (m markup) named(names ...string) (found []script) {
	for _, s := range m.scripts {
		for _, name := range names {
			if s.name() == name {
				found = append(found, s)
			}
		}
	}
	return found
}

func attribute(token html.Token, name string) string {
	return boundedAttribute(token, name, maxAttributeBytes)
}

// boundedAttribute is empty where an attribute is missing, or longer than anybody needs.
func boundedAttribute(token html.Token, name string, limit int) string {
	for _, attribute := range token.Attr {
		if attribute.Key == name && len(attribute.Val) <= limit {
			return strings.TrimSpace(attribute.Val)
		}
	}
	return ""
}

// resolve returns base where the reference is none.
func resolve(base *url.URL, reference string) *url.URL {
	resolved, err := base.Parse(reference)
	if err != nil || resolved.Host == "" {
		return base
	}
	return resolved
}
