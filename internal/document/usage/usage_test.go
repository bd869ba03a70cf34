//go:build linux

package usage

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAProcessIsChargedForWhatItComputesAndNotForWaiting(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("/bin/sh", "-c", "while :; do :; done")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	waiting := exec.Command("/bin/sh", "-c", "read x")
	if _, err := waiting.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := waiting.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = waiting.Process.Kill(); _ = waiting.Wait() }()
	watch := time.NewTicker(5 * time.Millisecond)
	defer watch.Stop()
	for {
		select {
		case <-watch.C:
		case <-t.Context().Done():
			t.Fatal("the process that computes was never charged")
		}
		u, ok := Of(cmd.Process.Pid)
		if !ok || u.Memory == 0 {
			t.Fatalf("got %+v, %v", u, ok)
		}
		if u.Processor < 200*time.Millisecond {
			continue
		}
		if u, ok := Of(waiting.Process.Pid); !ok || u.Processor > 100*time.Millisecond {
			t.Errorf("the process that waits was charged %s, %v", u.Processor, ok)
		}
		return
	}
}

func TestAProcessThatIsGoneIsUnknown(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("/bin/true")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	if u, ok := Of(cmd.Process.Pid); ok {
		t.Errorf("got %+v", u)
	}
}

func TestANameOfAProgramDoesNotShiftTheFields(t *testing.T) {
	t.Parallel()
	want := Use{Memory: 7 * int64(os.Getpagesize()), Processor: (1 + 20 + 300 + 4000) * tick}
	for _, name := range []string{"sh", "a b", ") R 9 9 9", "((", ""} {
		got, ok := parse([]byte("100 7 3 1 0 2 0\n"), []byte("42 ("+name+") S 1 42 42 0 -1 4194560 100 0 0 0 1 20 300 4000 20 0 1 0 5 6 7\n"))
		if !ok || got != want {
			t.Errorf("%q: got %+v, %v", name, got, ok)
		}
	}
}

func TestAnyTextIsUsageOrUnknown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		parse([]byte(rapid.StringMatching(`[0-9 x\n]*`).Draw(t, "statm")), []byte(rapid.StringMatching(`[0-9 ()x\n-]*`).Draw(t, "stat")))
	})
}
