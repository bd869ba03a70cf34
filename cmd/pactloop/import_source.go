package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/plain"
	"github.com/pactloop/pactloop/internal/fault"
)

// importSource is where files come from. Names are relative, with slashes, and never lead out of it.
type importSource interface {
	Documents() (names []string, skipped []refusal) // sorted; what is no document, with the reason
	Doubt(name string) string                       // why a file can be no document; "" where it may be one
	Has(name string) bool
	Read(name string) ([]byte, error)
	Close() error
}

// Limits of an archive, on the bytes that really come out of it.
const (
	maxArchiveFiles = 50_000
	maxArchiveRatio = 200
)

// sniffed is how much of a file's beginning, and of its end, tells what it is.
const sniffed = 64 << 10

// doubt says why a file can be no document. Its content decides, as for the server; of texts, which have no mark, and of files
// that are damaged the name is the only hint. peek gives the beginning of the file and the end.
func doubt(name string, peek func() ([]byte, error)) string {
	for _, part := range strings.Split(name, "/") {
		if strings.HasPrefix(part, ".") {
			return "Its name begins with a dot: hidden files are left out."
		}
	}
	if strings.HasPrefix(path.Base(name), "~$") {
		return "It is the note of a word processor that somebody has a document open."
	}
	if _, ok := document.TypeNamed(name); ok {
		return ""
	}
	head, err := peek()
	if err != nil {
		return "It can not be read."
	}
	if _, ok := document.TypeOf(head); ok || bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")) { // of an old program: the server says which
		return ""
	}
	switch _, err := plain.Decode(head, ""); {
	case len(bytes.TrimSpace(head)) == 0:
		return "It is empty."
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return "It is an archive, a workbook or a presentation. Unpack it, or save it as PDF."
	case err != nil:
		return "It is no text, and of no format that is read. Convert it to PDF or DOCX."
	case dataName.MatchString(name):
		return "By its name it is data or a program."
	}
	return ""
}

// dataName is a text that is no document by its name.
var dataName = regexp.MustCompile(`(?i)\.(?:jsonl?|ndjson|[ct]sv|xml|xsd|xslt?|ya?ml|toml|ini|cfg|conf|env|properties|log|sql|m?[jt]sx?|css|svg|py|go|java|kt|cs?|cpp|hpp?|rs|sh|bat|ps1|rb|php|pl|ics|vcf|lock|sum|mod|proto|ipynb|rels)$`)

// folderSource is a folder. The system keeps names and links from leading out of it.
type folderSource struct {
	root    *os.Root
	maxFile int64
}

func (s folderSource) Documents() (names []string, skipped []refusal) {
	skip := func(name, why string) { skipped = append(skipped, refusal{file: name, reason: why}) }
	_ = fs.WalkDir(s.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case name == "." && err == nil:
			return nil
		case err != nil && d != nil && d.IsDir():
			skip(name+"/", "It can not be read.") // a folder that may not be read does not hide the others
			return fs.SkipDir
		case err != nil:
			skip(name, "It can not be read.")
			return nil
		case d.IsDir() && strings.HasPrefix(d.Name(), "."):
			skip(name+"/", "Its name begins with a dot: hidden files are left out.")
			return fs.SkipDir
		case d.IsDir():
			return nil
		case !d.Type().IsRegular():
			skip(name, "It is a link or a device, not a file. It was not followed.")
			return nil
		}
		if why := s.Doubt(name); why != "" {
			skip(name, why)
			return nil
		}
		names = append(names, name)
		return nil
	})
	return names, skipped
}

func (s folderSource) Doubt(name string) string {
	return doubt(name, func() ([]byte, error) {
		f, err := s.root.Open(filepath.FromSlash(name))
		if err != nil {
			return nil, err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return nil, err
		}
		head, err := io.ReadAll(io.LimitReader(f, sniffed))
		if err != nil || info.Size() <= sniffed || !bytes.HasPrefix(head, []byte("PK")) {
			return head, err
		}
		end := make([]byte, min(sniffed, info.Size()-sniffed)) // an archive lists what it holds at its end
		_, err = f.ReadAt(end, info.Size()-int64(len(end)))
		return append(head, end...), err
	})
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
	}
	s.entries[inside] = e
	return ""
}

func (s *zipSource) Documents() (names []string, skipped []refusal) {
	for name := range s.entries {
		if name == manifestName {
			continue
		}
		if why := s.Doubt(name); why != "" {
			skipped = append(skipped, refusal{file: name, reason: why})
			continue
		}
		names = append(names, name)
	}
	slices.Sort(names)
	slices.SortFunc(skipped, func(a, b refusal) int { return strings.Compare(a.file, b.file) })
	return names, skipped
}

func (s *zipSource) Doubt(name string) string {
	return doubt(name, func() ([]byte, error) {
		r, err := s.entries[name].Open()
		if err != nil {
			return nil, err
		}
		defer r.Close()
		return io.ReadAll(io.LimitReader(r, 2*sniffed))
	})
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

// printSkipped lists what was left out, by the reason.
func printSkipped(out io.Writer, skipped []refusal) {
	const most = 20
	byReason, reasons := map[string][]string{}, []string{}
	for _, s := range skipped {
		if byReason[s.reason] == nil {
			reasons = append(reasons, s.reason)
		}
		byReason[s.reason] = append(byReason[s.reason], s.file)
	}
	for _, reason := range reasons {
		names := byReason[reason]
		more := ""
		if len(names) > most {
			more = fmt.Sprintf(", and %d more", len(names)-most)
		}
		fmt.Fprintf(out, "  %d skipped: %s%s. %s\n", len(names), strings.Join(names[:min(most, len(names))], ", "), more, reason)
	}
}
