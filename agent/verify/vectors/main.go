// Command vectors makes the project's own test vectors for verifiers of backed
// assertions, which cover every check of agent/verify:
//
//	go run ./agent/verify/vectors > agent/verify/testdata/vectors.json
//
// Keys, times and signatures follow from names alone, so that a run that changes
// nothing here changes nothing there. The keys are public, and no secret.
//
// Each case says in expect which check must fail, by the code of agent/verify,
// or "okay" with the result. A verifier that refuses it for another reason has
// passed by chance.
package main

import (
	"bytes"
	"encoding/json"
	"log"
	"os"
)

func main() {
	text, err := generate()
	if err == nil {
		_, err = os.Stdout.Write(text)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// generate returns the file.
func generate() ([]byte, error) {
	made := file{Description: description, Documents: documents(), Offline: []string{"offline.test"}}
	for _, group := range groups() {
		for _, drafted := range group.cases {
			made.Cases = append(made.Cases, drafted.finish(group))
		}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "\t")
	err := encoder.Encode(made)
	return text.Bytes(), err
}
