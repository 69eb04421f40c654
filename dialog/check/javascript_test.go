package check

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSignInCalls(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		source string
		want   []call
	}{
		"in the click":         {"button.onclick = () => navigator.id.request()", []call{{"request", 1, ""}}},
		"Persona's":            {"$('#in').on('click', function () {\n  navigator.id.get(verify)\n})", []call{{"get", 2, ""}}},
		"after an await":       {"b.onclick = async () => {\n const n = await fetch('/nonce')\n navigator.id.request({ nonce: n })\n}", []call{{"request", 3, "after an await"}}},
		"awaits the sign-in":   {"b.onclick = async () => { const a = await navigator.id.request(); await send(a) }", []call{{"request", 1, ""}}},
		"in then":              {"b.onclick = () => load().then(() => navigator.id.request())", []call{{"request", 1, "in .then()"}}},
		"in a timer":           {"setTimeout(function () { if (x) { navigator.id.request() } }, 100)", []call{{"request", 1, "in setTimeout()"}}},
		"optional":             {"navigator.id?.request()", []call{{"request", 1, ""}}},
		"a loop in then":       {"p.then(() => { list.forEach((x) => { navigator.id.request() }) })", []call{{"request", 1, "in .then()"}}},
		"listener after await": {"async function f() { await g(); b.addEventListener('click', () => navigator.id.request()) }", []call{{"request", 1, ""}}},
		"handler after await":  {"async function f() {\n await g()\n b.onclick = () => navigator.id.request()\n navigator.id.get(x)\n}", []call{{"request", 3, ""}, {"get", 4, "after an await"}}},
		"function in then":     {"p.then(() => { function signIn() { navigator.id.request() } b.onclick = signIn })", []call{{"request", 1, ""}}},
		"await in a module":    {"const n = await load()\nb.addEventListener('click', () => { navigator.id.request() })", []call{{"request", 2, ""}}},
		"inner await":          {"b.onclick = async () => { void (async () => { await x() })(); navigator.id.request() }", []call{{"request", 1, ""}}},
		"other functions":      {"navigator.id.watch({}); id.request(); fetch.get('navigator.id.request()') // navigator.id.get()", nil},
		"text and comments":    {"/* await\n */ const a = 'await \\' }' + `await\n}`\nnavigator.id.request()", []call{{"request", 4, ""}}},
		"broken":               {")))}}{{((navigator.id.request(\"", []call{{"request", 1, ""}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, signInCalls(test.source))
		})
	}
}
