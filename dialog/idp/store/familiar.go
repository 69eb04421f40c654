package store

import "time"

// familiar is who has proven an address before, and until when that is remembered.
type familiar struct {
	key   []byte
	until time.Time
}

var familiars = table[familiar]{
	"familiars",
	[]string{"familiar", "until"},
	func(f *familiar) []any { return []any{blob{&f.key}, instant{&f.until}} },
}

// Familiar implements idp.Reader.
func (r *reader) Familiar(key []byte) (time.Time, error) {
	found, err := familiars.one(r, "WHERE familiar = ?", key)
	return found.until, err
}

// PutFamiliar implements idp.Tx.
func (t *transaction) PutFamiliar(key []byte, until time.Time) error {
	return familiars.put(&t.reader, familiar{key, until})
}
