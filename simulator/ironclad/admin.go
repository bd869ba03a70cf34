package ironclad

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/pactloop/pactloop/simulator/stage"
)

// admin is what a person of the story does inside the other system, and what a test needs to see.
func (s *Simulator) admin() map[string]http.Handler {
	return map[string]http.Handler{
		"POST /_sim/workflows/{id}/complete": http.HandlerFunc(s.adminComplete),
		"POST /_sim/fire":                    http.HandlerFunc(s.adminFire),
		"POST /_sim/forge":                   http.HandlerFunc(s.adminForge),
		"GET /_sim/deliveries":               http.HandlerFunc(s.adminDeliveries),
		"POST /_sim/tokens/expire": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			s.tokens.ExpireAll()
			w.WriteHeader(http.StatusNoContent)
		}),
	}
}

// Complete signs a workflow: status, record ids, the records that come from it, and the events. Completing twice is harmless and fires nothing new.
// With quiet no webhook is sent, as when it is lost.
func (s *Simulator) Complete(id string, quiet bool) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.workflow(id, http.StatusNotFound)
	if err != nil {
		return nil, err
	}
	ids := s.recordsFrom(o)
	if text(o["status"]) == "completed" {
		return ids, nil
	}
	if len(ids) == 0 {
		ids = []string{s.recordFor(o)}
	}
	o["status"], o["step"], o["isComplete"], o["isCancelled"] = "completed", "Complete", true, false
	o["approvals"], o["signatures"] = stage.Object{"state": "completed"}, stage.Object{"state": "completed"}
	list := []any{}
	for _, rid := range ids {
		list = append(list, rid)
		s.touch(find(s.records, rid))
	}
	o["recordIds"] = list
	s.touch(o)
	if !quiet {
		s.emit(workflowEvent("workflow_signature_packet_fully_signed", o))
		s.emit(workflowEvent("workflow_completed", o))
	}
	return ids, nil
}

// recordsFrom are the records a workflow leads to: those it names, or those that name it as their source.
func (s *Simulator) recordsFrom(flow stage.Object) []string {
	var ids []string
	for _, v := range list(flow["recordIds"]) {
		if o := find(s.records, text(v)); o != nil {
			ids = append(ids, text(o["id"]))
		}
	}
	if ids != nil {
		return ids
	}
	for _, o := range s.records {
		if source, _ := o["source"].(stage.Object); source["workflowId"] == flow["id"] {
			ids = append(ids, text(o["id"]))
		}
	}
	return ids
}

// recordFor makes the record of a workflow that was seeded without one, with the attributes that are known as properties.
func (s *Simulator) recordFor(flow stage.Object) string {
	props := stage.Object{"workflowId": stage.Object{"type": "string", "value": flow["id"]}}
	attributes, _ := flow["attributes"].(stage.Object)
	for name, v := range attributes {
		if p, ok := s.properties[name]; ok && checkValue(p.Type, v) == "" {
			props[name] = stage.Object{"type": p.Type, "value": v}
		}
	}
	o := stage.Object{"id": newID(), "name": flow["title"], "properties": props, "source": stage.Object{"type": "workflow", "workflowId": flow["id"]}}
	(*state)(s).seedRecord(o)
	id := text(o["id"])
	for key, f := range s.files[text(flow["id"])] {
		s.attach(id, key, f)
	}
	return id
}

func (s *Simulator) adminComplete(w http.ResponseWriter, r *http.Request) {
	ids, err := s.Complete(r.PathValue("id"), r.URL.Query().Get("quiet") == "true")
	if err != nil {
		respond(w, reply{}, err)
		return
	}
	stage.WriteJSON(w, http.StatusOK, map[string]any{"recordIds": ids})
}

// Fire is an event sent on purpose.
type Fire struct {
	Event   string       `json:"event"`
	Payload stage.Object `json:"payload"`
	EventID string       `json:"event_id,omitempty"` // the same id again is a repetition of the same event
	Times   int          `json:"times,omitempty"`    // how often the same event is delivered; default once
	Delay   string       `json:"delay,omitempty"`    // wall time before the first attempt: later events overtake
	Wait    bool         `json:"wait,omitempty"`     // answer only when all are settled
}

// Fire delivers an event to the webhooks that ask for it.
func (s *Simulator) Fire(in Fire) ([]*Delivery, error) {
	var delay time.Duration
	if in.Delay != "" {
		var err error
		if delay, err = time.ParseDuration(in.Delay); err != nil {
			return nil, fmt.Errorf("delay: %w", err)
		}
	}
	if in.Times < 0 || in.Times > 1000 {
		return nil, fmt.Errorf("times must be 1 to 1000")
	}
	payload := stage.Object{}
	for k, v := range in.Payload {
		payload[k] = v
	}
	if in.Event != "" {
		payload["event"] = in.Event
	}
	if text(payload["event"]) == "" {
		return nil, fmt.Errorf("event is required")
	}
	s.mu.Lock()
	sent := s.emitAs(or(in.EventID, "ev_"+stage.NewHex(12)), payload, max(1, in.Times), delay)
	s.mu.Unlock()
	if in.Wait {
		for _, d := range sent {
			<-d.done
		}
	}
	return sent, nil
}

func (s *Simulator) adminFire(w http.ResponseWriter, r *http.Request) {
	var in Fire
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&in); err != nil {
		stage.WriteJSON(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return
	}
	sent, err := s.Fire(in)
	if err != nil {
		stage.WriteJSON(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return
	}
	s.writeDeliveries(w, sent)
}

func (s *Simulator) writeDeliveries(w http.ResponseWriter, list []*Delivery) {
	s.mu.Lock()
	out := stage.Clone(append([]*Delivery{}, list...))
	s.mu.Unlock()
	stage.WriteJSON(w, http.StatusOK, map[string]any{"deliveries": out})
}

func (s *Simulator) adminDeliveries(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	list := append([]*Delivery{}, s.deliveries...)
	s.mu.Unlock()
	s.writeDeliveries(w, list)
}

// adminForge sends what an attacker would: mode signature (signed with another key, the default), body (a true signature over another body), missing
// (no verification header), garbage (a header that is not JSON). It answers what the receiver said.
func (s *Simulator) adminForge(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Event   string       `json:"event"`
		Payload stage.Object `json:"payload"`
		Mode    string       `json:"mode"`
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err == nil && len(raw) > 0 {
		err = stage.Decode(raw, &in)
	}
	if err != nil {
		stage.WriteJSON(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return
	}
	if in.Payload == nil {
		in.Payload = stage.Object{}
	}
	in.Payload["event"] = or(in.Event, or(text(in.Payload["event"]), "workflow_completed"))
	s.mu.Lock()
	hooks := append([]*webhook{}, s.webhooks...)
	s.mu.Unlock()
	answers := []map[string]any{}
	for _, h := range hooks {
		answer := map[string]any{"target": h.TargetURL}
		status, err := s.forge(r, h, in.Payload, in.Mode)
		if err != nil {
			answer["error"] = err.Error()
		}
		answer["status"] = status
		answers = append(answers, answer)
	}
	stage.WriteJSON(w, http.StatusOK, map[string]any{"answers": answers})
}

func (s *Simulator) forge(r *http.Request, h *webhook, payload stage.Object, mode string) (int, error) {
	eventID := "ev_" + stage.NewHex(12) + "_" + h.ID[:8]
	body := s.envelope(h.ID, payload)
	signed, key := body, s.key
	switch mode {
	case "", "signature":
		var err error
		if key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			return 0, err
		}
	case "body":
		signed = append([]byte(" "), body...)
	case "missing", "garbage":
	default:
		return 0, fmt.Errorf("unknown mode %q", mode)
	}
	verification := ""
	if mode == "garbage" {
		verification = "not json"
	} else if mode != "missing" {
		var err error
		if verification, err = s.sign(key, eventID, signed); err != nil {
			return 0, err
		}
	}
	return s.post(r.Context(), h.TargetURL, eventID, verification, body)
}
