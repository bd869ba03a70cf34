package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/pactloop/pactloop/samples"
	"github.com/pactloop/pactloop/simulator/ironclad"
	"github.com/pactloop/pactloop/simulator/stage"
)

// stepLimit bounds a step, which the end of the context does not interrupt.
const stepLimit = 10 * time.Minute

// Play plays the story from where it stands to its end. between is called after each step that is done; nil is fine. When ctx
// ends, the step under way is done and kept first: played twice, it would make a second ticket.
func (d *Demo) Play(ctx context.Context, between func(step, of int) error) error {
	story, err := samples.LoadStory()
	if err != nil {
		return err
	}
	if d.State.Done {
		_, err := d.settle(ctx)
		return err
	}
	if d.State.Step == 0 {
		if err := d.Sync(ctx, "ironclad"); err != nil {
			return err
		}
	}
	for d.State.Step < len(story.Steps) {
		if err := d.playStep(ctx, story.Steps[d.State.Step]); err != nil {
			return err
		}
		if between != nil {
			if err := between(d.State.Step, len(story.Steps)); err != nil {
				return err
			}
		}
	}
	if _, err := d.settle(ctx); err != nil {
		return err
	}
	d.State.Done = true
	if err := d.keepTown(ctx); err != nil {
		return err
	}
	return d.save()
}

// Length is how many steps the story has.
func Length() (int, error) {
	story, err := samples.LoadStory()
	return len(story.Steps), err
}

func (d *Demo) playStep(ctx context.Context, step samples.Step) error {
	if err := d.PassTo(ctx, step.At); err != nil {
		return fmt.Errorf("step %d (%s): %w", d.State.Step, step.Do, err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stepLimit)
	defer cancel()
	if err := d.Step(ctx, step); err != nil {
		return fmt.Errorf("step %d (%s at %s): %w", d.State.Step, step.Do, step.At, err)
	}
	d.State.Step++
	d.State.Clock = d.Town.Clock.Now()
	return d.save()
}

// PassTo moves the clock to an instant, stopping at every instant at which an open clock changes its status, so that each
// alert leaves at its own time.
func (d *Demo) PassTo(ctx context.Context, at time.Time) error {
	for {
		s, err := d.settle(ctx)
		if err != nil {
			return err
		}
		if s.NextTransition == nil || s.NextTransition.After(at) {
			break
		}
		if s.NextTransition.After(d.Town.Clock.Now()) {
			if err := d.Town.Clock.Set(*s.NextTransition, false); err != nil {
				return err
			}
		}
	}
	if at.After(d.Town.Clock.Now()) {
		if err := d.Town.Clock.Set(at, false); err != nil {
			return err
		}
	}
	_, err := d.settle(ctx)
	return err
}

func (d *Demo) settle(ctx context.Context) (Status, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	return d.Admin.Settled(ctx, d.Town.Clock.Now())
}

// Step does one step of the story and lets the product take it in.
func (d *Demo) Step(ctx context.Context, s samples.Step) error {
	switch s.Do {
	case "note":
		if !d.Quiet {
			fmt.Fprintf(d.Out, "  %s  %s\n", s.At.Format("02 Jan 15:04"), s.Text)
		}
		return nil
	case "ironclad.complete", "ironclad.lose", "ironclad.fire", "ironclad.forge":
		if err := d.ironcladStep(ctx, s); err != nil {
			return err
		}
		if s.Do == "ironclad.lose" {
			return nil // the poll finds it later
		}
	case "servicenow.create", "servicenow.late_create", "servicenow.update":
		if err := d.serviceNowStep(ctx, s); err != nil {
			return err
		}
		if err := d.Sync(ctx, "servicenow"); err != nil {
			return err
		}
	case "event":
		c := NewClient(d.Base, d.State.EventKey)
		if err := c.Do(ctx, http.MethodPost, "/events", map[string]any{"events": []json.RawMessage{s.JSON}}, nil); err != nil {
			return err
		}
	case "review":
		if err := d.Review(ctx, s); err != nil {
			return err
		}
	default:
		return fmt.Errorf("the story has a step %q, which the demo does not know", s.Do)
	}
	_, err := d.settle(ctx)
	return err
}

func (d *Demo) ironcladStep(ctx context.Context, s samples.Step) error {
	base := d.Town.URLs.Ironclad
	c := NewClient("", "")
	payload := stage.Object{"workflowID": s.Workflow}
	fire := ironclad.Fire{Event: s.Event, Payload: payload, Times: max(s.Times, 1), Wait: true}
	if fire.Event == "" {
		fire.Event = "workflow_completed"
	}
	switch s.Do {
	case "ironclad.forge":
		// A refusal is the point: the stand-in reports how the product answered.
		return c.Raw(ctx, http.MethodPost, base+"/_sim/forge", jsonBody(ironclad.Fire{Event: fire.Event, Payload: payload, Times: 1}), "application/json", nil)
	case "ironclad.lose":
		return c.Raw(ctx, http.MethodPost, base+"/_sim/workflows/"+s.Workflow+"/complete?quiet=true", nil, "", nil)
	case "ironclad.complete":
		if err := c.Raw(ctx, http.MethodPost, base+"/_sim/workflows/"+s.Workflow+"/complete?quiet=true", nil, "", nil); err != nil {
			return err
		}
	}
	return c.Raw(ctx, http.MethodPost, base+"/_sim/fire", jsonBody(fire), "application/json", nil)
}

func (d *Demo) serviceNowStep(ctx context.Context, s samples.Step) error {
	table := s.Table
	if table == "" {
		table = "incident"
	}
	method, address := http.MethodPost, d.Town.URLs.ServiceNow+"/api/now/table/"+table
	if s.Do == "servicenow.update" {
		id, ok := d.State.Handles[s.ID]
		if !ok {
			return fmt.Errorf("the story updates %q before it was made", s.ID)
		}
		method, address = http.MethodPatch, address+"/"+id
	}
	req, err := http.NewRequestWithContext(ctx, method, address, jsonBody(s.Fields))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	who := s.As
	if who == "" {
		who = "system"
	}
	req.SetBasicAuth(who, "demo")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	var out struct {
		Result struct {
			SysID string `json:"sys_id"`
		} `json:"result"`
	}
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil || res.StatusCode >= 300 {
		return fmt.Errorf("ServiceNow answered %s to %s %s", res.Status, method, address)
	}
	if s.Do != "servicenow.update" {
		d.State.Handles[s.ID] = out.Result.SysID
	}
	return nil
}

func jsonBody(v any) *bytes.Reader {
	b, _ := json.Marshal(v) // maps and plain structs only
	return bytes.NewReader(b)
}
