// Package blob keeps bytes in a folder, under the SHA-256 of their content.
//
// It owns where a blob lies, how it is written so that a crash leaves all of it or nothing, and that what is read is what
// was written. It does not own who may read which blob: callers hold the scope. Invariants: a blob is never changed; a
// name never leads out of the folder; derived data (readings) lies apart from documents and may be deleted.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/store"
)

// Folder is a blob store in a folder of the local file system.
type Folder struct {
	root string
	name *regexp.Regexp
}

// Folder keeps blobs.
var _ store.Blobs = (*Folder)(nil)

// New makes a blob store; the folder is made where missing.
func New(root string) (*Folder, error) {
	for _, dir := range []string{"sha256", "derived"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o700); err != nil {
			return nil, fmt.Errorf("making the blob folder: %w", err)
		}
	}
	// Small letters only: some file systems do not tell large from small.
	return &Folder{root: root, name: regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,199}$`)}, nil
}

// Put keeps bytes; the same bytes again are not written again.
func (f *Folder) Put(ctx context.Context, b []byte) (string, error) {
	sum := hashOf(b)
	path := f.content(sum)
	if have, err := os.ReadFile(path); err == nil && hashOf(have) == sum { //nolint:gosec // a hash in our folder
		return sum, nil
	}
	return sum, write(ctx, path, b)
}

// Get gives bytes that still hash to their name.
func (f *Folder) Get(ctx context.Context, sum string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if raw, err := hex.DecodeString(sum); err != nil || len(raw) != sha256.Size || strings.ToLower(sum) != sum {
		return nil, fault.New(fault.NotFound, "there is no file %.80q", sum)
	}
	b, err := read(f.content(sum), sum)
	if err != nil {
		return nil, err
	}
	if hashOf(b) != sum {
		return nil, fmt.Errorf("blob %s was changed on disk: restore it from a backup", sum)
	}
	return b, nil
}

// PutNamed keeps derived data; the same name again takes its place.
func (f *Folder) PutNamed(ctx context.Context, name string, b []byte) error {
	path, err := f.derived(name)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(b)
	return write(ctx, path, append(sum[:], b...))
}

// GetNamed gives derived data. Data damaged on disk is as good as none: it can be made again.
func (f *Folder) GetNamed(ctx context.Context, name string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	path, err := f.derived(name)
	if err != nil {
		return nil, err
	}
	b, err := read(path, name)
	if err != nil {
		return nil, err
	}
	if len(b) < sha256.Size || [sha256.Size]byte(b[:sha256.Size]) != sha256.Sum256(b[sha256.Size:]) {
		return nil, fault.New(fault.NotFound, "derived data %.80q is damaged", name)
	}
	return b[sha256.Size:], nil
}

// content spreads files over 65,536 folders.
func (f *Folder) content(sum string) string {
	return filepath.Join(f.root, "sha256", sum[:2], sum[2:4], sum)
}

func (f *Folder) derived(name string) (string, error) {
	// A slash groups names; each part must be a plain name.
	for part := range strings.SplitSeq(name, "/") {
		if !f.name.MatchString(part) || strings.Contains(part, "..") {
			return "", fault.New(fault.Invalid, "%.80q is no name for derived data", name)
		}
	}
	sum := hashOf([]byte(name))
	return filepath.Join(f.root, "derived", sum[:2], sum[2:4], strings.ReplaceAll(name, "/", "~")), nil
}

func read(path, name string) ([]byte, error) {
	b, err := os.ReadFile(path) //nolint:gosec // built from checked parts
	if errors.Is(err, fs.ErrNotExist) || isDir(err) {
		return nil, fault.New(fault.NotFound, "there is no file %.80q", name)
	}
	if err != nil {
		return nil, fmt.Errorf("reading a blob: %w", err)
	}
	return b, nil
}

func isDir(err error) bool {
	var p *fs.PathError
	return errors.As(err, &p) && strings.Contains(p.Err.Error(), "is a directory")
}

// write makes the file whole under another name, forces it to disk, and then gives it its name.
func write(ctx context.Context, path string, b []byte) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("writing a blob: %w", err)
	}
	tmp, err := os.CreateTemp(dir, ".part-*")
	if err != nil {
		return fmt.Errorf("writing a blob: %w", err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("writing a blob: %w", errors.Join(err, os.Remove(tmp.Name())))
		}
	}()
	if _, err := tmp.Write(b); err != nil {
		return errors.Join(err, tmp.Close())
	}
	if err := tmp.Sync(); err != nil {
		return errors.Join(err, tmp.Close())
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	// The names of the new folders must be on disk too, up to the root.
	for d := dir; ; d = filepath.Dir(d) {
		if err := syncDir(d); err != nil {
			return err
		}
		if base := filepath.Base(d); base == "sha256" || base == "derived" {
			return nil
		}
	}
}

func syncDir(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // our folder
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
