package ironclad_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/connectortest"
	"github.com/pactloop/pactloop/internal/connector/ironclad"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

type object = map[string]any

// system is a small Ironclad, written from its description.
type system struct {
	mu          sync.Mutex
	records     []object
	obligations []object
	webhooks    []object
	patches     int
	key         *rsa.PrivateKey
	keyFetches  int
}

func newSystem() *system {
	s := &system{}
	for i := range 3 {
		s.records = append(s.records, object{
			"id": fmt.Sprintf("rec-%d", i), "ironcladId": fmt.Sprintf("IC-%d", i), "type": "masterServicesAgreement", "name": fmt.Sprintf("MSA %d", i),
			"lastUpdated": "2026-03-01T10:00:00.000Z", "links": []any{},
			"properties": object{
				"counterpartyName": object{"type": "string", "value": "Acme Corp"},
				"effectiveDate":    object{"type": "date", "value": "2026-01-01T00:00:00Z"},
				"contractValue":    object{"type": "monetary_amount", "value": object{"amount": 1000, "currency": "USD"}},
			},
			"attachments": object{"draft": object{"filename": "a.docx", "href": "x"}, "signedCopy": object{"filename": "a.pdf", "contentType": "application/pdf", "href": "x"}},
		})
	}
	s.records[1]["parentId"], s.records[1]["parentLinkType"] = "rec-0", "amendment"
	s.records[2]["type"], s.records[2]["links"] = "statementOfWork", []any{object{"recordId": "rec-0"}}
	return s
}

func (s *system) handler() http.Handler {
	mux := http.NewServeMux()
	reply := func(w http.ResponseWriter, status int, v any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	fail := func(w http.ResponseWriter, status int, message string) {
		reply(w, status, object{"code": "INVALID_PARAM", "message": message})
	}
	mux.HandleFunc("POST /oauth/token", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, 200, object{"access_token": "tok", "token_type": "Bearer", "expires_in": 3600})
	})
	mux.HandleFunc("GET /public/api/v1/records/metadata", func(w http.ResponseWriter, _ *http.Request) {
		kinds := object{}
		for name, kind := range map[string]string{"counterpartyName": "string", "effectiveDate": "date", "contractValue": "monetary_amount", "autoRenewal": "boolean", "noticePeriod": "duration", "pactloopKey": "string", "clauses": "clause"} {
			kinds[name] = object{"displayName": name, "type": kind}
		}
		reply(w, 200, object{"properties": kinds})
	})
	mux.HandleFunc("GET /public/api/v1/records", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		var list []object
		for _, rec := range s.records {
			if rec["lastUpdated"].(string) >= r.URL.Query().Get("lastUpdated") {
				list = append(list, rec)
			}
		}
		slices.SortStableFunc(list, func(a, b object) int { return strings.Compare(a["lastUpdated"].(string), b["lastUpdated"].(string)) })
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		size, _ := strconv.Atoi(r.URL.Query().Get("pageSize"))
		from := min(page*size, len(list))
		reply(w, 200, object{"page": page, "pageSize": size, "count": len(list), "list": list[from:min(from+size, len(list))]})
	})
	mux.HandleFunc("GET /public/api/v1/records/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if rec := find(s.records, r.PathValue("id")); rec != nil {
			reply(w, 200, rec)
			return
		}
		reply(w, 400, object{"code": "NOT_FOUND", "message": "no such record"})
	})
	mux.HandleFunc("PATCH /public/api/v1/records/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.patches++
		rec := find(s.records, r.PathValue("id"))
		var body struct {
			Add map[string]any `json:"addProperties"`
		}
		d := json.NewDecoder(r.Body)
		d.DisallowUnknownFields()
		if err := d.Decode(&body); err != nil || rec == nil {
			fail(w, 400, "unknown property "+fmt.Sprint(err))
			return
		}
		for k, v := range body.Add {
			rec["properties"].(object)[k] = v
		}
		rec["lastUpdated"] = "2026-03-02T10:00:00.000Z"
		reply(w, 200, rec)
	})
	mux.HandleFunc("GET /public/api/v1/records/{id}/attachments/{key}", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("%PDF-1.7 body"))
	})
	mux.HandleFunc("GET /public/api/v1/workflows/{id}", func(w http.ResponseWriter, r *http.Request) {
		reply(w, 200, object{"id": r.PathValue("id"), "lastUpdated": "2026-03-01T10:00:00Z", "recordIds": []string{"rec-0", "rec-1"}})
	})
	mux.HandleFunc("GET /public/api/v1/obligations", func(w http.ResponseWriter, r *http.Request) {
		// The filter is ignored, as a hard case: the connector must check what it gets.
		s.mu.Lock()
		defer s.mu.Unlock()
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		from := min(page*100, len(s.obligations))
		reply(w, 200, object{"list": s.obligations[from:min(from+100, len(s.obligations))]})
	})
	mux.HandleFunc("POST /public/api/v1/obligations", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		var body object
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || body["name"] == nil || body["parentId"] == nil || body["obligationTypeKey"] == nil {
			fail(w, 400, "missing")
			return
		}
		o := object{"id": fmt.Sprintf("obl-%d", len(s.obligations)), "ironcladId": "OB-1", "name": body["name"], "properties": body["properties"], "lastUpdated": "2026-03-01T00:00:00Z"}
		s.obligations = append(s.obligations, o)
		reply(w, 201, o)
	})
	mux.HandleFunc("GET /public/api/v1/obligations/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if o := find(s.obligations, r.PathValue("id")); o != nil {
			reply(w, 200, o)
			return
		}
		fail(w, 404, "not found")
	})
	mux.HandleFunc("PATCH /public/api/v1/obligations/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		o := find(s.obligations, r.PathValue("id"))
		var body struct {
			Add map[string]any `json:"addProperties"`
		}
		_ = json.NewDecoder(r.Body).Decode(&body)
		for k, v := range body.Add {
			o["properties"].(object)[k] = v
		}
		s.patches++
		reply(w, 200, o)
	})
	mux.HandleFunc("GET /public/api/v1/webhooks/verification-key", func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.keyFetches++
		der, _ := x509.MarshalPKIXPublicKey(&s.key.PublicKey)
		_ = pem.Encode(w, &pem.Block{Type: "PUBLIC KEY", Bytes: der})
	})
	mux.HandleFunc("GET /public/api/v1/webhooks", func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		reply(w, 200, object{"page": 0, "pageSize": 100, "list": s.webhooks})
	})
	mux.HandleFunc("POST /public/api/v1/webhooks", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		var body object
		_ = json.NewDecoder(r.Body).Decode(&body)
		body["id"], body["status"] = fmt.Sprint("wh-", len(s.webhooks)), "enabled"
		s.webhooks = append(s.webhooks, body)
		reply(w, 201, body)
	})
	mux.HandleFunc("PATCH /public/api/v1/webhooks/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		find(s.webhooks, r.PathValue("id"))["status"] = "enabled"
		reply(w, 200, object{})
	})
	return mux
}

// turn changes the key.
func (s *system) turn(key *rsa.PrivateKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.key = key
}

func (s *system) fetches() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keyFetches
}

func find(list []object, id string) object {
	for _, o := range list {
		if o["id"] == id {
			return o
		}
	}
	return nil
}

func values(base string) connector.Values {
	return connector.Values{"base_url": base + "/public/api/v1", "client_id": "id", "client_secret": connectortest.Canary, "as_user_email": "legal@acme.test"}
}

func open(t *testing.T, s *system, change func(connector.Values)) *ironclad.Connection {
	t.Helper()
	server := httptest.NewServer(s.handler())
	t.Cleanup(server.Close)
	v := values(server.URL)
	if change != nil {
		change(v)
	}
	return connectortest.Open(t, ironclad.Connector(), v, server.URL).(*ironclad.Connection)
}

var (
	update = pact.Action{Kind: "update_record", Object: "record", ExternalID: "rec-0", Key: "ver_1/record", Fields: map[string]any{
		"effectiveDate": "2026-02-01", "contractValue": map[string]any{"amount": json.Number("2500.50"), "currency": "EUR"}, "autoRenewal": true, "noticePeriod": "P90D",
	}}
	create = pact.Action{Kind: "create_obligation", Object: "obligation", ExternalID: "rec-0", Key: "fnd_1/v1", Fields: map[string]any{
		"name": "SLA Risk: INC0010001", "description": "Ticket at 90 %", "due": "2026-03-05", "amount": 12.5,
	}}
)

func TestSuite(t *testing.T) {
	t.Parallel()
	systems := func() (http.Handler, func() int) {
		s := newSystem()
		return s.handler(), func() int {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.patches + len(s.obligations)
		}
	}
	connectortest.Run(t, connectortest.Case{
		Connector: ironclad.Connector(), Values: values, System: systems, Stream: "records",
		Sign:    func(r *http.Request) bool { return r.URL.Path == "/oauth/token" },
		Actions: []pact.Action{update, create},
	})
}

func TestAnObligationIsAlsoFoundByTheMarkerInItsName(t *testing.T) {
	t.Parallel()
	s := newSystem()
	c := open(t, s, func(v connector.Values) { v["key_property"] = "none" })
	for range 3 {
		if _, err := c.Write(t.Context(), create); err != nil {
			t.Fatal(err)
		}
	}
	other := create
	other.Key = "fnd_1/v10" // the marker of v1 must not be found in it
	if _, err := c.Write(t.Context(), other); err != nil || len(s.obligations) != 2 {
		t.Errorf("%d obligations, %v", len(s.obligations), err)
	}
}

func TestAnObligationIsUpdatedByTheKeyOfItsCreation(t *testing.T) {
	t.Parallel()
	s := newSystem()
	c := open(t, s, nil)
	if _, err := c.Write(t.Context(), create); err != nil {
		t.Fatal(err)
	}
	a := pact.Action{Kind: "update_obligation", Key: "fnd_1/v2", Fields: map[string]any{"obligation_key": "fnd_1/v1", "status": "breached"}}
	receipt, err := c.Write(t.Context(), a)
	if err != nil || receipt.Values["status"] != "breached" || receipt.Found {
		t.Fatalf("%+v, %v", receipt, err)
	}
	if receipt, err = c.Write(t.Context(), a); err != nil || !receipt.Found || s.patches != 1 {
		t.Errorf("%+v, %v, %d patches", receipt, err, s.patches)
	}
}

func TestARecordIsUpdatedWithTypedPropertiesAndTheReceiptTellsWhatStandsThere(t *testing.T) {
	t.Parallel()
	s := newSystem()
	c := open(t, s, nil)
	receipt, err := c.Write(t.Context(), update)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range update.Fields {
		if !connector.SameValue(receipt.Values[name], want) {
			t.Errorf("%s: %v, want %v", name, receipt.Values[name], want)
		}
	}
	props := s.records[0]["properties"].(object)
	if fmt.Sprint(props["effectiveDate"]) != "map[type:date value:2026-02-01T00:00:00Z]" || fmt.Sprint(props["pactloopKey"]) != "map[type:string value:ver_1/record]" {
		t.Errorf("properties %v", props)
	}
}

func TestFailuresOfAWriteAreToldApart(t *testing.T) {
	t.Parallel()
	c := open(t, newSystem(), nil)
	for name, x := range map[string]struct {
		change func(*pact.Action)
		class  connector.Failure
	}{
		"unknown property": {func(a *pact.Action) { a.Fields = map[string]any{"nope": "x"} }, connector.FailUnmapped},
		"unknown record":   {func(a *pact.Action) { a.ExternalID = "rec-9" }, connector.FailUnmapped},
		"no record":        {func(a *pact.Action) { a.ExternalID = "" }, connector.FailUnmapped},
		"wrong kind":       {func(a *pact.Action) { a.Fields = map[string]any{"effectiveDate": true} }, connector.FailInvalid},
		"kind not written": {func(a *pact.Action) { a.Fields = map[string]any{"clauses": "x"} }, connector.FailInvalid},
		"changed there":    {func(a *pact.Action) { a.Before = map[string]any{"effectiveDate": "2025-12-31"} }, connector.FailConflict},
	} {
		a := update
		x.change(&a)
		_, err := c.Write(t.Context(), a)
		if class, _ := connector.FailureOf(err); err == nil || class != x.class {
			t.Errorf("%s: class %q, %v", name, class, err)
		}
	}
}

func TestRecordsBecomeFactsWithFamilyAndFiles(t *testing.T) {
	t.Parallel()
	c := open(t, newSystem(), nil)
	records, _ := connectortest.ReadAll(t.Context(), t, c, "records", "")
	byID := map[string]pact.Record{}
	for _, r := range records {
		byID[r.ExternalID] = r
	}
	if f := byID["rec-0"].Contract; f.Customer != "Acme Corp" || f.Number != "IC-0" || f.ParentID != "" || f.Fields["contractValue"] != "1000 USD" {
		t.Errorf("facts %+v", f)
	}
	if f := byID["rec-1"].Contract; f.ParentID != "rec-0" || f.Relation != "amendment" {
		t.Errorf("amendment %+v", f)
	}
	if f := byID["rec-2"].Contract; f.ParentID != "rec-0" || f.Relation != "sow" {
		t.Errorf("sow %+v", f)
	}
	if f := byID["rec-0"].Files; len(f) != 2 || f[0].Key != "signedCopy" || !f[0].Signed {
		t.Errorf("files %+v", f)
	}
	w, err := c.Fetch(t.Context(), pact.RecordRef{Object: "workflow", ExternalID: "wf-1"})
	if err != nil || len(w.Refs) != 2 || w.Refs[0] != (pact.RecordRef{Object: "record", ExternalID: "rec-0"}) {
		t.Errorf("workflow %+v, %v", w, err)
	}
	if _, err := c.Fetch(t.Context(), pact.RecordRef{Object: "record", ExternalID: "rec-9"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("missing record: %v", err)
	}
	file, err := c.File(t.Context(), pact.RecordRef{Object: "record", ExternalID: "rec-0"}, "signedCopy", 13)
	if err != nil || string(file) != "%PDF-1.7 body" {
		t.Errorf("file %q, %v", file, err)
	}
	if _, err := c.File(t.Context(), pact.RecordRef{Object: "record", ExternalID: "rec-0"}, "signedCopy", 12); !fault.Is(err, fault.Invalid) {
		t.Errorf("file over the limit: %v", err)
	}
}

// signed makes the headers of a delivery.
func signed(t *testing.T, key *rsa.PrivateKey, id string, body []byte, algorithm, encoding string) http.Header {
	t.Helper()
	text := slices.Concat([]byte(id), body, []byte("nonce-1"))
	hash, digest := crypto.SHA256, []byte(nil)
	if strings.HasSuffix(algorithm, "512") {
		sum := sha512.Sum512(text)
		hash, digest = crypto.SHA512, sum[:]
	} else {
		sum := sha256.Sum256(text)
		digest = sum[:]
	}
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, hash, digest)
	if err != nil {
		t.Fatal(err)
	}
	encoded := base64.StdEncoding.EncodeToString(signature)
	if encoding == "hex" {
		encoded = hex.EncodeToString(signature)
	}
	v, _ := json.Marshal(object{"nonce": "nonce-1", "signAlgorithm": algorithm, "signature": encoded, "encoding": encoding})
	return http.Header{"X-Ironclad-Webhook-Event-Id": {id}, "X-Ironclad-Webhook-Verification": {string(v)}}
}

func newKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

var delivery = []byte(`{"companyID":"c","payload":{"event":"workflow_completed","templateID":"t","workflowID":"wf-1"},"timestamp":"2022-04-07T21:36:52.776Z","webhookID":"w"}`)

func TestASignedDeliveryIsAcceptedInEveryDocumentedForm(t *testing.T) {
	t.Parallel()
	s := newSystem()
	s.key = newKey(t)
	c := open(t, s, nil)
	for _, algorithm := range []string{"RSA-SHA256", "SHA256", "RSA-SHA512"} {
		for _, encoding := range []string{"base64", "hex"} {
			id, err := c.Verify(t.Context(), signed(t, s.key, "evt-1", delivery, algorithm, encoding), delivery)
			if err != nil || id != "evt-1" {
				t.Errorf("%s %s: %q, %v", algorithm, encoding, id, err)
			}
		}
	}
	if s.keyFetches != 1 {
		t.Errorf("the key was fetched %d times", s.keyFetches)
	}
}

func TestEveryFlippedByteIsDenied(t *testing.T) {
	t.Parallel()
	s := newSystem()
	s.key = newKey(t)
	c := open(t, s, nil)
	for _, encoding := range []string{"base64", "hex"} {
		good := signed(t, s.key, "evt-1", delivery, "RSA-SHA256", encoding)
		denied := func(what string, header http.Header, body []byte) {
			if _, err := c.Verify(t.Context(), header, body); !refused(err) {
				t.Errorf("%s: %v", what, err)
			}
		}
		for i := range delivery {
			body := slices.Clone(delivery)
			body[i] ^= 0x20
			denied(fmt.Sprint("body byte ", i), good, body)
		}
		for i := range "evt-1" {
			id := []byte("evt-1")
			id[i] ^= 1
			header := good.Clone()
			header.Set("X-Ironclad-Webhook-Event-Id", string(id))
			denied(fmt.Sprint("id byte ", i), header, delivery)
		}
		var v map[string]string
		_ = json.Unmarshal([]byte(good.Get("X-Ironclad-Webhook-Verification")), &v)
		for _, member := range []string{"signature", "nonce"} {
			for i := range v[member] {
				changed := map[string]string{}
				for k, x := range v {
					changed[k] = x
				}
				b := []byte(v[member])
				b[i] ^= 0x20
				changed[member] = string(b)
				text, _ := json.Marshal(changed)
				denied(fmt.Sprint(encoding, " ", member, " byte ", i), http.Header{"X-Ironclad-Webhook-Event-Id": {"evt-1"}, "X-Ironclad-Webhook-Verification": {string(text)}}, delivery)
			}
		}
	}
	// The same members with the same values, in another order and with other white space: the bytes are what was signed.
	for _, body := range []string{
		`{"webhookID":"w","timestamp":"2022-04-07T21:36:52.776Z","payload":{"event":"workflow_completed","templateID":"t","workflowID":"wf-1"},"companyID":"c"}`,
		`{"companyID":"c","payload":{"workflowID":"wf-1","templateID":"t","event":"workflow_completed"},"timestamp":"2022-04-07T21:36:52.776Z","webhookID":"w"}`,
		strings.Replace(string(delivery), ",", ", ", 1), string(delivery) + "\n",
	} {
		var one, other any
		if err := errors.Join(json.Unmarshal(delivery, &one), json.Unmarshal([]byte(body), &other)); err != nil || !reflect.DeepEqual(one, other) {
			t.Fatalf("%s says something else: %v", body, err)
		}
		if _, err := c.Verify(t.Context(), signed(t, s.key, "evt-1", delivery, "RSA-SHA256", "hex"), []byte(body)); !refused(err) {
			t.Errorf("%s was accepted", body)
		}
	}
	if s.fetches() > 1+5 {
		t.Errorf("forged requests made us fetch the key %d times", s.fetches())
	}
}

// refused tells that a delivery was not taken: it is forged, or so many were that the key is not asked for again to tell.
func refused(err error) bool {
	class, wait := connector.FailureOf(err)
	return fault.Is(err, fault.Denied) || err != nil && class == connector.FailUnavailable && wait > 0
}

func TestANewKeyIsFoundAtOnceAndForgedDeliveriesDoNotHammerIronclad(t *testing.T) {
	t.Parallel()
	s := newSystem()
	first, second, foreign := newKey(t), newKey(t), newKey(t)
	s.turn(first)
	c := open(t, s, nil)
	verify := func(key *rsa.PrivateKey, id string) error {
		got, err := c.Verify(t.Context(), signed(t, key, id, delivery, "RSA-SHA256", "base64"), delivery)
		if err == nil && got != id {
			t.Errorf("%s was taken for %s", id, got)
		}
		return err
	}
	if err := verify(first, "evt-1"); err != nil {
		t.Fatal(err)
	}
	s.turn(second) // within a second of the first fetch
	if err := verify(second, "evt-2"); err != nil {
		t.Errorf("the new key: %v", err)
	}
	if err := verify(first, "evt-3"); !fault.Is(err, fault.Denied) {
		t.Errorf("the old key, which Ironclad gave up: %v", err)
	}
	for i := range 3 {
		if err := verify(foreign, fmt.Sprint("forged-", i)); !fault.Is(err, fault.Denied) {
			t.Errorf("forged %d: %v", i, err)
		}
	}
	before := s.fetches()
	s.turn(first)
	for i := range 50 {
		if err := verify(foreign, fmt.Sprint("more-", i)); fault.Is(err, fault.Denied) || !refused(err) {
			t.Errorf("forged beyond the limit: %v", err)
		}
	}
	if s.fetches() != before || before != 1+5 {
		t.Errorf("the key was fetched %d times, then %d", before, s.fetches())
	}
	err := verify(first, "evt-4") // genuine, and it can not be told now
	if class, wait := connector.FailureOf(err); fault.Is(err, fault.Denied) || class != connector.FailUnavailable || wait <= 0 || wait > time.Minute {
		t.Errorf("%v, wait %s", err, wait)
	}
	if err := verify(second, "evt-5"); err != nil {
		t.Errorf("what fits the known key is taken all the while: %v", err)
	}
	c.Pass(time.Minute)
	if err := verify(first, "evt-4"); err != nil { // Ironclad sent it again
		t.Errorf("after the pause: %v", err)
	}
}

func TestAnOldDeliveryIsJudgedByItsEventIDAlone(t *testing.T) {
	t.Parallel()
	s := newSystem()
	s.turn(newKey(t))
	c := open(t, s, nil)
	for _, stamp := range []string{"1999-01-01T00:00:00.000Z", "2022-04-07T21:36:52.776Z", "2099-01-01T00:00:00.000Z", "never"} {
		body := bytes.ReplaceAll(delivery, []byte("2022-04-07T21:36:52.776Z"), []byte(stamp))
		if id, err := c.Verify(t.Context(), signed(t, s.key, "evt-"+stamp, body, "RSA-SHA256", "base64"), body); err != nil || id != "evt-"+stamp {
			t.Errorf("%s: %q, %v", stamp, id, err)
		}
		other := signed(t, s.key, "evt-"+stamp, body, "RSA-SHA256", "base64")
		other.Set("X-Ironclad-Webhook-Event-Id", "evt-new") // an old delivery can not be sent again as a new one
		if _, err := c.Verify(t.Context(), other, body); !refused(err) {
			t.Errorf("%s under another id: %v", stamp, err)
		}
	}
}

func TestMalformedHeadersAreDenied(t *testing.T) {
	t.Parallel()
	s := newSystem()
	s.key = newKey(t)
	c := open(t, s, nil)
	good := signed(t, s.key, "evt-1", delivery, "RSA-SHA256", "base64")
	text := good.Get("X-Ironclad-Webhook-Verification")
	for name, header := range map[string]http.Header{
		"none":            {},
		"no id":           {"X-Ironclad-Webhook-Verification": {text}},
		"two ids":         {"X-Ironclad-Webhook-Event-Id": {"evt-1", "evt-1"}, "X-Ironclad-Webhook-Verification": {text}},
		"no verification": {"X-Ironclad-Webhook-Event-Id": {"evt-1"}},
		"not JSON":        {"X-Ironclad-Webhook-Event-Id": {"evt-1"}, "X-Ironclad-Webhook-Verification": {"x"}},
		"trailing JSON":   {"X-Ironclad-Webhook-Event-Id": {"evt-1"}, "X-Ironclad-Webhook-Verification": {text + "{}"}},
		"weak algorithm":  signed(t, s.key, "evt-1", delivery, "RSA-SHA1", "base64"),
		"no algorithm":    signed(t, s.key, "evt-1", delivery, "", "base64"),
		"other encoding":  signed(t, s.key, "evt-1", delivery, "RSA-SHA256", "binary"),
		"long":            {"X-Ironclad-Webhook-Event-Id": {"evt-1"}, "X-Ironclad-Webhook-Verification": {strings.Repeat("{", 10000)}},
		"long id":         {"X-Ironclad-Webhook-Event-Id": {strings.Repeat("e", 201)}, "X-Ironclad-Webhook-Verification": {text}},
		"other key":       signed(t, newKey(t), "evt-1", delivery, "RSA-SHA256", "base64"),
	} {
		if _, err := c.Verify(t.Context(), header, delivery); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s.keyFetches > 2 { // once at first, once for the one that is well formed and does not fit
		t.Errorf("forged requests made us fetch the key %d times", s.keyFetches)
	}
}

func TestAWebhookNamesWhatToFetch(t *testing.T) {
	t.Parallel()
	c := open(t, newSystem(), nil)
	for body, want := range map[string]string{
		string(delivery): "[workflow/wf-1]",
		`{"payload":{"event":"record_contract_status_changed","recordID":"rec-0"}}`: "[record/rec-0]",
		`{"payload":{"event":"workflow_comment_added","workflowID":"wf-1"}}`:        "[]",
		`{"payload":{"event":"workflow_completed"}}`:                                "error",
		`{"payload":{}}`: "error", `[]`: "error", ``: "error", `{"payload":{"event":"workflow_completed","workflowID":1}}`: "error",
	} {
		refs, err := c.Parse(t.Context(), nil, []byte(body))
		got := []string{}
		for _, r := range refs {
			got = append(got, r.Object+"/"+r.ExternalID)
		}
		text := fmt.Sprint(got)
		if err != nil {
			text = "error"
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", body, err)
			}
		}
		if text != want {
			t.Errorf("%s: %s, want %s", body, text, want)
		}
	}
}

func TestTheWebhookIsRegisteredOnceAndEnabledAgain(t *testing.T) {
	t.Parallel()
	s := newSystem()
	s.key = newKey(t)
	c := open(t, s, nil)
	for range 3 {
		if err := c.RegisterWebhook(t.Context(), "https://pactloop.test/webhooks/cnn_1"); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.webhooks) != 1 {
		t.Fatalf("%d webhooks", len(s.webhooks))
	}
	const target = "https://pactloop.test/webhooks/cnn_1"
	state := func(target string) connector.WebhookState {
		t.Helper()
		st, err := c.WebhookState(t.Context(), target)
		if err != nil {
			t.Fatal(err)
		}
		return st
	}
	if st := state(target); st.State != "registered" || len(st.Lacks) != 0 || len(st.Events) == 0 || st.KeyAt.IsZero() {
		t.Errorf("registered: %+v", st)
	}
	if st := state("https://other.test/"); st.State != "missing" {
		t.Errorf("another address: %+v", st)
	}
	s.webhooks[0]["events"] = []any{"workflow_completed"}
	if st := state(target); len(st.Lacks) == 0 {
		t.Errorf("events taken away there: %+v", st)
	}
	s.webhooks[0]["status"] = "disabledBySystem"
	if st := state(target); st.State != "disabled" {
		t.Errorf("disabled: %+v", st)
	}
	if err := c.RegisterWebhook(t.Context(), "https://pactloop.test/webhooks/cnn_1"); err != nil || s.webhooks[0]["status"] != "enabled" {
		t.Errorf("%v, %v", s.webhooks[0]["status"], err)
	}
}

func TestHostileRecordsDoNotPanic(t *testing.T) {
	t.Parallel()
	for _, record := range []string{
		`{}`, `[]`, `null`, `{"id":1}`, `{"id":"x","properties":[]}`, `{"id":"x","lastUpdated":"never"}`,
		`{"id":"x","lastUpdated":"2026-03-01T10:00:00Z","properties":{"a":{"type":"date","value":{"value":[]}},"b":null},"attachments":{"":{}},"links":[{}]}`,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/oauth/token" {
				_, _ = fmt.Fprint(w, `{"access_token":"t"}`)
				return
			}
			_, _ = fmt.Fprintf(w, `{"list":[%s]}`, record)
		}))
		c := connectortest.Open(t, ironclad.Connector(), values(server.URL), server.URL).(*ironclad.Connection)
		_, _ = c.Read(t.Context(), "records", "")
		_, _ = c.Fetch(t.Context(), pact.RecordRef{Object: "record", ExternalID: "x"})
		server.Close()
	}
}

func TestALostWebhookIsMadeUpForByThePoll(t *testing.T) {
	t.Parallel()
	s := newSystem()
	c := open(t, s, nil)
	_, cursor := connectortest.ReadAll(t.Context(), t, c, "records", "")
	s.mu.Lock()
	late := map[string]any{}
	for k, v := range s.records[0] {
		late[k] = v
	}
	late["id"], late["lastUpdated"] = "rec-late", connectortest.Now().Format(time.RFC3339)
	s.records = append(s.records, late)
	s.mu.Unlock()
	records, _ := connectortest.ReadAll(t.Context(), t, c, "records", cursor)
	if len(records) != 1 || records[0].ExternalID != "rec-late" {
		t.Errorf("%d records", len(records))
	}
}
