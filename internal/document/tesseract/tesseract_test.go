package tesseract

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/pact"
)

func engine(t *testing.T, c Config) *Engine {
	t.Helper()
	e, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func paper(width, height int) document.Picture {
	return document.Picture{Width: width, Height: height, DPI: 300, Gray: bytes.Repeat([]byte{255}, width*height)}
}

func TestTheInstalledProgramIsFoundWithItsLanguages(t *testing.T) {
	t.Parallel()
	s := engine(t, Config{}).Status(t.Context())
	if s.Missing != "" || s.Version == "" || s.Where == "" || len(s.Languages) == 0 {
		t.Fatalf("status %+v", s)
	}
	seen, err := engine(t, Config{}).Recognise(t.Context(), paper(600, 800))
	if err != nil || len(seen.Words) != 0 || seen.Engine != "tesseract/"+s.Version+"(eng)" {
		t.Errorf("an empty page: %+v, %v", seen, err)
	}
}

func TestWhatIsMissingIsSaidWithTheWayToGetIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]Config{
		"no program":       {Program: filepath.Join(t.TempDir(), "tesseract")},
		"another program":  {Program: "/bin/false"},
		"no such language": {Languages: "eng+xyz"},
		"no data":          {Data: t.TempDir()},
	} {
		_, err := engine(t, c).Recognise(t.Context(), paper(10, 10))
		documenttest.WantState(t, err, pact.DocumentNeedsOCR)
		if err != nil && !strings.Contains(err.Error(), "apt-get install tesseract") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, languages := range []string{"eng;rm", "../eng", "-l", "eng+"} {
		if _, err := New(Config{Languages: languages}); err == nil {
			t.Errorf("%q was taken", languages)
		}
	}
}

func TestInstallingIsEnough(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "tesseract")
	e := engine(t, Config{Program: program})
	_, err := e.Recognise(t.Context(), paper(100, 100))
	documenttest.WantState(t, err, pact.DocumentNeedsOCR)
	real := engine(t, Config{}).Status(t.Context()).Where
	if err := os.Symlink(real, program); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Recognise(t.Context(), paper(100, 100)); err != nil {
		t.Errorf("after installing: %v", err)
	}
}

// A busy machine, or a document whose time is up, says nothing of what is installed: the picture is tried again.
func TestAProgramThatDoesNotAnswerInTimeIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"version":   "sleep 600",
		"languages": `case "$*" in *--version*) echo tesseract 5.3.0; exit;; esac; sleep 600`,
	} {
		program := filepath.Join(t.TempDir(), "tesseract")
		if err := os.WriteFile(program, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil { //nolint:gosec // it has to be run
			t.Fatal(err)
		}
		e := engine(t, Config{Program: program, Answer: 200 * time.Millisecond})
		var final *document.Error
		if _, err := e.Recognise(t.Context(), paper(10, 10)); !errors.Is(err, context.DeadlineExceeded) || errors.As(err, &final) {
			t.Errorf("%s: %v", name, err)
		}
		if s := e.Status(t.Context()); !strings.Contains(s.Missing, "did not answer in time") {
			t.Errorf("%s: status %+v", name, s)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	var final *document.Error
	if _, err := engine(t, Config{}).Recognise(gone, paper(10, 10)); !errors.Is(err, context.Canceled) || errors.As(err, &final) {
		t.Errorf("a caller that went away: %v", err)
	}
}

// fake is a program that answers as tesseract when asked what it is, and then does what the script says.
func fake(t *testing.T, script string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "tesseract")
	body := "#!/bin/sh\ncase \"$*\" in *--version*) echo tesseract 5.3.0; exit;; *--list-langs*) echo List:; echo eng; exit;; esac\n" + script + "\n"
	if err := os.WriteFile(name, []byte(body), 0o700); err != nil { //nolint:gosec // it has to be run
		t.Fatal(err)
	}
	return name
}

func TestAProgramThatMisbehavesIsEndedAndThePageNamed(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"loops":               "cat >/dev/null; while :; do :; done",
		"leaves a child":      "cat >/dev/null; sleep 600 & wait",
		"does not read":       "sleep 600",
		"fails":               "cat >/dev/null; exit 3",
		"kills itself":        "kill -9 $$",
		"wants a lot":         "cat >/dev/null; x=x; while :; do x=$x$x; done",
		"ends before reading": "exit 1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := engine(t, Config{Program: fake(t, script), Limit: time.Second, Memory: 256 << 20}).Recognise(t.Context(), paper(2000, 2000))
			documenttest.WantState(t, err, pact.DocumentRejected)
		})
	}
}

func TestAnAnswerOfAnotherFormIsAnErrorAndNoText(t *testing.T) {
	t.Parallel()
	const header = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\\n"
	for name, out := range map[string]string{
		"nothing": "", "text": "Agreement", "a word far away": header + "5\t1\t1\t1\t1\t1\t99999999999\t0\t1\t1\t90\tx\\n",
		"a confidence that is none": header + "5\t1\t1\t1\t1\t1\t1\t0\t1\t1\tNaN\tx\\n", "a negative place": header + "5\t1\t1\t1\t1\t1\t-5\t0\t1\t1\t90\tx\\n",
	} {
		seen, err := engine(t, Config{Program: fake(t, "cat >/dev/null; printf '"+out+"'")}).Recognise(t.Context(), paper(10, 10))
		var state *document.Error
		if err == nil || errors.As(err, &state) || len(seen.Words) > 0 {
			t.Errorf("%s: %+v, %v", name, seen, err)
		}
	}
}

func TestTheEndOfTheContextEndsTheProgram(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	_, err := engine(t, Config{Program: fake(t, "cat >/dev/null; sleep 600")}).Recognise(ctx, paper(10, 10))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestTheProgramHasNoEnvironmentButItsOwn(t *testing.T) {
	t.Parallel()
	note := filepath.Join(t.TempDir(), "note")
	script := "cat >/dev/null; /usr/bin/env >" + note + "; ulimit -v >>" + note + "; printf 'level\\n'; printf '%s\\n' x"
	_, _ = engine(t, Config{Program: fake(t, script), Memory: 512 << 20}).Recognise(t.Context(), paper(10, 10))
	b, err := os.ReadFile(note)
	if err != nil {
		t.Fatal(err)
	}
	if s := string(b); !strings.Contains(s, "OMP_THREAD_LIMIT=1") || strings.Contains(s, "HOME=") || !strings.Contains(s, "524288") {
		t.Errorf("its environment and limit of memory: %s", s)
	}
}

func FuzzTSV(f *testing.F) {
	f.Add([]byte("level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n5\t1\t1\t1\t1\t1\t10\t20\t30\t40\t96.5\tNotice\n5\t1\t1\t1\t1\t2\t50\t20\t30\t40\t12\tperiod\n"))
	f.Add([]byte("level\t\n5\t\t\t\t\t\t\t\t\t\t\t"))
	f.Fuzz(func(t *testing.T, out []byte) {
		words, err := parse(out)
		if err != nil {
			return
		}
		for _, w := range words {
			if w.Text == "" || !(w.Confidence >= 0 && w.Confidence <= 1) || w.Box.Left < 0 || w.Box.Right < w.Box.Left || w.Box.Bottom < w.Box.Top || math.IsNaN(w.Box.Right) {
				t.Errorf("word %+v", w)
			}
		}
	})
}
