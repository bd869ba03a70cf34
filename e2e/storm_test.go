//go:build demo

package e2e

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pactloop/pactloop/demo"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/samples"
	"github.com/pactloop/pactloop/simulator/stage"
)

// Kill -9 at random moments of the first days: every accepted webhook still gives one contract and one set of writes.
func TestKillStorm(t *testing.T) {
	t.Parallel()
	killStorm(long(t), t, demo.Config{})
}

func TestKillStormOnPostgreSQL(t *testing.T) {
	t.Parallel()
	ctx := long(t)
	killStorm(ctx, t, demo.Config{Database: postgres(ctx, t)})
}

func killStorm(ctx context.Context, t *testing.T, cfg demo.Config) {
	t.Helper()
	kills := 4
	if soak() {
		kills = 20
	}
	seed := uint64(20260301)
	random := rand.New(rand.NewPCG(seed, 7)) //nolint:gosec // a test that can be repeated
	t.Logf("%d kills, seed %d", kills, seed)
	d := town(ctx, t, cfg)
	k := keep(ctx, t, d, nil)
	steps := stormSteps(t)
	if soak() { // the whole month
		story, err := samples.LoadStory()
		if err != nil {
			t.Fatal(err)
		}
		steps = story.Steps
	}
	when := map[int]bool{}
	for len(when) < kills {
		when[1+random.IntN(len(steps)-1)] = true
	}
	playThroughKills(ctx, t, d, steps, func(i int) {
		if when[i] {
			k.killAfter(time.Duration(random.IntN(400)) * time.Millisecond)
		}
	})
	again(ctx, t, "the last kill", func() error {
		if n := k.deaths.Load(); n < int64(kills) {
			return fmt.Errorf("%d of %d kills are done", n, kills)
		}
		return nil
	})
	k.stop(t)
	if got := int(k.deaths.Load()); got != kills {
		t.Errorf("the server was killed %d times, want %d", got, kills)
	}
	intact(ctx, t, d, 2*kills) // two are handed over at a time
}

// The other systems lose answers, never give them, refuse and fail for a third of all writes: still one effect for each.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	ctx := long(t)
	d := lostAnswers(ctx, t, demo.Config{}, stormSteps(t), 0)
	patient(ctx, t, d)
	uncertainMail(ctx, t, d)
}

// The same over the whole month on both databases, and with the process dying in between.
func TestLostAnswersOverTheMonth(t *testing.T) {
	t.Parallel()
	if !soak() {
		return // the long form of TestLostAnswers
	}
	ctx := long(t)
	story, err := samples.LoadStory()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		database func() string
		kills    int
	}{
		{"SQLite", func() string { return "" }, 0},
		{"PostgreSQL", func() string { return postgres(ctx, t) }, 0},
		{"SQLite with kills", func() string { return "" }, 20},
		{"PostgreSQL with kills", func() string { return postgres(ctx, t) }, 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := lostAnswers(ctx, t, demo.Config{Database: c.database()}, story.Steps, c.kills)
			if c.kills == 0 { // a process that starts again does not know that it was told to wait
				patient(ctx, t, d)
				uncertainMail(ctx, t, d)
			}
		})
	}
}

// lostAnswers plays the steps while a third of the writes meet a fault, and kills the server in between where it is told to.
func lostAnswers(ctx context.Context, t *testing.T, cfg demo.Config, steps []samples.Step, kills int) *demo.Demo {
	t.Helper()
	cfg.Env = append(cfg.Env, "PACTLOOP_ANSWER_TIMEOUT=5s")
	d := town(ctx, t, cfg)
	again(ctx, t, "the first poll", func() error { return d.Sync(ctx, "ironclad") })
	faulty(ctx, t, d.Town.URLs.Ironclad, "^/public/api/v1/(records|obligations)", 0)
	faulty(ctx, t, d.Town.URLs.Salesforce, "/sobjects/", 0)
	second := stage.Fault{Kind: stage.FaultDropAfterApply, Count: 1}
	second.Match.Method = "DATA"
	simPost(ctx, t, d.Town.URLs.Mailbox, "/_sim/faults", []stage.Fault{second})
	var k *keeper
	random := rand.New(rand.NewPCG(20260301, 9)) //nolint:gosec // a test that can be repeated
	when := map[int]bool{}
	if kills > 0 {
		k = keep(ctx, t, d, nil)
	}
	for len(when) < kills {
		when[1+random.IntN(len(steps)-1)] = true
	}
	for i, s := range steps {
		faulty(ctx, t, d.Town.URLs.ServiceNow, "^/api/now/table/incident/", i) // people of the story write there too, and are spared
		if when[i] {
			k.killAfter(time.Duration(random.IntN(400)) * time.Millisecond)
		}
		again(ctx, t, "passing the time to "+s.At.String(), func() error { return d.PassTo(ctx, s.At) })
		clearFaults(ctx, t, d.Town.URLs.ServiceNow)
		throughKills(ctx, t, d, s)
		d.State.Step = i + 1
	}
	if k != nil {
		again(ctx, t, "the last kill", func() error {
			if n := k.deaths.Load(); n < int64(kills) {
				return fmt.Errorf("%d of %d kills are done", n, kills)
			}
			return nil
		})
		k.stop(t)
	}
	drained(ctx, t, d)
	met := map[string]int{}
	lost := 0
	for _, base := range []string{d.Town.URLs.Ironclad, d.Town.URLs.Salesforce} {
		for _, r := range requests(ctx, t, base) {
			if r.Fault != "" {
				met[fmt.Sprint(r.Fault, " ", r.Status)]++
			}
			if r.Applied && (r.Fault == stage.FaultDropAfterApply || r.Fault == stage.FaultHangAfterApply) {
				lost++
			}
		}
		clearFaults(ctx, t, base)
	}
	if lost == 0 {
		t.Error("no answer was lost; the test proved nothing")
	}
	t.Logf("%d answers were lost after the write; the faults were %v", lost, met)
	intact(ctx, t, d, 1+2*kills)
	return d
}

// faulty makes a third of the writes to a system fail in one way or another. Of answers that never come there are few, since
// each costs the whole patience of the caller.
func faulty(ctx context.Context, t *testing.T, base, path string, seed int) {
	t.Helper()
	percent := func(n int) *int { return &n }
	wait := strconv.Itoa(int(asked.Seconds()))
	hangs := 1
	if soak() {
		hangs = 5
	}
	var list []stage.Fault
	for i, kind := range []stage.Fault{
		{Kind: stage.FaultHangAfterApply, Percent: percent(10), Count: hangs},
		{Kind: stage.FaultDropAfterApply, Percent: percent(20)},
		{Kind: stage.FaultDropBefore, Percent: percent(4)},
		{Kind: stage.FaultStatus, Status: http.StatusTooManyRequests, RetryAfter: wait, Percent: percent(4)},
		{Kind: stage.FaultStatus, Status: http.StatusConflict, RetryAfter: wait, Percent: percent(3)},
		{Kind: stage.FaultStatus, Status: http.StatusInternalServerError, Percent: percent(4)},
	} {
		for j, method := range []string{http.MethodPost, http.MethodPatch} {
			f := kind
			f.Match.Method, f.Match.Path, f.Seed = method, path, uint64(100*seed+10*i+j+1) //nolint:gosec // no negative steps
			list = append(list, f)
		}
	}
	simPost(ctx, t, base, "/_sim/faults", list)
}

// asked is the Retry-After of the stand-ins: longer than the first pause that the product takes by itself.
const asked = 3 * time.Second

// patient: who was told to come back later came back later, and all the trouble cost at most half as many calls again as
// there were writes (reliability 3). Times are those at which the stand-ins saw the calls. That a call is never early holds
// on every machine; that it is at most a second late is judged in the long form, by the middle of all (a busy machine makes
// single calls late), and call by call where the product waits (package outbound).
func patient(ctx context.Context, t *testing.T, d *demo.Demo) {
	t.Helper()
	calls, writes, refused := 0, 0, 0
	var late []time.Duration
	for _, base := range []string{d.Town.URLs.Ironclad, d.Town.URLs.Salesforce} {
		told := map[string]time.Time{} // what was refused, and when
		for _, r := range requests(ctx, t, base) {
			outbox := strings.Contains(r.Path, "/sobjects/") || strings.HasPrefix(r.Path, "/public/api/v1/records") || strings.HasPrefix(r.Path, "/public/api/v1/obligations")
			if r.Method != http.MethodPost && r.Method != http.MethodPatch || !outbox {
				continue
			}
			calls++
			if r.Applied {
				writes++
			}
			call := r.Method + " " + r.Path + " " + r.Body
			if at, ok := told[call]; ok {
				after := r.Wall.Sub(at) - asked
				late = append(late, after)
				if after < 0 {
					t.Errorf("%s %s came %s before its Retry-After was over", r.Method, r.Path, -after)
				}
				delete(told, call)
			}
			if r.Status == http.StatusTooManyRequests || r.Status == http.StatusConflict && r.Fault != "" {
				refused++
				told[call] = r.Wall
			}
		}
	}
	if refused == 0 || len(late) == 0 {
		t.Fatalf("%d calls were refused with Retry-After and %d came again; the test proved nothing", refused, len(late))
	}
	slices.Sort(late)
	if middle := late[len(late)/2]; soak() && middle > time.Second {
		t.Errorf("half of the calls came more than %s after their Retry-After was over, want at most 1 s", middle)
	}
	if 2*calls > 3*writes {
		t.Errorf("%d calls for %d writes, want at most 1.5 for each", calls, writes)
	}
	t.Logf("%d calls for %d writes; %d were told to come later; %d came again, between %s and %s after that time", calls, writes, refused, len(late), late[0], late[len(late)-1])
}

// uncertainMail: the mail whose answer was lost is shown as possibly sent, and stands in the mailbox once.
func uncertainMail(ctx context.Context, t *testing.T, d *demo.Demo) {
	t.Helper()
	states := map[string]int{}
	for _, f := range observe(ctx, t, d).findings {
		for _, n := range get[struct {
			Notifications []pact.Notification `json:"notifications"`
		}](ctx, t, d.Admin, "/findings/"+string(f.ID)).Notifications {
			states[n.State]++
		}
	}
	if states["possibly_sent"] != 1 || states["pending"]+states["failed"] > 0 {
		t.Errorf("the mails are %v, want one possibly sent and all others sent", states)
	}
}

func clearFaults(ctx context.Context, t *testing.T, base string) {
	t.Helper()
	if err := demo.NewClient("", "").Raw(ctx, http.MethodDelete, base+"/_sim/faults", nil, "", nil); err != nil {
		t.Fatal(err)
	}
}

// stormSteps are the first days: webhooks in disorder, reviews, the first tickets and the first breach.
func stormSteps(t *testing.T) []samples.Step {
	t.Helper()
	story, err := samples.LoadStory()
	if err != nil {
		t.Fatal(err)
	}
	return story.Steps[:firstBreach(t)]
}

// playThroughKills plays steps while the server dies and comes back. A step that was cut off is done again, as a person
// or a system would: what it had done already is found done.
func playThroughKills(ctx context.Context, t *testing.T, d *demo.Demo, steps []samples.Step, before func(i int)) {
	t.Helper()
	again(ctx, t, "the first poll", func() error { return d.Sync(ctx, "ironclad") })
	for i, s := range steps {
		again(ctx, t, "passing the time to "+s.At.String(), func() error { return d.PassTo(ctx, s.At) })
		before(i)
		throughKills(ctx, t, d, s)
		d.State.Step = i + 1
	}
	again(ctx, t, "the end", func() error { return d.PassTo(ctx, steps[len(steps)-1].At) })
}

func throughKills(ctx context.Context, t *testing.T, d *demo.Demo, s samples.Step) {
	t.Helper()
	told := false
	again(ctx, t, s.Do, func() error {
		if told { // the row stands in ServiceNow; only the product has to hear of it
			if err := d.Sync(ctx, "servicenow"); err != nil {
				return err
			}
			return d.PassTo(ctx, s.At)
		}
		told = strings.HasPrefix(s.Do, "servicenow.")
		return d.Step(ctx, s)
	})
}

// again repeats what failed because the server was away. A refusal is no such failure.
func again(ctx context.Context, t *testing.T, what string, do func() error) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := do()
		if err == nil {
			return
		}
		if status := refusal(err); status != 0 && status < 500 && status != http.StatusConflict {
			t.Fatalf("%s: %v", what, err)
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s: %v, %v", what, err, ctx.Err())
		case <-tick.C:
		}
	}
}

// keeper starts the server again whenever it dies.
type keeper struct {
	d      *demo.Demo
	trap   *trap // nil: nothing kills but the test
	deaths atomic.Int64
	kill   chan time.Duration
	ended  chan error
	cancel context.CancelFunc
}

func keep(ctx context.Context, t *testing.T, d *demo.Demo, p *trap) *keeper {
	t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	k := &keeper{d: d, trap: p, kill: make(chan time.Duration, 64), ended: make(chan error, 1), cancel: cancel}
	go func() { k.ended <- k.run(ctx) }()
	t.Cleanup(cancel)
	return k
}

// killAfter kills the server in a moment.
func (k *keeper) killAfter(wait time.Duration) { k.kill <- wait }

func (k *keeper) stop(t *testing.T) {
	t.Helper()
	k.cancel()
	if err := <-k.ended; err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func (k *keeper) run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case wait := <-k.kill:
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(wait):
			}
			if err := k.d.Kill(); err != nil {
				return err
			}
			k.deaths.Add(1)
		case err := <-k.d.Exited():
			k.d.Reap(err)
			if !k.trapped() {
				return fmt.Errorf("the server ended by itself: %w", err)
			}
		}
		for {
			err := k.d.StartServer(context.WithoutCancel(ctx))
			if err == nil {
				break
			}
			k.d.Reap(err)
			if !k.trapped() { // otherwise it reached a point before it was ready
				return err
			}
		}
	}
}

// trapped tells whether the server died at a point since this was asked last.
func (k *keeper) trapped() bool {
	if k.trap == nil {
		return false
	}
	n := int64(len(k.trap.deaths()))
	return k.deaths.Swap(n) < n
}

// drained waits until the outbox has nothing left to try and all jobs are done.
func drained(ctx context.Context, t *testing.T, d *demo.Demo) {
	t.Helper()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		pending := 0
		for _, id := range d.State.Connections {
			pending += len(all[pact.Action](ctx, t, d.Admin, "/connections/"+id+"/actions?state=pending"))
		}
		if pending == 0 {
			break
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%d writes are still pending: %v", pending, ctx.Err())
		case <-tick.C:
		}
	}
	settled(ctx, t, d)
}

// intact: whatever was killed or lost, the world looks as after an undisturbed run, but for so many mails of which nobody knows
// whether they left.
func intact(ctx context.Context, t *testing.T, d *demo.Demo, uncertain int) {
	t.Helper()
	drained(ctx, t, d)
	w := observe(ctx, t, d)
	t.Run("every accepted webhook has one contract", w.contracts)
	t.Run("Salesforce shows the reviewed terms once", w.salesforce)
	t.Run("what is held is marked in Salesforce until it is published", w.flags)
	t.Run("Ironclad shows properties and obligations once", w.ironclad)
	t.Run("at risk and breach say so in the agreed words", w.messages)
	t.Run("nothing was written twice", w.writes)
	t.Run("every clock stands as worked by hand", w.clocks)
	t.Run("every finding was told once for what happened", w.versions)
	t.Run("a breach that was none is corrected with the reason", w.retracted)
	t.Run("every notification left once", func(t *testing.T) { w.told(t, uncertain) })
	t.Run("every comment stands once", w.commented)
	t.Run("the audit trail verifies", w.audit)
}

// commented: each version that speaks plans one comment with a key of its own. All are done, and each key stands on its ticket
// once.
func (w *world) commented(t *testing.T) {
	planned := 0
	for _, a := range w.actions(t, "servicenow") {
		if a.Kind != "add_comment" || a.State == pact.ActionWithdrawn {
			continue
		}
		planned++
		if a.State != pact.ActionDone {
			t.Errorf("the comment of %s is %s: %s", a.Key, a.State, a.Reason)
		}
	}
	marks := map[string]int{}
	for _, c := range w.comments(t) {
		marks[regexp.MustCompile(`\[pk_[^\]]*\]`).FindString(c)]++
	}
	for mark, n := range marks {
		if n != 1 {
			t.Errorf("the comment %s stands %d times", mark, n)
		}
	}
	if planned == 0 || len(marks) != planned {
		t.Errorf("%d comments were planned, and %d stand on tickets", planned, len(marks))
	}
}
