package dialog

import "testing"

func BenchmarkSignInPage(b *testing.B) {
	files := testFiles()
	files.templates = embedded().templates
	handler, err := newHandler(testConfig(), files.load)
	if err != nil {
		b.Fatal(err)
	}
	for _, accept := range []string{"br", "gzip", "identity"} {
		b.Run(accept, func(b *testing.B) {
			for b.Loop() {
				do(handler, "GET", "/sign_in", "", "Accept-Encoding: "+accept)
			}
		})
	}
}

func BenchmarkStart(b *testing.B) {
	files := embedded()
	files.dist = testFiles().dist
	for b.Loop() {
		if _, err := files.load(); err != nil {
			b.Fatal(err)
		}
	}
}
