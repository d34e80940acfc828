package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/quintetgo/quintet/framework/settings"
)

// keep is what the demonstration remembers from one start to the next beside its database.
type keep struct {
	secret   settings.Secret
	password string
}

// openKeep reads the files secret_key and password of a folder, which are made if they are not there. A given password
// replaces the one in the file.
func openKeep(dir, password string) (keep, error) {
	var k keep
	secret, err := remember(filepath.Join(dir, "secret_key"), "")
	if err != nil {
		return k, err
	}
	k.secret = settings.Secret(secret)
	k.password, err = remember(filepath.Join(dir, "password"), password)
	return k, err
}

// remember returns the text of a file, after writing value into it, or something random if there is neither.
func remember(path, value string) (string, error) {
	text, err := os.ReadFile(path)
	known := strings.TrimSpace(string(text))
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return "", err
	case value == "" && known != "":
		return known, nil
	case value == "":
		value = strings.ToLower(rand.Text())
	}
	if value == known {
		return value, nil
	}
	if err := os.WriteFile(path, []byte(value+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("keep the demonstration's secrets: %w", err)
	}
	return value, nil
}
