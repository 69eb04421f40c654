//go:build js && wasm

package webstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/navid-login/navid/wasm/internal/jsx"
)

const (
	databaseName    = "navid"
	databaseVersion = 1
	keysName        = "keys" // the object store; its keys are e-mail addresses
)

// DatabaseTimeout bounds each use of the database: a browser that is out of
// order may never answer.
const DatabaseTimeout = 10 * time.Second

// transact makes one request to the object store of keys in a transaction of
// its own and returns its result, once the transaction is complete. With
// durability "strict" that means: on the disk.
func transact(ctx context.Context, mode string, request func(keys jsx.Value) (jsx.Value, error)) (jsx.Value, error) {
	ctx, cancel := context.WithTimeout(ctx, DatabaseTimeout)
	defer cancel()
	database, err := openDatabase(ctx)
	if err != nil {
		return jsx.Value{}, storageError(fmt.Errorf("open database: %w", err))
	}
	defer func() { _, _ = jsx.Call(database, "close") }()
	result, err := transactIn(ctx, database, mode, request)
	if err != nil {
		return jsx.Value{}, storageError(fmt.Errorf("transaction: %w", err))
	}
	return result, nil
}

func transactIn(ctx context.Context, database jsx.Value, mode string, request func(jsx.Value) (jsx.Value, error)) (jsx.Value, error) {
	transaction, err := jsx.Call(database, "transaction", keysName, mode, map[string]any{"durability": "strict"})
	if err != nil {
		return transaction, err
	}
	keys, err := jsx.Call(transaction, "objectStore", keysName)
	if err != nil {
		return keys, err
	}
	made, err := request(keys)
	if err != nil {
		return made, err
	}
	event, err := jsx.WaitEvent(ctx, transaction, "complete", "abort")
	if err != nil {
		return event, err
	}
	if name, _ := jsx.StringOf(event, "type"); name != "complete" {
		return event, failureOf(transaction)
	}
	return jsx.Get(made, "result")
}

func openDatabase(ctx context.Context) (jsx.Value, error) {
	factory, err := jsx.Lookup("indexedDB")
	if err != nil {
		return factory, err
	}
	request, err := jsx.Call(factory, "open", databaseName, databaseVersion)
	if err != nil {
		return request, err
	}
	stop, err := jsx.Listen(request, "upgradeneeded", func(jsx.Value) { createStores(request) })
	if err != nil {
		return request, err
	}
	defer stop()
	event, err := jsx.WaitEvent(ctx, request, "success", "error", "blocked")
	if err != nil {
		return event, err
	}
	switch name, _ := jsx.StringOf(event, "type"); name {
	case "success":
		return jsx.Get(request, "result")
	case "blocked":
		return event, errors.New("another window keeps an older version open")
	}
	return event, failureOf(request)
}

// createStores makes a new database's stores. If it fails, so will the first
// transaction, and say why.
func createStores(request jsx.Value) {
	if database, err := jsx.Get(request, "result"); err == nil {
		_, _ = jsx.Call(database, "createObjectStore", keysName)
	}
}

// failureOf returns the error of a request or transaction.
func failureOf(failed jsx.Value) error {
	exception, err := jsx.Get(failed, "error")
	if err != nil {
		return err
	}
	return jsx.ErrorOf(exception)
}
