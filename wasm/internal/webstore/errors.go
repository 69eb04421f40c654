//go:build js && wasm

package webstore

import (
	"errors"
	"fmt"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/wasm/internal/jsx"
)

// storageError tells a full storage from one that does not work: blocked,
// missing in this browser, or broken. The agent need not know more.
func storageError(err error) error {
	switch {
	case err == nil:
		return nil
	case jsx.NameOf(err) == "QuotaExceededError":
		return &agent.Error{Code: agent.CodeStorageFull, Err: fmt.Errorf("%w: %w", agent.ErrStorageFull, err)}
	default:
		return &agent.Error{Code: agent.CodeStorageBlocked, Err: fmt.Errorf("%w: %w", agent.ErrStorageBlocked, err)}
	}
}

func isCorrupt(err error) bool { return errors.Is(err, agent.ErrStorageCorrupt) }
