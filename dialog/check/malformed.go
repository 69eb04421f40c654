package check

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

// malformed tells what the parser of support documents has refused, and where it stands.
func malformed(hop *discovery.Hop) Finding {
	err := hop.Failure.Err
	switch {
	case errors.Is(err, browserid.CodeKey), errors.Is(err, browserid.CodeUnsupportedKey):
		return brokenKey(hop.Body)
	case errors.Is(err, browserid.CodeDuplicate):
		return duplicate(hop.Body)
	case errors.Is(err, browserid.CodeJSON):
		return brokenJSON(hop.Body)
	case errors.Is(err, browserid.CodeDomain):
		return Finding{Code: "authority_broken", Fix: "The authority is the name of a host alone: \"authority\": \"idp.example\", without https:// and without a path."}
	}
	return brokenMember(hop.Failure.Reason)
}

// members are those of a document, with the words by which the parser calls them.
var members = []struct{ word, code, fix string }{
	{"disabled", "disabled_broken", "Write true or false, without quotes, or leave it out."},
	{"authority", "authority_broken", "The authority is the name of a host, in quotes."},
	{"authentication", "path_broken", pathFix},
	{"provisioning", "path_broken", pathFix},
	{"logout", "path_broken", pathFix},
	{"algorithms", "algorithms_broken", "It is a list of names: \"algorithms\": [\"RS256\", \"ES256\"]."},
	{"keys", "keys_broken", "It is a list of at most 10 keys: \"keys\": [{…}, {…}]."},
	{"no key", "keys_none", "Publish at least one key as \"public-key\". navid support-document prints a whole document."},
}

const pathFix = "It is a path on the provider's own host: it begins with one slash, and has no host, query or fragment, as in \"/provision\"."

func brokenMember(reason string) Finding {
	_, what, _ := strings.Cut(reason, " cannot be used: ")
	for _, member := range members {
		if strings.HasPrefix(what, member.word) {
			return Finding{Code: member.code, Fix: member.fix}
		}
	}
	return Finding{}
}

// brokenJSON finds where the JSON breaks off.
func brokenJSON(data []byte) Finding {
	var value any
	err := json.Unmarshal(data, &value)
	finding := Finding{Code: "json_syntax", Fix: "Look there for a comma too many or too few, single quotes, or a comment; any JSON checker shows it."}
	broken, isSyntax := errors.AsType[*json.SyntaxError](err)
	switch {
	case !utf8.Valid(data):
		finding.Code, finding.Fix = "json_encoding", "Save the file as UTF-8."
	case bytes.HasPrefix(data, []byte("\uFEFF")):
		finding.Code, finding.Fix = "json_encoding", "Save the file as UTF-8 without a byte order mark."
	case isSyntax:
		finding.Says = "It goes wrong at " + position(data, broken.Offset) + "."
	case err == nil && !bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")):
		finding.Code, finding.Fix = "json_no_object", "The document is one object in braces: {\"public-key\": …}."
	default:
		finding.Code, finding.Fix = "json_limits", "Nest objects and arrays no deeper than 16 levels."
	}
	return finding
}

// duplicate names the member that is there twice.
func duplicate(data []byte) Finding {
	finding := Finding{Code: "json_duplicate", Fix: "Leave one of them: readers that keep different ones would disagree about what the document says."}
	decoder := json.NewDecoder(bytes.NewReader(data))
	if name, ok := firstTwice(decoder); ok {
		finding.Says = fmt.Sprintf("It is %s, for the second time at %s.", quote(name), position(data, decoder.InputOffset()))
	}
	return finding
}

// firstTwice reads on to the first name that its object has already.
func firstTwice(decoder *json.Decoder) (string, bool) {
	type object struct {
		names  map[string]bool // nil of an array
		isName bool
	}
	var open []*object
	for {
		token, err := decoder.Token()
		if err != nil || err == io.EOF {
			return "", false
		}
		var in *object
		if len(open) > 0 {
			in = open[len(open)-1]
		}
		if name, isText := token.(string); isText && in != nil && in.names != nil && in.isName {
			if in.names[name] {
				return name, true
			}
			in.names[name], in.isName = true, false
			continue
		}
		switch token {
		case json.Delim('{'):
			open = append(open, &object{map[string]bool{}, true})
			continue
		case json.Delim('['):
			open = append(open, &object{})
			continue
		case json.Delim('}'), json.Delim(']'):
			open = open[:len(open)-1]
		}
		if len(open) > 0 { // a value has ended
			open[len(open)-1].isName = open[len(open)-1].names != nil
		}
	}
}

// position is where a byte stands, as editors count.
func position(data []byte, offset int64) string {
	before := data[:min(max(offset, 0), int64(len(data)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	return fmt.Sprintf("line %d, column %d", line, column)
}
