package ironclad

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/outbound"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// The headers of a delivery.
const (
	headerEventID      = "X-Ironclad-Webhook-Event-Id"
	headerVerification = "X-Ironclad-Webhook-Verification"
)

// keyLife bounds how long a public key is trusted without asking again. A delivery that does not fit makes us ask for the
// key, at most refetches times within refetchPause: so many forged ones can make us ask, and no more.
const (
	keyLife      = 24 * time.Hour
	refetches    = 5
	refetchPause = time.Minute
)

type verificationKey struct {
	key     *rsa.PublicKey
	fetched time.Time // wall clock
}

// verification is the JSON of the second header.
type verification struct {
	Nonce     string `json:"nonce"`
	Algorithm string `json:"signAlgorithm"`
	Signature string `json:"signature"`
	Encoding  string `json:"encoding"`
}

// Verify checks the signature over event id, raw body and nonce. The body is never re-encoded: another order of its keys
// is another body. Ironclad documents no time limit, so an old delivery is judged by its event id alone, which the
// caller keeps. Where the key can not be fetched the answer is "unavailable", and Ironclad delivers again.
func (c *Connection) Verify(ctx context.Context, header http.Header, body []byte) (string, error) {
	eventID, v, err := readHeaders(header)
	if err != nil {
		return "", err
	}
	hash, digest, err := digestOf(v.Algorithm, eventID, body, v.Nonce)
	if err != nil {
		return "", err
	}
	signature, err := decodeSignature(v)
	if err != nil {
		return "", err
	}
	key, err := c.publicKey(ctx)
	if err != nil {
		return "", err
	}
	if rsa.VerifyPKCS1v15(key.key, hash, digest, signature) == nil {
		return eventID, nil
	}
	// The key may have been changed there since it was fetched.
	again, err := c.renewedKey(ctx)
	if err != nil {
		return "", err
	}
	if again.key.Equal(key.key) || rsa.VerifyPKCS1v15(again.key, hash, digest, signature) != nil {
		return "", fault.New(fault.Denied, "The signature of the webhook does not fit its content.")
	}
	return eventID, nil
}

func readHeaders(header http.Header) (string, verification, error) {
	var v verification
	ids, texts := header.Values(headerEventID), header.Values(headerVerification)
	if len(ids) != 1 || len(texts) != 1 {
		return "", v, fault.New(fault.Denied, "The webhook is not signed: one %s and one %s are needed.", headerEventID, headerVerification)
	}
	id := ids[0]
	if id == "" || len(id) > 200 || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", v, fault.New(fault.Denied, "The event id of the webhook is not usable.")
	}
	if len(texts[0]) > 8<<10 {
		return "", v, fault.New(fault.Denied, "The verification header of the webhook is too long.")
	}
	d := json.NewDecoder(strings.NewReader(texts[0]))
	if err := d.Decode(&v); err != nil || d.More() {
		return "", v, fault.Wrap(fault.Denied, err, "The verification header of the webhook can not be read.")
	}
	if v.Nonce == "" || v.Signature == "" {
		return "", v, fault.New(fault.Denied, "The verification header of the webhook is incomplete.")
	}
	return id, v, nil
}

// digestOf accepts RSA with SHA-256 and SHA-512 under the names in use; nothing weaker, whatever the header asks for.
func digestOf(algorithm, eventID string, body []byte, nonce string) (crypto.Hash, []byte, error) {
	signed := slices.Concat([]byte(eventID), body, []byte(nonce))
	switch strings.ToUpper(algorithm) {
	case "RSA-SHA256", "SHA256", "SHA-256":
		sum := sha256.Sum256(signed)
		return crypto.SHA256, sum[:], nil
	case "RSA-SHA512", "SHA512", "SHA-512":
		sum := sha512.Sum512(signed)
		return crypto.SHA512, sum[:], nil
	}
	return 0, nil, fault.New(fault.Denied, "The webhook is signed with an algorithm that is not accepted.")
}

func decodeSignature(v verification) ([]byte, error) {
	var signature []byte
	var err error
	switch strings.ToLower(v.Encoding) {
	case "base64":
		signature, err = base64.StdEncoding.Strict().DecodeString(v.Signature)
	case "hex":
		if v.Signature != strings.ToLower(v.Signature) {
			return nil, fault.New(fault.Denied, "The signature of the webhook is not in its one written form.")
		}
		signature, err = hex.DecodeString(v.Signature)
	default:
		return nil, fault.New(fault.Denied, "The signature of the webhook is in an encoding that is not accepted.")
	}
	if err != nil {
		return nil, fault.Wrap(fault.Denied, err, "The signature of the webhook can not be decoded.")
	}
	return signature, nil
}

// publicKey gives the cached key, or fetches it.
func (c *Connection) publicKey(ctx context.Context) (*verificationKey, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.key != nil && time.Since(c.key.fetched) < keyLife {
		return c.key, nil
	}
	return c.fetchKey(ctx)
}

// renewedKey asks Ironclad for the key again. Where that was done too often already, it can not be told whether a delivery
// is forged or signed with a new key: "unavailable" with the time to wait, so that a genuine one comes again.
func (c *Connection) renewedKey(ctx context.Context) (*verificationKey, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	c.renewals = slices.DeleteFunc(c.renewals, func(at time.Time) bool { return now.Sub(at) >= refetchPause })
	if len(c.renewals) >= refetches {
		e := connector.Fail(connector.FailUnavailable, "The signature of the webhook does not fit the key that is known, and the key was asked for too often to ask again.")
		e.RetryAfter = refetchPause - now.Sub(c.renewals[0])
		return nil, e
	}
	c.renewals = append(c.renewals, now)
	return c.fetchKey(ctx)
}

func (c *Connection) fetchKey(ctx context.Context) (*verificationKey, error) {
	answer, err := c.api.Do(ctx, outbound.Call{
		Method: http.MethodGet, Path: "/webhooks/verification-key", Bucket: "other",
		Header: http.Header{"Accept": {"text/plain"}}, Limit: 64 << 10,
	})
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "The key to verify webhooks can not be fetched from Ironclad.")
	}
	key, err := parseKey(answer.Body)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "The key to verify webhooks that Ironclad gave can not be read.")
	}
	c.key = &verificationKey{key: key, fetched: time.Now()}
	return c.key, nil
}

func parseKey(text []byte) (*rsa.PublicKey, error) {
	// The answer is text/plain; a JSON string of it is accepted too.
	var quoted string
	if json.Unmarshal(bytes.TrimSpace(text), &quoted) == nil {
		text = []byte(quoted)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fault.New(fault.Invalid, "There is no PEM block in the answer.")
	}
	if key, err := x509.ParsePKCS1PublicKey(block.Bytes); err == nil {
		return strong(key)
	}
	if parsed, err := x509.ParsePKIXPublicKey(block.Bytes); err == nil {
		if key, ok := parsed.(*rsa.PublicKey); ok {
			return strong(key)
		}
	}
	if certificate, err := x509.ParseCertificate(block.Bytes); err == nil {
		if key, ok := certificate.PublicKey.(*rsa.PublicKey); ok {
			return strong(key)
		}
	}
	return nil, fault.New(fault.Invalid, "The PEM block holds no RSA public key.")
}

func strong(key *rsa.PublicKey) (*rsa.PublicKey, error) {
	if key.N.BitLen() < 2048 {
		return nil, fault.New(fault.Invalid, "The RSA key is shorter than 2048 bits.")
	}
	return key, nil
}

// envelope is the body of every webhook.
type envelope struct {
	Payload struct {
		Event      string `json:"event"`
		WorkflowID string `json:"workflowID"`
		RecordID   string `json:"recordID"`
		Record     string `json:"recordId"`
	} `json:"payload"`
}

// events are those worth a look: a contract may have been executed, or its status changed. All others are told by the
// poll, or do not concern an executed contract.
func events() []string {
	return []string{"workflow_completed", "workflow_cancelled", "workflow_signature_packet_fully_signed", "record_contract_status_changed"}
}

// Parse names what to fetch. The payload is only a hint: what counts is read from the API, so order and repetition of
// webhooks do not matter.
func (c *Connection) Parse(_ context.Context, _ map[string]string, body []byte) ([]pact.RecordRef, error) {
	var e envelope
	if err := json.Unmarshal(body, &e); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The body of the webhook is not the JSON that Ironclad describes.")
	}
	if e.Payload.Event == "" {
		return nil, fault.New(fault.Invalid, "The webhook names no event.")
	}
	if !slices.Contains(events(), e.Payload.Event) {
		return nil, nil
	}
	record := e.Payload.RecordID
	if record == "" {
		record = e.Payload.Record
	}
	var refs []pact.RecordRef
	if e.Payload.WorkflowID != "" {
		refs = append(refs, pact.RecordRef{Object: "workflow", ExternalID: e.Payload.WorkflowID})
	}
	if record != "" {
		refs = append(refs, pact.RecordRef{Object: "record", ExternalID: record})
	}
	if len(refs) == 0 {
		return nil, fault.New(fault.Invalid, "The webhook of the event %.60q names neither workflow nor record.", e.Payload.Event)
	}
	return refs, nil
}

// RegisterWebhook makes sure that Ironclad calls the address, with the events we read. Calling it again changes nothing;
// a webhook that Ironclad disabled after failures is enabled again.
func (c *Connection) RegisterWebhook(ctx context.Context, targetURL string) error {
	w, known, err := c.webhookOf(ctx, targetURL)
	if err != nil {
		return err
	}
	if !known {
		_, err := c.api.Do(ctx, outbound.Call{Method: http.MethodPost, Path: "/webhooks", Bucket: "other", Body: map[string]any{"events": events(), "targetURL": targetURL}})
		return err
	}
	if w.Status == "enabled" && len(lacks(w.Events)) == 0 {
		return nil
	}
	_, err = c.api.Do(ctx, outbound.Call{
		Method: http.MethodPatch, Path: "/webhooks/" + pathEscape(w.ID), Bucket: "other", Repeatable: true,
		Body: map[string]any{"events": events(), "targetURL": targetURL, "status": "enabled"},
	})
	return err
}

// WebhookState asks Ironclad for the webhook to the address, and fetches the public key where it is not known.
func (c *Connection) WebhookState(ctx context.Context, targetURL string) (connector.WebhookState, error) {
	w, known, err := c.webhookOf(ctx, targetURL)
	if err != nil {
		return connector.WebhookState{}, err
	}
	out := connector.WebhookState{State: "missing"}
	if known {
		out.State, out.Events, out.Lacks = "registered", w.Events, lacks(w.Events)
		if w.Status != "enabled" {
			out.State = "disabled"
		}
	}
	key, err := c.publicKey(ctx)
	if err != nil {
		return out, err
	}
	out.KeyAt = key.fetched
	return out, nil
}

// webhook is a registration there.
type webhook struct {
	ID        string   `json:"id"`
	Events    []string `json:"events"`
	TargetURL string   `json:"targetURL"`
	Status    string   `json:"status"`
}

// webhookOf finds the registration of an address.
func (c *Connection) webhookOf(ctx context.Context, targetURL string) (webhook, bool, error) {
	for page := 0; ; page++ {
		var list struct {
			List []webhook `json:"list"`
		}
		if _, err := c.api.JSON(ctx, outbound.Call{Method: http.MethodGet, Path: "/webhooks", Query: pageQuery(page), Bucket: "other"}, &list); err != nil {
			return webhook{}, false, err
		}
		for _, w := range list.List {
			if w.TargetURL == targetURL {
				return w, true, nil
			}
		}
		if len(list.List) < pageSize || page > 50 {
			return webhook{}, false, nil
		}
	}
}

// lacks gives the events we read that are not among those sent.
func lacks(have []string) []string {
	if slices.Contains(have, "*") {
		return nil
	}
	return slices.DeleteFunc(events(), func(e string) bool { return slices.Contains(have, e) })
}

func pageQuery(page int) map[string][]string {
	return map[string][]string{"page": {strconv.Itoa(page)}, "pageSize": {strconv.Itoa(pageSize)}}
}
