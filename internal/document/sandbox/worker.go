package sandbox

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/formats"
)

// Settings are sent to a worker when it starts: it has no environment and no arguments of its own.
type Settings struct {
	CacheDir   string `json:"cache_dir"`
	Memory     int64  `json:"memory"`      // bytes
	CPUSeconds uint64 `json:"cpu_seconds"` // of its whole life; the time for one file is the parent's to watch
}

// answer is what a worker says about a file: one member is set.
type answer struct {
	Document *document.Document `json:"document,omitempty"`
	State    *document.State    `json:"state,omitempty"`
	Failure  string             `json:"failure,omitempty"` // ours, not the file's
}

const maxFrame = 512 << 20

// Main is the hidden command that parses files: it limits itself, then reads files from in and writes results to out until
// in ends. It is run by New only, and its caller must have written nothing to out.
func Main(ctx context.Context, in io.Reader, out io.Writer) error {
	return Serve(ctx, func(s Settings) []document.Reader { return formats.All(formats.Config{CacheDir: s.CacheDir}) }, in, out)
}

// Serve is Main with other readers.
func Serve(ctx context.Context, readers func(Settings) []document.Reader, in io.Reader, out io.Writer) error {
	r := bufio.NewReaderSize(in, 1<<16)
	hello, err := readFrame(r, 1<<16)
	if err != nil {
		return fmt.Errorf("reading the settings: %w", err)
	}
	var s Settings
	if err := json.Unmarshal(hello, &s); err != nil {
		return fmt.Errorf("reading the settings: %w", err)
	}
	if err := limit(s); err != nil {
		return fmt.Errorf("limiting the worker: %w", err)
	}
	if s.Memory > 0 {
		debug.SetMemoryLimit(s.Memory * 3 / 4) // the collector works harder before the parent's limit is reached
	}
	list := readers(s)
	for {
		name, err := readFrame(r, 1<<16)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading a file's name: %w", err)
		}
		file, err := readFrame(r, maxFrame)
		if err != nil {
			return fmt.Errorf("reading a file: %w", err)
		}
		if err := writeAnswer(out, parse(ctx, list, file, string(name))); err != nil {
			return fmt.Errorf("writing a result: %w", err)
		}
	}
}

func parse(ctx context.Context, readers []document.Reader, file []byte, name string) answer {
	d, err := formats.Read(ctx, readers, file, name)
	var state *document.Error
	switch {
	case errors.As(err, &state):
		return answer{State: &state.State}
	case err != nil:
		return answer{Failure: err.Error()}
	}
	return answer{Document: d}
}

func writeAnswer(out io.Writer, a answer) error {
	b, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("encoding: %w", err)
	}
	return writeFrame(out, b)
}

func writeFrame(w io.Writer, b []byte) error {
	var n [4]byte
	binary.BigEndian.PutUint32(n[:], uint32(len(b)))
	if _, err := w.Write(n[:]); err != nil {
		return err
	}
	_, err := w.Write(b)
	return err
}

func readFrame(r io.Reader, most uint32) ([]byte, error) {
	var n [4]byte
	if _, err := io.ReadFull(r, n[:]); err != nil {
		return nil, err
	}
	size := binary.BigEndian.Uint32(n[:])
	if size > most {
		return nil, fmt.Errorf("a frame of %d bytes is over the limit of %d", size, most)
	}
	b := make([]byte, size) // the system gives the memory as it is written to
	_, err := io.ReadFull(r, b)
	return b, err
}
