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
	"sync"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/formats"
	"github.com/pactloop/pactloop/internal/fault"
)

// Settings are sent to a worker when it starts: it has no environment and no arguments of its own.
type Settings struct {
	CacheDir   string        `json:"cache_dir"`
	Memory     int64         `json:"memory"`      // bytes
	Limit      time.Duration `json:"limit"`       // processor time for one file; the pool watches it, programs that a reader runs get it
	CPUSeconds uint64        `json:"cpu_seconds"` // of its whole life; the time for one file is the parent's to watch
	Recognise  bool          `json:"recognise"`   // pictures may be sent back to be recognised
}

// answer is what a worker says about a file: one member is set.
type answer struct {
	Document *document.Document `json:"document,omitempty"`
	State    *document.State    `json:"state,omitempty"`
	Failure  string             `json:"failure,omitempty"` // ours, not the file's
	Away     bool               `json:"away,omitempty"`    // the failure is that of a service that does not answer
}

// What a frame is, by its first byte. To the worker: settings, a name, a file, the words of a picture. From it: an answer, or
// a picture that is to be recognised outside, where programs and services are; the worker itself can start nothing.
const (
	frameSettings = 's'
	frameName     = 'n'
	frameFile     = 'f'
	frameWords    = 'w'
	frameAnswer   = 'a'
	framePicture  = 'p'
)

// pictureHead stands in front of the points of a picture.
type pictureHead struct {
	ID int `json:"id"`
	document.Picture
}

// words is the reply to a picture: one of the last three is set.
type words struct {
	ID         int                  `json:"id"`
	Recognised *document.Recognised `json:"recognised,omitempty"`
	State      *document.State      `json:"state,omitempty"`
	Failure    string               `json:"failure,omitempty"`
	Away       bool                 `json:"away,omitempty"` // the failure is that of a service that does not answer
}

const maxFrame = 512 << 20

// Main is the hidden command that parses files: it limits itself, then reads files from in and writes results to out until
// in ends. It is run by New only, and its caller must have written nothing to out.
func Main(ctx context.Context, in io.Reader, out io.Writer) error {
	return Serve(ctx, func(s Settings, engine document.Recogniser) []document.Reader {
		return formats.All(formats.Config{CacheDir: s.CacheDir, Engine: engine, Memory: s.Memory, Limit: s.Limit})
	}, in, out)
}

// Serve is Main with other readers.
func Serve(ctx context.Context, readers func(Settings, document.Recogniser) []document.Reader, in io.Reader, out io.Writer) error {
	r := bufio.NewReaderSize(in, 1<<16)
	kind, hello, err := readFrame(r, 1<<16)
	if err != nil || kind != frameSettings {
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
	away := &away{out: out, waiting: map[int]chan words{}}
	var engine document.Recogniser
	if s.Recognise {
		engine = away
	}
	list, name := readers(s, engine), ""
	failed := make(chan error, 1)
	for {
		kind, frame, err := readFrame(r, maxFrame)
		select {
		case err := <-failed:
			return fmt.Errorf("writing a result: %w", err)
		default:
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("reading a frame: %w", err)
		case kind == frameName:
			name = string(frame)
		case kind == frameFile:
			// Beside this loop, which goes on to take the words of the file's pictures.
			go func(name string) {
				if err := away.answer(parse(ctx, list, frame, name)); err != nil {
					failed <- err
				}
			}(name)
		case kind == frameWords:
			away.arrived(frame)
		}
	}
}

// away is the recogniser of a worker: it sends the picture to the parent and waits for the words.
type away struct {
	mu      sync.Mutex
	out     io.Writer
	next    int
	waiting map[int]chan words
}

// Recognise sends the picture and waits for its words.
func (a *away) Recognise(ctx context.Context, p document.Picture) (document.Recognised, error) {
	reply, err := a.send(p)
	if err != nil {
		return document.Recognised{}, fmt.Errorf("sending a picture: %w", err)
	}
	select {
	case w := <-reply:
		switch {
		case w.Recognised != nil:
			return *w.Recognised, nil
		case w.State != nil:
			return document.Recognised{}, &document.Error{State: *w.State}
		}
		if w.Away {
			return document.Recognised{}, fault.New(fault.Unavailable, "%s", w.Failure)
		}
		return document.Recognised{}, errors.New(w.Failure)
	case <-ctx.Done():
		return document.Recognised{}, ctx.Err()
	}
}

func (a *away) send(p document.Picture) (<-chan words, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.next++
	head, err := json.Marshal(pictureHead{ID: a.next, Picture: p})
	if err != nil {
		return nil, err
	}
	reply := make(chan words, 1)
	a.waiting[a.next] = reply
	var n [4]byte
	binary.BigEndian.PutUint32(n[:], uint32(len(head)))
	return reply, writeFrame(a.out, framePicture, n[:], head, p.Gray)
}

func (a *away) arrived(frame []byte) {
	var w words
	if err := json.Unmarshal(frame, &w); err != nil {
		w.Failure = err.Error()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if reply, ok := a.waiting[w.ID]; ok {
		delete(a.waiting, w.ID)
		reply <- w
	}
}

func (a *away) answer(x answer) error {
	b, err := json.Marshal(x)
	if err != nil {
		return fmt.Errorf("encoding: %w", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return writeFrame(a.out, frameAnswer, b)
}

func parse(ctx context.Context, readers []document.Reader, file []byte, name string) answer {
	d, err := formats.Read(ctx, readers, file, name)
	var state *document.Error
	switch {
	case errors.As(err, &state):
		return answer{State: &state.State}
	case err != nil:
		return answer{Failure: err.Error(), Away: fault.Is(err, fault.Unavailable)}
	}
	return answer{Document: d}
}

func writeFrame(w io.Writer, kind byte, parts ...[]byte) error {
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	head := [5]byte{kind}
	binary.BigEndian.PutUint32(head[1:], uint32(size))
	if _, err := w.Write(head[:]); err != nil {
		return err
	}
	for _, p := range parts {
		if _, err := w.Write(p); err != nil {
			return err
		}
	}
	return nil
}

func readFrame(r io.Reader, most uint32) (kind byte, frame []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	size := binary.BigEndian.Uint32(head[1:])
	if size > most {
		return 0, nil, fmt.Errorf("a frame of %d bytes is over the limit of %d", size, most)
	}
	frame = make([]byte, size) // the system gives the memory as it is written to
	_, err = io.ReadFull(r, frame)
	return head[0], frame, err
}
