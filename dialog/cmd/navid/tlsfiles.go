package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/navid-login/navid/dialog/listen"
)

// openFiles reads the certificate files that the settings name, and says what to
// do about those that cannot be served.
func openFiles(certificate, key string) (*listen.Files, error) {
	files, err := listen.OpenFiles(certificate, key)
	if err != nil {
		return nil, explainFiles(certificate, key, err)
	}
	return files, nil
}

func explainFiles(certificate, key string, err error) error {
	switch file, unread := errors.AsType[*fs.PathError](err); {
	case unread && errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: name the certificate with -tls-cert and its key with -tls-key, both as they are seen from here", err)
	case unread && errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w: let the user that navid runs as read it, and pass through its folders, as by `chgrp navid %s` and `chmod 640 %[2]s`", err, file.Path)
	case unread:
		return fmt.Errorf("%w: name files with -tls-cert and -tls-key", err)
	default:
		return fmt.Errorf("%w: -tls-cert %s must hold the chain in PEM, the host's own certificate first, and -tls-key %s the private key of that certificate", err, certificate, key)
	}
}
