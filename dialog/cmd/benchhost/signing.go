package main

import (
	"context"
	"encoding/base64"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/navid-login/navid/agent/issuer/keyring"
	"github.com/navid-login/navid/dialog/cmd/benchhost/rig"
)

// certificateSize is in bytes, of what is signed.
const certificateSize = 600

// sign measures how many signatures the key of the hosts gives on all processors,
// with nothing else to do.
func (b *bench) sign(r *rig.Rig) took {
	keys, err := keyring.Open(filepath.Join(r.Secrets(), keyring.KeysFolder), time.Now())
	b.must(err)
	signer, err := keys.Signer(time.Now())
	b.must(err)
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"` + signer.PublicKey().Algorithm() + `"}`))
	input := []byte(header + "." + strings.Repeat("A", certificateSize))
	return b.crowd(runtime.NumCPU(), slice, func(ctx context.Context, _ int) error {
		_, err := signer.Sign(ctx, input)
		return err
	})
}
