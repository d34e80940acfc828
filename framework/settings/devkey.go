package settings

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// KeyFile is the name of the file with the secret key of development.
const KeyFile = ".secret_key"

// DevelopmentKey returns the secret key in the file .secret_key of a folder; "" means the working directory. If the
// file does not exist, it generates a random key and stores it, readable by its owner only, so that sessions survive
// a restart. In a folder that is not writable the key is different each time.
func DevelopmentKey(dir string) (Secret, error) {
	if dir == "" {
		dir = "."
	}
	path := filepath.Join(dir, KeyFile)
	key, err := readKey(path)
	if err != nil || key != "" {
		return key, err
	}
	key = Secret(rand.Text() + rand.Text())
	file, err := os.CreateTemp(dir, KeyFile+"-*") // only its owner may read it
	if err != nil {
		return key, nil //nolint:nilerr // it does for this process
	}
	defer os.Remove(file.Name())
	_, err = file.WriteString(key.Reveal() + "\n")
	if err = errors.Join(err, file.Close()); err != nil {
		return "", fmt.Errorf("store the development secret key: %w", err)
	}
	// The link creates the file with its content, and only once: if two processes start at the same time, the second
	// uses the first one's key.
	switch err := os.Link(file.Name(), path); {
	case errors.Is(err, fs.ErrExist):
		return readKey(path)
	case err != nil: // a file system without links
		if err := os.Rename(file.Name(), path); err != nil {
			return "", fmt.Errorf("store the development secret key: %w", err)
		}
	}
	return key, nil
}

// readKey returns the key in a file, or "" if the file does not exist. It removes the permissions of other users.
func readKey(path string) (Secret, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the development secret key: %w", err)
	}
	key := Secret(strings.TrimSpace(string(text)))
	if why := key.Weakness(); why != "" {
		return "", fmt.Errorf("the secret key in %s is easy to guess: %s. Remove the file to generate a new one", path, why)
	}
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o077 != 0 {
		_ = os.Chmod(path, 0o600)
	}
	return key, nil
}
