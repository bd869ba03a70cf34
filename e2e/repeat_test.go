//go:build demo

package e2e

import (
	"context"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/pactloop/pactloop/demo"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/simulator/ironclad"
	"github.com/pactloop/pactloop/simulator/stage"
)

// One webhook, told a thousand times (reliability 28): many at once, while the server is asked to stop, killed and started
// again between and under them, and once more long after. It is one delivery, one contract and one set of writes.
func TestTheSameWebhookManyTimesAcrossRestarts(t *testing.T) {
	t.Parallel()
	ctx := long(t)
	toldAcrossRestarts(ctx, t, demo.Config{})
	if soak() {
		toldAcrossRestarts(ctx, t, demo.Config{Database: postgres(ctx, t)})
	}
}

func toldAcrossRestarts(ctx context.Context, t *testing.T, cfg demo.Config) {
	t.Helper()
	times := 25 // in each of four lives of the server
	if soak() {
		times = 250
	}
	d := town(ctx, t, cfg)
	steps := stormSteps(t)
	var workflow string
	for _, s := range steps {
		if s.Do == "ironclad.complete" {
			workflow = s.Workflow
			break
		}
	}
	if err := d.Sync(ctx, "ironclad"); err != nil { // what stands there from before
		t.Fatal(err)
	}
	drained(ctx, t, d)
	had := len(all[pact.Contract](ctx, t, d.Admin, "/contracts"))
	if err := demo.NewClient("", "").Raw(ctx, http.MethodPost, d.Town.URLs.Ironclad+"/_sim/workflows/"+workflow+"/complete?quiet=true", nil, "", nil); err != nil {
		t.Fatal(err)
	}
	again := ironclad.Fire{Event: "workflow_completed", EventID: "ev_told_again", Payload: stage.Object{"workflowID": workflow}, Times: times}
	delivered := func() int {
		n := 0
		for _, x := range sim[struct {
			Deliveries []ironclad.Delivery `json:"deliveries"`
		}](ctx, t, d.Town.URLs.Ironclad, "/_sim/deliveries").Deliveries {
			if x.State == "delivered" {
				n++
			}
		}
		return n
	}
	until := func(what string, reached func() bool) {
		t.Helper()
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for !reached() {
			select {
			case <-ctx.Done():
				t.Fatalf("%s: %v", what, ctx.Err())
			case <-tick.C:
			}
		}
	}
	// Those that the server is not there for are sent again by the sender, as the real one does.
	for life := range 4 {
		if life > 0 {
			if life == 2 { // in the middle of the batch before: a power cut
				if err := d.Kill(); err != nil {
					t.Fatal(err)
				}
			} else if err := ended(ctx, d); err != nil {
				t.Fatalf("asked to stop among webhooks, it ends with %v", err)
			}
			if err := d.StartServer(ctx); err != nil {
				t.Fatal(err)
			}
		}
		before := delivered()
		simPost(ctx, t, d.Town.URLs.Ironclad, "/_sim/fire", again)
		if life < 3 { // the next life begins while some of these are on their way
			until("the first are taken", func() bool { return delivered() > before })
		}
	}
	until("all are taken", func() bool { return delivered() == 4*times })
	drained(ctx, t, d)

	var came []pact.Delivery
	for _, x := range all[pact.Delivery](ctx, t, d.Admin, "/connections/"+d.State.Connections["ironclad"]+"/deliveries") {
		if len(x.EventKey) >= len(again.EventID) && x.EventKey[:len(again.EventID)] == again.EventID {
			came = append(came, x)
		}
	}
	// An answer that a restart cut off was sent again, so there may be more repeats than were told, never fewer.
	if len(came) != 1 || came[0].Repeats < 4*times-1 || came[0].State != "processed" {
		t.Fatalf("%d deliveries, the first %+v; want one with at least %d repeats", len(came), came[0].State, 4*times-1)
	}
	t.Logf("told %d times in four lives of the server: one delivery, %d repeats", 4*times, came[0].Repeats)
	if err := d.Sync(ctx, "ironclad"); err != nil {
		t.Fatal(err)
	}
	drained(ctx, t, d)
	if n := len(all[pact.Contract](ctx, t, d.Admin, "/contracts")); n != had+1 {
		t.Errorf("it made %d contracts", n-had)
	}
	w := observe(ctx, t, d)
	t.Run("nothing was written twice", w.writes)
	t.Run("the audit trail verifies", w.audit)
}

// ended asks the server to stop and gives how it ended.
func ended(ctx context.Context, d *demo.Demo) error {
	if err := syscall.Kill(d.PID(), syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case err := <-d.Exited():
		d.Reap(err)
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
