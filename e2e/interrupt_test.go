//go:build demo

package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/pactloop/pactloop/demo"
	"github.com/pactloop/pactloop/simulator/stage"
)

// rowsKept is what the demo wrote down of a system.
func rowsKept(t *testing.T, folder, system string) map[string]string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(folder, system+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return rowsOf(t, raw)
}

// Ctrl C on the demo keeps what the other systems hold, and the next start goes on with it: nothing that stood in Salesforce,
// ServiceNow, Ironclad or the mailbox when it came is missing afterwards.
func TestAnInterruptedDemoGoesOnWithWhatTheOtherSystemsHeld(t *testing.T) {
	t.Parallel()
	ctx := long(t)
	folder := t.TempDir()
	p := demoProcess(ctx, t, folder)
	p.until(t, "… 50 of ") // tickets are there, and what the first reviews wrote
	if all := rowsKept(t, folder, "salesforce"); !slices.ContainsFunc(slices.Collect(maps.Keys(all)), func(id string) bool { return strings.HasPrefix(id, "Contract_Obligation__c ") }) {
		t.Error("whoever kills the demo now loses what was written to Salesforce: it is kept at the end only")
	}
	live := held(ctx, t, folder)
	p.interrupt(t)
	p.until(t, "Stopped. The data is in "+folder)
	p.ended(t)
	for system, kind := range map[string]string{"salesforce": "Contract_Obligation__c", "servicenow": "incident", "mailbox": "messages", "ironclad": "deliveries"} {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(live[system])), func(id string) bool { return strings.HasPrefix(id, kind+" ") }) {
			t.Errorf("the story had not come to %s of %s: the test shows nothing", kind, system)
		}
	}
	kept := map[string]map[string]string{}
	for system := range live {
		kept[system] = rowsKept(t, folder, system)
	}
	nothingMissing(t, "kept", live, kept)

	p = demoProcess(ctx, t, folder)
	p.until(t, "The story goes on after step ")
	again := held(ctx, t, folder)
	nothingMissing(t, "after the next start", kept, again)
	if len(again["ironclad"]) == 0 || countOf(again["ironclad"], "webhooks ") != 1 {
		t.Errorf("Ironclad has %d webhooks", countOf(again["ironclad"], "webhooks "))
	}
	refusedStart(ctx, t, "a demo runs on "+folder+" already", "--dir", folder)
	refusedStart(ctx, t, "name another with --address", "--dir", t.TempDir(), "--address", demoState(t, folder).Address)
	p.interrupt(t)
	p.ended(t)

	// One whose month is played says so, instead of beginning it.
	state := demoState(t, folder)
	state.Done = true
	raw, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "demo.json"), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	p = demoProcess(ctx, t, folder, "--exit")
	p.until(t, "The month was played before")
	p.ended(t)
	if strings.Contains(strings.Join(p.said, "\n"), "The story begins") {
		t.Errorf("it began again: %s", p.said)
	}
}

func countOf(rows map[string]string, prefix string) int {
	n := 0
	for id := range rows {
		if strings.HasPrefix(id, prefix) {
			n++
		}
	}
	return n
}

func nothingMissing(t *testing.T, when string, before, after map[string]map[string]string) {
	t.Helper()
	for system, rows := range before {
		for id := range rows {
			if _, ok := after[system][id]; !ok {
				t.Errorf("%s, %s misses %s", when, system, id)
			}
		}
		t.Logf("%s, %s: %d things before, %d after", when, system, len(rows), len(after[system]))
	}
}

// held is what each of the other systems shows now.
func held(ctx context.Context, t *testing.T, folder string) map[string]map[string]string {
	t.Helper()
	out := map[string]map[string]string{}
	for _, system := range []string{"ironclad", "salesforce", "servicenow", "mailbox"} {
		out[system] = rowsOf(t, sim[json.RawMessage](ctx, t, "http://"+demoState(t, folder).Ports[system], "/_sim/state"))
	}
	return out
}

// rowsOf names everything in a state by its table and its id.
func rowsOf(t *testing.T, state []byte) map[string]string {
	t.Helper()
	var tables map[string]json.RawMessage
	if err := json.Unmarshal(state, &tables); err != nil {
		t.Fatal(err)
	}
	for _, wrapper := range []string{"sobjects", "tables"} {
		if raw, ok := tables[wrapper]; ok {
			tables = nil
			if err := json.Unmarshal(raw, &tables); err != nil {
				t.Fatal(err)
			}
		}
	}
	out := map[string]string{}
	for name, raw := range tables {
		var rows []stage.Object
		if json.Unmarshal(raw, &rows) != nil {
			continue // comments, by workflow
		}
		for _, row := range rows {
			for _, key := range []string{"id", "Id", "sys_id", "event_id"} {
				if id, ok := row[key]; ok {
					out[fmt.Sprint(name, " ", id)] = fmt.Sprint(row)
					break
				}
			}
		}
	}
	return out
}

func demoState(t *testing.T, folder string) demo.State {
	t.Helper()
	var s demo.State
	raw, err := os.ReadFile(filepath.Join(folder, "demo.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// process is `pactloop-demo demo`, as make demo runs it.
type process struct {
	cmd  *exec.Cmd
	out  *bufio.Scanner
	errs *logged
	said []string
}

func demoProcess(ctx context.Context, t *testing.T, folder string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.CommandContext(ctx, binary, append([]string{"demo", "--dir", folder, "--address", "127.0.0.1:0"}, args...)...), errs: &logged{}}
	p.cmd.Dir, p.cmd.Stderr, p.cmd.Env = folder, p.errs, os.Environ()
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	p.out = bufio.NewScanner(out)
	return p
}

// refusedStart: what can not start says what to do.
func refusedStart(ctx context.Context, t *testing.T, says string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(ctx, binary, append([]string{"demo"}, args...)...)
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), says) {
		t.Errorf("demo %v: %v\n%s", args, err, out)
	}
}

// until reads what it says up to a line that holds the words.
func (p *process) until(t *testing.T, words string) {
	t.Helper()
	for p.out.Scan() {
		p.said = append(p.said, p.out.Text())
		if strings.Contains(p.out.Text(), words) {
			return
		}
	}
	t.Fatalf("it never said %q:\n%s\n%s", words, strings.Join(p.said, "\n"), p.errs)
}

func (p *process) interrupt(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
}

// ended waits for an end without an error.
func (p *process) ended(t *testing.T) {
	t.Helper()
	for p.out.Scan() {
		p.said = append(p.said, p.out.Text())
	}
	if err := p.cmd.Wait(); err != nil {
		t.Fatalf("it ended with %v:\n%s\n%s", err, strings.Join(p.said, "\n"), p.errs)
	}
}
