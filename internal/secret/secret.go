// Package secret keeps secrets at rest.
//
// It owns the data keys (wrapped by age with a key in a file of mode 0600) and the sealed form of a value (AES-256-GCM,
// the key's id beside it). It does not own which values are secret (the connector's description) nor where sealed values
// are stored. Invariants: a sealed value opens only in the place it was sealed for; a wrong or missing key is refused with
// its id, never papered over by making a new one; a key once used stays readable after rotation.
package secret

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"filippo.io/age"

	"github.com/pactloop/pactloop/internal/fault"
)

// The files in the data folder. Back up both; the second is of no use without the first.
const (
	keyFile  = "secret.key"      // the age identity
	dataFile = "secret.data.age" // the data keys, one a line, the newest last
)

const form = "s1" // version of the sealed form

// Box seals and opens values.
type Box struct {
	dir      string
	identity *age.X25519Identity

	mu      sync.RWMutex
	keys    map[string][]byte // by id
	current string
	lines   []string
}

// Open reads the keys of a data folder, or creates them where the folder has neither file. One file without the other
// is a damaged installation, and is said so: making a new key would lose every secret for good.
func Open(dir string) (*Box, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("creating the data folder: %w", err)
	}
	// The data file is looked for first: another process that starts now creates it last.
	hasData, err := exists(filepath.Join(dir, dataFile))
	if err != nil {
		return nil, err
	}
	hasKey, err := exists(filepath.Join(dir, keyFile))
	if err != nil {
		return nil, err
	}
	if hasData && !hasKey {
		return nil, fault.New(fault.Denied, "The key file %s is missing. Put it back from a backup; without it stored secrets can not be read.", filepath.Join(dir, keyFile))
	}
	identity, err := loadIdentity(filepath.Join(dir, keyFile))
	if err != nil {
		return nil, err
	}
	b := &Box{dir: dir, identity: identity}
	if !hasData {
		if err := b.createData(); err != nil {
			return nil, err
		}
	}
	return b, b.load()
}

// Seal encrypts a value for a place ("connection/cnn_1/client_secret"). The same value sealed twice differs.
func (b *Box) Seal(value, place string) (string, error) {
	b.mu.RLock()
	id, key := b.current, b.keys[b.current]
	b.mu.RUnlock()
	gcm, err := aead(key)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, gcm.NonceSize())
	_, _ = rand.Read(nonce) // never fails since Go 1.24
	sealed := gcm.Seal(nonce, nonce, []byte(value), bound(id, place))
	return form + "." + id + "." + base64.RawURLEncoding.EncodeToString(sealed), nil
}

// Unseal opens a value in the place it was sealed for.
func (b *Box) Unseal(sealed, place string) (string, error) {
	parts := strings.Split(sealed, ".")
	if len(parts) != 3 || parts[0] != form {
		return "", fault.New(fault.Invalid, "The stored secret of %s is not in the expected form; enter it again.", place)
	}
	b.mu.RLock()
	key, ok := b.keys[parts[1]]
	current := b.current
	b.mu.RUnlock()
	if !ok {
		return "", fault.New(fault.Denied, "The secret of %s was sealed with key %.8s; this installation has key %s. Put back the key file of that time, or enter the secret again.", place, parts[1], current)
	}
	content, err := base64.RawURLEncoding.Strict().DecodeString(parts[2])
	if err != nil {
		return "", fault.New(fault.Invalid, "The stored secret of %s is damaged; enter it again.", place)
	}
	gcm, err := aead(key)
	if err != nil {
		return "", err
	}
	if len(content) < gcm.NonceSize() {
		return "", fault.New(fault.Invalid, "The stored secret of %s is damaged; enter it again.", place)
	}
	value, err := gcm.Open(nil, content[:gcm.NonceSize()], content[gcm.NonceSize():], bound(parts[1], place))
	if err != nil {
		return "", fault.New(fault.Denied, "The stored secret of %s was changed, or belongs to another place; enter it again.", place)
	}
	return string(value), nil
}

// Sealed tells whether text has the sealed form.
func Sealed(text string) bool { return strings.HasPrefix(text, form+".") }

// Rotate makes a new data key for what is sealed from now on. Values sealed before stay readable; sealing them again
// moves them to the new key.
func (b *Box) Rotate() error {
	b.mu.Lock()
	lines := append(append([]string{}, b.lines...), newLine())
	b.mu.Unlock()
	wrapped, err := wrap(b.identity, lines)
	if err != nil {
		return err
	}
	temporary, err := writeTemporary(b.dir, wrapped)
	if err != nil {
		return err
	}
	if err := os.Rename(temporary, filepath.Join(b.dir, dataFile)); err != nil {
		return fmt.Errorf("replacing the data keys: %w", err)
	}
	return b.load()
}

// KeyID names the key in use, for a page that shows it. It tells nothing of the key.
func (b *Box) KeyID() string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.current
}

// Fingerprint tells one installation's keys from another's: it stays through rotations, and tells nothing of them.
func (b *Box) Fingerprint() string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	sum := sha256.Sum256([]byte("pactloop secret keys\x00" + b.lines[0]))
	return hex.EncodeToString(sum[:])
}

func bound(id, place string) []byte { return []byte("pactloop/" + form + "\x00" + id + "\x00" + place) }

func aead(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("using the data key: %w", err)
	}
	return cipher.NewGCM(block)
}

func exists(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking for %s: %w", path, err)
	}
	return true, nil
}

// loadIdentity reads the key file, or creates it. Two processes that start at once get the same one: creation is
// exclusive, and the loser reads.
func loadIdentity(path string) (*age.X25519Identity, error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	if err := createOnce(path, []byte(identity.String()+"\n")); err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("reading the key file: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fault.New(fault.Denied, "The key file %s can be read by others; run: chmod 600 %s", path, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the key file: %w", err)
	}
	identity, err = age.ParseX25519Identity(strings.TrimSpace(string(text)))
	if err != nil {
		// The library's error may quote what it read.
		return nil, fault.New(fault.Denied, "The key file %s is damaged; put it back from a backup.", path)
	}
	return identity, nil
}

// createOnce writes a whole file under a name that does not exist yet; where it exists nothing happens.
func createOnce(path string, content []byte) error {
	if there, err := exists(path); err != nil || there {
		return err
	}
	temporary, err := writeTemporary(filepath.Dir(path), content)
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temporary) }()
	if err := os.Link(temporary, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("creating %s: %w", path, err)
	}
	return nil
}

func writeTemporary(dir string, content []byte) (string, error) {
	f, err := os.CreateTemp(dir, ".secret-*") // mode 0600
	if err != nil {
		return "", fmt.Errorf("creating a file in the data folder: %w", err)
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		_ = os.Remove(f.Name())
		return "", fmt.Errorf("writing a file in the data folder: %w", err)
	}
	return f.Name(), nil
}

func newLine() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	return base64.StdEncoding.EncodeToString(key)
}

func (b *Box) createData() error {
	wrapped, err := wrap(b.identity, []string{newLine()})
	if err != nil {
		return err
	}
	return createOnce(filepath.Join(b.dir, dataFile), wrapped)
}

func wrap(identity *age.X25519Identity, lines []string) ([]byte, error) {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, identity.Recipient())
	if err != nil {
		return nil, fmt.Errorf("wrapping the data keys: %w", err)
	}
	_, err = io.WriteString(w, strings.Join(lines, "\n")+"\n")
	if err := errors.Join(err, w.Close()); err != nil {
		return nil, fmt.Errorf("wrapping the data keys: %w", err)
	}
	return out.Bytes(), nil
}

func (b *Box) load() error {
	path := filepath.Join(b.dir, dataFile)
	wrapped, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading the data keys: %w", err)
	}
	r, err := age.Decrypt(bytes.NewReader(wrapped), b.identity)
	if err != nil {
		return fault.New(fault.Denied, "The key file %s does not open %s: they belong to different installations. Put back the files of one backup.", filepath.Join(b.dir, keyFile), path)
	}
	text, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return fault.New(fault.Denied, "The data keys in %s are damaged; put the file back from a backup.", path)
	}
	keys, current, lines := map[string][]byte{}, "", []string(nil)
	for _, line := range strings.Fields(string(text)) {
		key, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(key) != 32 {
			return fault.New(fault.Denied, "The data keys in %s are damaged; put the file back from a backup.", path)
		}
		sum := sha256.Sum256(append([]byte("pactloop key id\x00"), key...))
		current = hex.EncodeToString(sum[:4])
		keys[current] = key
		lines = append(lines, line)
	}
	if current == "" {
		return fault.New(fault.Denied, "There is no data key in %s; put the file back from a backup.", path)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.keys, b.current, b.lines = keys, current, lines
	return nil
}
