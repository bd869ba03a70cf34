package pdf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// The library's wrapper takes up to nine WebAssembly calls and as many allocations for one character box. The module
// behind it is called here directly with one scratch buffer, which is about ten times faster; a test fails when a new
// version of the library no longer shows its module.

// engine starts PDFium once and hands out fresh instances, so that one file can not leave anything behind for the next.
type engine struct {
	cacheDir string
	memory   uint32 // pages of 64 KiB

	once sync.Once
	pool pdfium.Pool
	err  error
}

func (e *engine) start() error {
	e.once.Do(func() {
		config := wazero.NewRuntimeConfig().WithMemoryLimitPages(e.memory)
		if e.cacheDir != "" {
			cache, err := wazero.NewCompilationCacheWithDir(e.cacheDir)
			if err != nil {
				e.err = fmt.Errorf("opening the compilation cache: %w", err)
				return
			}
			config = config.WithCompilationCache(cache)
		}
		e.pool, e.err = webassembly.Init(webassembly.Config{
			MaxTotal:      4,
			MaxIdle:       1,
			RuntimeConfig: config,
			FSConfig:      wazero.NewFSConfig(), // empty on purpose: the default shows the whole file system to the parser
			Stdout:        io.Discard,
			Stderr:        io.Discard,
		})
		if e.err != nil {
			e.err = fmt.Errorf("starting PDFium: %w", e.err)
		}
	})
	return e.err
}

func (e *engine) close() error {
	if e.pool == nil {
		return nil
	}
	return e.pool.Close()
}

// library is one instance of PDFium. It is used by one goroutine at a time.
type library struct {
	instance pdfium.Pdfium
	module   api.Module
	memory   api.Memory
	calls    map[string]api.Function
	scratch  uint32
	stack    [16]uint64
	can      traits // what the file may do to letters
}

const scratchSize = 4096

func (e *engine) open(ctx context.Context) (*library, error) {
	if err := e.start(); err != nil {
		return nil, err
	}
	instance, err := e.pool.GetInstance(30 * time.Second)
	if err != nil {
		return nil, fmt.Errorf("getting an instance of PDFium: %w", err)
	}
	l := &library{instance: instance, calls: map[string]api.Function{}}
	if l.module, err = moduleOf(instance); err != nil {
		l.close()
		return nil, err
	}
	l.memory = l.module.Memory()
	p, err := l.call(ctx, "malloc", scratchSize)
	if err != nil || p == 0 {
		l.close()
		return nil, fmt.Errorf("getting memory: %w", errors.Join(err, errMemory))
	}
	l.scratch = uint32(p)
	return l, nil
}

func (l *library) close() { _ = l.instance.Close() }

var (
	errMemory = errors.New("out of memory")
	errModule = errors.New("this version of go-pdfium does not show its WebAssembly module")
)

func moduleOf(instance pdfium.Pdfium) (api.Module, error) {
	v := reflect.ValueOf(instance.GetImplementation())
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		return nil, errModule
	}
	field := v.Elem().FieldByName("Module")
	if !field.IsValid() || !field.CanInterface() {
		return nil, errModule
	}
	module, ok := field.Interface().(api.Module)
	if !ok || module == nil {
		return nil, errModule
	}
	return module, nil
}

// call runs one function of PDFium. A trap inside it (out of memory, unreachable code) is an error.
func (l *library) call(ctx context.Context, name string, args ...uint64) (uint64, error) {
	f := l.calls[name]
	if f == nil {
		if f = l.module.ExportedFunction(name); f == nil {
			return 0, fmt.Errorf("PDFium has no function %s", name)
		}
		l.calls[name] = f
	}
	copy(l.stack[:], args)
	if err := f.CallWithStack(ctx, l.stack[:max(1, len(args))]); err != nil {
		return 0, fmt.Errorf("calling %s: %w", name, err)
	}
	return l.stack[0], nil
}

func (l *library) double(at uint32) float64 {
	v, _ := l.memory.ReadFloat64Le(l.scratch + at)
	return v
}

func (l *library) float(at uint32) float64 {
	v, _ := l.memory.ReadFloat32Le(l.scratch + at)
	return float64(v)
}

func (l *library) word(at uint32) uint32 {
	v, _ := l.memory.ReadUint32Le(l.scratch + at)
	return v
}

// load copies the file into the instance and opens it. The code is PDFium's: 0 fine, 3 no PDF, 4 password …
func (l *library) load(ctx context.Context, file []byte) (doc uint64, code int, err error) {
	p, err := l.call(ctx, "malloc", uint64(max(1, len(file))))
	if err != nil || p == 0 || !l.memory.Write(uint32(p), file) {
		return 0, 0, fmt.Errorf("copying the file: %w", errors.Join(err, errMemory))
	}
	doc, err = l.call(ctx, "FPDF_LoadMemDocument", p, uint64(len(file)), 0)
	if err != nil || doc != 0 {
		return doc, 0, err
	}
	c, err := l.call(ctx, "FPDF_GetLastError")
	return 0, int(int32(c)), err
}

// affine maps the page's own space to points as displayed, origin top left.
type affine struct{ a, b, c, d, e, f float64 }

func (m affine) apply(x, y float64) (float64, float64) {
	return m.a*x + m.c*y + m.e, m.b*x + m.d*y + m.f
}

// displayed asks PDFium where three points of the page are shown, so that rotation, crop box and user unit stay its
// business. It answers in whole pixels; the scale keeps a thousandth of a point.
func (l *library) displayed(ctx context.Context, page uint64, width, height float64) (affine, error) {
	const span = 1000
	scale := 1000.0
	if max(width, height) > 100_000 {
		scale = 1
	}
	at := func(x, y float64) (float64, float64, error) {
		_, err := l.call(ctx, "FPDF_PageToDevice", page, 0, 0, uint64(width*scale), uint64(height*scale), 0,
			math.Float64bits(x), math.Float64bits(y), uint64(l.scratch), uint64(l.scratch+4))
		return float64(int32(l.word(0))) / scale, float64(int32(l.word(4))) / scale, err
	}
	ox, oy, err := at(0, 0)
	if err != nil {
		return affine{}, err
	}
	xx, xy, err := at(span, 0)
	if err != nil {
		return affine{}, err
	}
	yx, yy, err := at(0, span)
	if err != nil {
		return affine{}, err
	}
	return affine{a: (xx - ox) / span, b: (xy - oy) / span, c: (yx - ox) / span, d: (yy - oy) / span, e: ox, f: oy}, nil
}
