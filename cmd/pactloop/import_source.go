package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/fault"
)

// importSource is where files come from. Names are relative, with slashes, and never lead out of it.
type importSource interface {
	Names() []string // of the documents, sorted
	Has(name string) bool
	Read(name string) ([]byte, error)
	Close() error
}

// Limits of an archive, on the bytes that really come out of it.
const (
	maxArchiveFiles = 50_000
	maxArchiveRatio = 200
)

// readable tells by its name whether a file may be a document. What it really is, the server finds out.
func readable(name string) bool {
	_, ok := document.TypeNamed(name)
	return ok
}

// folderSource is a folder. The system keeps names and links from leading out of it.
type folderSource struct {
	root    *os.Root
	maxFile int64
}

func (s folderSource) Names() []string {
	var out []string
	_ = fs.WalkDir(s.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && d != nil && d.IsDir():
			return fs.SkipDir // a folder that may not be read does not hide the others
		case err != nil:
			return nil
		case d.Type().IsRegular() && readable(name):
			out = append(out, name)
		}
		return nil
	})
	return out
}

func (s folderSource) Has(name string) bool {
	info, err := s.root.Stat(filepath.FromSlash(name))
	return err == nil && info.Mode().IsRegular()
}

func (s folderSource) Read(name string) ([]byte, error) {
	f, err := s.root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, fmt.Errorf("it can not be read: %w", err)
	}
	defer f.Close()
	return bounded(f, s.maxFile)
}

func (s folderSource) Close() error { return s.root.Close() }

// bounded reads up to a limit, and refuses what is larger.
func bounded(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("it can not be read: %w", err)
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("it is larger than %d MiB, the limit max_file_mib", limit>>20)
	}
	return b, nil
}

// zipSource is an archive. Nothing of it is written to a disk.
type zipSource struct {
	file    *os.File
	entries map[string]*zip.File
	maxFile int64
}

func openZip(name string, maxFile int64) (*zipSource, []refusal, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, fault.Wrap(fault.Invalid, err, "The archive %s can not be read: %v.", name, err)
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, nil, fault.Wrap(fault.Invalid, err, "The archive %s can not be read: %v.", name, err)
	}
	z, err := zip.NewReader(f, info.Size())
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // insecure names are refused below, one by one
		_ = f.Close()
		return nil, nil, fault.Wrap(fault.Invalid, err, "%s is no ZIP archive, or it is damaged: %v.", name, err)
	}
	if len(z.File) > maxArchiveFiles {
		_ = f.Close()
		return nil, nil, fault.New(fault.Invalid, "%s holds %d files, and %d are the limit. Split it.", name, len(z.File), maxArchiveFiles)
	}
	s := &zipSource{file: f, entries: map[string]*zip.File{}, maxFile: maxFile}
	var refused []refusal
	for _, e := range z.File {
		inside := strings.ReplaceAll(e.Name, `\`, "/")
		if e.FileInfo().IsDir() || strings.HasSuffix(inside, "/") || strings.HasPrefix(inside, "__MACOSX/") || strings.HasPrefix(path.Base(inside), "._") {
			continue
		}
		if why := s.take(inside, e); why != "" {
			refused = append(refused, refusal{file: e.Name, reason: why})
		}
	}
	return s, refused, nil
}

// take keeps an entry, or says why not.
func (s *zipSource) take(inside string, e *zip.File) string {
	switch {
	case !fs.ValidPath(inside) || strings.Contains(inside, ":"):
		return "Its name leads out of the archive. It was not opened."
	case !e.Mode().IsRegular():
		return "It is a link or a device, not a file. It was not followed."
	case s.entries[inside] != nil:
		return "Another file of the archive has the same name. Only the first was taken."
	case e.Flags&1 != 0:
		return "It opens only with a password. Pack it again without one."
	case strings.EqualFold(path.Ext(inside), ".zip"):
		return "It is an archive in the archive. Unpack it and import what it holds."
	case !readable(inside) && inside != manifestName:
		return "" // a picture folder, a note of the system: nothing to say
	}
	s.entries[inside] = e
	return ""
}

func (s *zipSource) Names() []string {
	var out []string
	for name := range s.entries {
		if name != manifestName {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func (s *zipSource) Has(name string) bool { return s.entries[name] != nil }

func (s *zipSource) Read(name string) ([]byte, error) {
	e := s.entries[name]
	if e == nil {
		return nil, errors.New("it is not in the archive")
	}
	r, err := e.Open()
	if err != nil {
		return nil, fmt.Errorf("it can not be unpacked: %w", err)
	}
	defer r.Close()
	b, err := bounded(r, s.maxFile)
	if err != nil {
		return nil, err
	}
	if packed := max(int64(e.CompressedSize64), 1); len(b) > 1<<20 && int64(len(b))/packed > maxArchiveRatio {
		return nil, errors.New("it unpacks to many times its size, as files do that are made to stop a computer")
	}
	return b, nil
}

func (s *zipSource) Close() error { return s.file.Close() }
