package ironclad

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/pactloop/pactloop/simulator/stage"
)

type webhook struct {
	ID           string   `json:"id"`
	Events       []string `json:"events"`
	TargetURL    string   `json:"targetURL"`
	CompanyID    string   `json:"companyId"`
	Status       string   `json:"status"`
	StatusAt     string   `json:"statusLastUpdatedAt,omitempty"`
	StatusBy     string   `json:"statusLastUpdatedBy,omitempty"`
	Failures     int      `json:"consecutiveFailureCount"`
	FirstFailure string   `json:"firstConsecutiveFailure,omitempty"`
}

func events() []string {
	return []string{
		"*", "workflow_launched", "workflow_updated", "workflow_cancelled", "workflow_completed", "workflow_approval_status_changed", "workflow_attribute_updated",
		"workflow_comment_added", "workflow_comment_removed", "workflow_comment_updated", "workflow_comment_reaction_added", "workflow_comment_reaction_removed",
		"workflow_counterparty_invite_sent", "workflow_counterparty_invite_revoked", "workflow_documents_added", "workflow_documents_removed", "workflow_documents_updated",
		"workflow_documents_renamed", "workflow_document_edited", "workflow_changed_turn", "workflow_paused", "workflow_resumed", "workflow_signature_packet_cancelled",
		"workflow_signature_packet_document_moved", "workflow_signature_packet_fully_signed", "workflow_signature_packet_sent", "workflow_signature_packet_signatures_collected",
		"workflow_signature_packet_signer_first_viewed", "workflow_signature_packet_signer_viewed", "workflow_signature_packet_uploaded", "workflow_signer_added",
		"workflow_signer_removed", "workflow_signer_reassigned", "workflow_step_updated", "workflow_roles_assigned", "record_contract_status_changed",
	}
}

type webhookBody struct {
	Events    *[]string `json:"events"`
	TargetURL *string   `json:"targetURL"`
	Status    *string   `json:"status"`
}

func (s *Simulator) readWebhook(body []byte) (webhookBody, error) {
	var in webhookBody
	if err := stage.Decode(body, &in); err != nil {
		return in, err
	}
	if in.Events != nil {
		if len(*in.Events) == 0 {
			return in, invalid("events", "at least one event is required")
		}
		for _, e := range *in.Events {
			if !slices.Contains(events(), e) {
				return in, invalid("events", "invalid event type %s", e)
			}
		}
	}
	if in.TargetURL != nil {
		u, err := url.Parse(*in.TargetURL)
		if err != nil || u.Host == "" || (u.Scheme != "https" && !(s.cfg.AllowHTTP && u.Scheme == "http")) {
			return in, invalid("targetURL", "targetURL must be an https URL")
		}
	}
	if in.Status != nil && *in.Status != "enabled" && *in.Status != "disabled" {
		return in, invalid("status", "status must be enabled or disabled")
	}
	return in, nil
}

func (s *Simulator) createWebhook(r *http.Request, body []byte) (reply, error) {
	in, err := s.readWebhook(body)
	if err != nil {
		return reply{}, err
	}
	if in.Events == nil {
		return reply{}, missing("events")
	}
	if in.TargetURL == nil {
		return reply{}, missing("targetURL")
	}
	for _, h := range s.webhooks {
		if h.TargetURL == *in.TargetURL {
			return reply{}, invalid("targetURL", "a webhook with this target URL already exists")
		}
	}
	h := &webhook{ID: newID(), Events: *in.Events, TargetURL: *in.TargetURL, CompanyID: s.cfg.CompanyID, Status: "enabled", StatusAt: stamp(s.cfg.Clock), StatusBy: actor(r)}
	if in.Status != nil {
		h.Status = *in.Status
	}
	s.webhooks = append(s.webhooks, h)
	stage.Applied(r.Context(), stage.Effect{Object: "webhook", RecordID: h.ID, Kind: "create", Detail: h.TargetURL})
	return reply{http.StatusCreated, *h}, nil
}

func (s *Simulator) listWebhooks(r *http.Request, _ []byte) (reply, error) {
	page, size, err := paging(r)
	if err != nil {
		return reply{}, err
	}
	list := []webhook{}
	for i, h := range s.webhooks {
		if i >= page*size && i < (page+1)*size {
			list = append(list, *h)
		}
	}
	return reply{http.StatusOK, map[string]any{"page": page, "pageSize": size, "list": list}}, nil
}

func (s *Simulator) webhook(id string) (*webhook, error) {
	for _, h := range s.webhooks {
		if h.ID == id {
			return h, nil
		}
	}
	return nil, notFound(http.StatusBadRequest, "couldn't find a webhook matching the id %s", id)
}

func (s *Simulator) getWebhook(r *http.Request, _ []byte) (reply, error) {
	h, err := s.webhook(r.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	return reply{http.StatusOK, *h}, nil
}

func (s *Simulator) patchWebhook(r *http.Request, body []byte) (reply, error) {
	h, err := s.webhook(r.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	in, err := s.readWebhook(body)
	if err != nil {
		return reply{}, err
	}
	if in.TargetURL != nil {
		for _, other := range s.webhooks {
			if other != h && other.TargetURL == *in.TargetURL {
				return reply{}, invalid("targetURL", "a webhook with this target URL already exists")
			}
		}
		h.TargetURL = *in.TargetURL
	}
	if in.Events != nil {
		h.Events = *in.Events
	}
	if in.Status != nil {
		h.Status, h.StatusAt, h.StatusBy = *in.Status, stamp(s.cfg.Clock), actor(r)
		h.Failures, h.FirstFailure = 0, ""
	}
	stage.Applied(r.Context(), stage.Effect{Object: "webhook", RecordID: h.ID, Kind: "update"})
	return reply{http.StatusOK, *h}, nil
}

func (s *Simulator) deleteWebhook(r *http.Request, _ []byte) (reply, error) {
	h, err := s.webhook(r.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	s.webhooks = slices.DeleteFunc(s.webhooks, func(x *webhook) bool { return x == h })
	stage.Applied(r.Context(), stage.Effect{Object: "webhook", RecordID: h.ID, Kind: "delete"})
	return reply{status: http.StatusNoContent}, nil
}

// Delivery is one event on its way to one webhook.
type Delivery struct {
	EventID   string    `json:"event_id"`
	WebhookID string    `json:"webhook_id"`
	Event     string    `json:"event"`
	Target    string    `json:"target"`
	Attempts  []Attempt `json:"attempts"`
	State     string    `json:"state"` // waiting, delivered, given_up, refused, disabled

	body []byte
	done chan struct{}
}

// Attempt is one try of a delivery.
type Attempt struct {
	At     time.Time `json:"at"` // wall time
	Status int       `json:"status,omitempty"`
	Error  string    `json:"error,omitempty"`
}

// maxTries is one first attempt and ten retries, as described.
const maxTries = 11

// emit delivers an event to every webhook that asked for it. The caller holds s.mu.
func (s *Simulator) emit(payload stage.Object) []*Delivery {
	return s.emitAs("ev_"+stage.NewHex(12), payload, 1, 0)
}

// emitAs delivers the same event (same id, same body) times over, each with its own nonce and signature as a real repetition has.
func (s *Simulator) emitAs(eventID string, payload stage.Object, times int, wait time.Duration) []*Delivery {
	event := text(payload["event"])
	var out []*Delivery
	for _, h := range s.webhooks {
		if h.Status != "enabled" || (!slices.Contains(h.Events, "*") && !slices.Contains(h.Events, event)) {
			continue
		}
		body := s.envelope(h.ID, payload)
		for range times {
			d := &Delivery{EventID: eventID + "_" + h.ID[:8], WebhookID: h.ID, Event: event, Target: h.TargetURL, State: "waiting", body: body, done: make(chan struct{})}
			s.deliveries = append(s.deliveries, d)
			out = append(out, d)
			s.wg.Add(1)
			go s.deliver(d, wait)
		}
	}
	return out
}

// envelope is the described body of every event.
func (s *Simulator) envelope(webhookID string, payload stage.Object) []byte {
	body, err := json.Marshal(struct {
		CompanyID string       `json:"companyID"`
		Payload   stage.Object `json:"payload"`
		Timestamp string       `json:"timestamp"`
		WebhookID string       `json:"webhookID"`
	}{s.cfg.CompanyID, payload, stamp(s.cfg.Clock), webhookID})
	if err != nil {
		panic(fmt.Sprintf("ironclad: payload that is not JSON: %v", err)) // it was JSON a moment ago
	}
	return body
}

func (s *Simulator) deliver(d *Delivery, wait time.Duration) {
	defer s.wg.Done()
	defer close(d.done)
	pause := s.cfg.RetryBase
	for try := range maxTries {
		if !s.rest(wait) {
			return
		}
		a, status := s.attempt(d)
		if s.settle(d, a, status, try == maxTries-1) {
			return
		}
		wait, pause = pause, pause*2
	}
}

func (s *Simulator) rest(d time.Duration) bool {
	if d <= 0 {
		return s.ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.ctx.Done():
		return false
	}
}

func (s *Simulator) attempt(d *Delivery) (Attempt, int) {
	s.slots <- struct{}{}
	defer func() { <-s.slots }()
	a := Attempt{At: time.Now().UTC()}
	verification, err := s.sign(s.key, d.EventID, d.body)
	if err != nil {
		a.Error = err.Error()
		return a, 0
	}
	a.Status, err = s.post(s.ctx, d.Target, d.EventID, verification, d.body)
	if err != nil {
		a.Error = err.Error()
	}
	return a, a.Status
}

// settle notes an attempt and says whether the delivery is over.
func (s *Simulator) settle(d *Delivery, a Attempt, status int, last bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	d.Attempts = append(d.Attempts, a)
	h, err := s.webhook(d.WebhookID)
	if err != nil {
		d.State = "given_up" // the webhook was deleted meanwhile
		return true
	}
	if status >= 200 && status < 300 {
		h.Failures, h.FirstFailure, d.State = 0, "", "delivered"
		return true
	}
	h.Failures++
	if h.FirstFailure == "" {
		h.FirstFailure = stamp(s.cfg.Clock)
	}
	if status == http.StatusGone {
		h.Status, h.StatusAt, d.State = "disabledBySystem", stamp(s.cfg.Clock), "disabled"
		return true
	}
	if h.Status != "enabled" {
		d.State = "disabled"
		return true
	}
	if last {
		d.State = "given_up"
	}
	return last
}

// sign makes the verification header: RSA with SHA-256 over event id, body and nonce.
func (s *Simulator) sign(key *rsa.PrivateKey, eventID string, body []byte) (string, error) {
	nonce := stage.NewHex(16)
	sum := sha256.New()
	sum.Write([]byte(eventID))
	sum.Write(body)
	sum.Write([]byte(nonce))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum.Sum(nil))
	if err != nil {
		return "", fmt.Errorf("signing the event: %w", err)
	}
	header, err := json.Marshal(map[string]string{"nonce": nonce, "signAlgorithm": "RSA-SHA256", "signature": base64.StdEncoding.EncodeToString(signature), "encoding": "base64"})
	if err != nil {
		return "", fmt.Errorf("writing the verification header: %w", err)
	}
	return string(header), nil
}

func (s *Simulator) post(ctx context.Context, target, eventID, verification string, body []byte) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Ironclad-Webhooks")
	if eventID != "" {
		req.Header.Set("X-Ironclad-Webhook-Event-Id", eventID)
	}
	if verification != "" {
		req.Header.Set("X-Ironclad-Webhook-Verification", verification)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}
