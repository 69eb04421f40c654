//go:build js && wasm

package frame

import (
	"context"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/wasm/internal/jsx"
)

// attributes of the hidden frame. The sandbox keeps a provider's page from
// opening windows and from navigating the dialog away (G2); its own origin it
// must keep, or it would know nobody.
var attributes = [][2]string{
	{"sandbox", "allow-scripts allow-same-origin allow-forms"},
	{"referrerpolicy", "no-referrer"},
	{"aria-hidden", "true"},
	{"tabindex", "-1"},
	{"hidden", ""},
}

// Frame has the conversation with the provisioning page in a hidden frame,
// which is gone afterwards, whatever came of it.
func (*Pages) Frame(ctx context.Context, p agent.Provisioning) (string, error) {
	element, err := appendFrame()
	if err != nil {
		return "", err
	}
	defer func() { _, _ = jsx.Call(element, "remove") }()
	window, err := jsx.Get(element, "contentWindow")
	if err != nil {
		return "", err
	}
	return converse(ctx, window, p, func() error {
		_, err := jsx.Call(element, "setAttribute", "src", p.URL)
		return err
	})
}

// appendFrame adds a frame that shows nothing yet.
func appendFrame() (jsx.Value, error) {
	document, err := jsx.Lookup("document")
	if err != nil {
		return document, err
	}
	element, err := jsx.Call(document, "createElement", "iframe")
	if err != nil {
		return element, err
	}
	for _, attribute := range attributes {
		if _, err := jsx.Call(element, "setAttribute", attribute[0], attribute[1]); err != nil {
			return element, err
		}
	}
	body, err := jsx.Get(document, "body")
	if err != nil {
		return body, err
	}
	return jsx.Call(body, "appendChild", element)
}
