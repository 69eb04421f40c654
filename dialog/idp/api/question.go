package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strings"

	"github.com/navid-login/navid/agent/browserid"
)

// Why a question is not read.
var (
	errTooLong = problem{http.StatusRequestEntityTooLarge, "invalid_request", "The question is too long.", 0, 0}
	errCut     = problem{http.StatusBadRequest, "invalid_request", "The question broke off.", 0, 0}
	errKind    = problem{http.StatusUnsupportedMediaType, "invalid_request", "The question must be application/json.", 0, 0}
	errShape   = problem{http.StatusBadRequest, "invalid_request", "The question has not the members that it must have.", 0, 0}
)

// read reads a question strictly: of the right type and length, an object with
// each member of Question once and no other (but for those tagged omitempty,
// which may be left out).
func read[Question any](w http.ResponseWriter, r *http.Request, limit int64) (question Question, err error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return question, errKind
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return question, errTooLong
	}
	if err != nil {
		return question, errCut
	}
	object, err := browserid.StrictObject(body)
	if err != nil {
		return question, errShape
	}
	if err := fill(reflect.ValueOf(&question).Elem(), object); err != nil {
		return question, errShape
	}
	return question, nil
}

// fill sets the fields of a struct from the members of an object that have
// exactly their names; encoding/json would ignore case.
func fill(question reflect.Value, object map[string]json.RawMessage) error {
	for i := range question.NumField() {
		name, options, _ := strings.Cut(question.Type().Field(i).Tag.Get("json"), ",")
		member, there := object[name]
		if !there && options == "omitempty" {
			continue
		}
		if !there || bytes.Equal(member, []byte("null")) {
			return fmt.Errorf("no %q", name)
		}
		if err := json.Unmarshal(member, question.Field(i).Addr().Interface()); err != nil {
			return err
		}
		delete(object, name)
	}
	if len(object) > 0 {
		return errors.New("other members")
	}
	return nil
}
