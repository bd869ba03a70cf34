package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/audit"
	"github.com/pactloop/pactloop/internal/auth"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

type form map[string]string

type operation struct{ id, method, path string }

// operations reads the description the server gives of itself.
func operations(t *testing.T, h *apitest.House) []operation {
	t.Helper()
	raw, err := h.Server.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	var out []operation
	for path, methods := range doc.Paths {
		for method, o := range methods {
			out = append(out, operation{o.OperationID, strings.ToUpper(method), path})
		}
	}
	slices.SortFunc(out, func(a, b operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return out
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	body   string
}

func (a reply) into(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
}

// send makes a request with a key; the stream of /live is cut after its first event.
func send(t *testing.T, h *apitest.House, key, method, path string, body any, header ...string) reply {
	t.Helper()
	reader, kind := encode(t, body)
	if kind != "" {
		header = append([]string{"Content-Type", kind}, header...)
	}
	switch {
	case strings.HasPrefix(key, cookieName):
		header = append(header, "Cookie", key)
	case key != "":
		header = append(header, "Authorization", "Bearer "+key)
	}
	return do(t, http.DefaultClient, method, h.URL+path, reader, header...)
}

func do(t *testing.T, client *http.Client, method, url string, body io.Reader, header ...string) reply {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	out := reply{status: res.StatusCode, header: res.Header}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
		first := make([]byte, 1024)
		n, _ := res.Body.Read(first)
		out.body = string(first[:n])
		return out
	}
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	out.body = string(b)
	return out
}

func encode(t *testing.T, body any) (io.Reader, string) {
	t.Helper()
	if body == nil {
		return nil, ""
	}
	f, isForm := body.(form)
	if !isForm {
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.NewReader(raw), "application/json"
	}
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for name, value := range f {
		if name != "file" && value != "" {
			if err := w.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	part, err := w.CreateFormFile("file", "a.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(part, f["file"])
	_ = w.Close()
	return &buf, w.FormDataContentType()
}

// addSpare makes what calls use up: the account they change, the key they revoke, the policy they decide on or roll back, the
// review they finish.
func addSpare(t *testing.T, h *apitest.House, unit string) {
	t.Helper()
	spareUser := auth.NewUser{Email: "spare@" + unit + ".example", Name: "Spare", Role: pact.Viewer, Units: []string{unit}, Password: password}
	if _, err := h.Gate.AddUser(system(), spareUser); err != nil && !fault.Is(err, fault.Conflict) {
		t.Fatal(err)
	}
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		if err := addDecided(ctx, tx, unit); err != nil {
			return err
		}
		if n, err := tx.Policies.Count(ctx, store.Where(store.Eq("kind", "engines"))); err != nil || n == 0 {
			p := pact.Policy{Kind: "engines", Version: 1, State: pact.PolicyActive, Active: true, Body: []byte(`{}`), CreatedBy: "usr_somebody_else"}
			if err := errors.Join(err, tx.Policies.Insert(ctx, &p)); err != nil {
				return err
			}
		}
		proposals, err := tx.Policies.All(ctx, store.Where(store.Eq("kind", "approval")).By("-version"))
		if err != nil {
			return err
		}
		p := pact.Policy{Kind: "approval", Version: 1, State: pact.PolicyProposed, Body: []byte(`{"credit_limits":[]}`), CreatedBy: "usr_somebody_else"}
		if len(proposals) > 0 {
			p.Version = proposals[0].Version + 1
		}
		if err := tx.Policies.Insert(ctx, &p); err != nil {
			return err
		}
		k := pact.APIKey{Name: "spare " + unit, Hash: pact.NewID[string]("h", time.Now()), Role: pact.Viewer, Units: []string{unit}}
		return tx.Keys.Insert(ctx, &k)
	})
}

// addDecided makes a review in which nothing is open.
func addDecided(ctx context.Context, tx store.Tx, unit string) error {
	id := pact.NewID[pact.ContractID]("con", tx.Now)
	con := pact.Contract{ID: id, BusinessUnit: unit, FamilyID: id, Title: "Decided", State: pact.ContractInReview, Phase: "assisted", SourceKey: "decided:" + string(id)}
	doc := pact.Document{ID: pact.NewID[pact.DocumentID]("doc", tx.Now), BusinessUnit: unit, ContractID: id, Filename: "decided.txt", SHA256: string(id), State: pact.DocumentRead}
	rev := pact.Review{ID: pact.NewID[pact.ReviewID]("rev", tx.Now), BusinessUnit: unit, ContractID: id, DocumentID: doc.ID, State: pact.ReviewWaiting, Phase: "assisted", Total: 1, MinConfidence: decimal.NewFromInt(1), Assignee: "decided@example.com"}
	law := pact.Text("England")
	can := pact.Candidate{
		ID: pact.NewID[pact.CandidateID]("can", tx.Now), BusinessUnit: unit, ContractID: id, ReviewID: rev.ID, DocumentID: doc.ID, Subject: "term", Name: "governing_law", Label: "Governing law",
		Value: &law, Confidence: decimal.NewFromInt(1), Verification: pact.Verified, State: pact.CandidateAccepted, DecidedBy: "usr_somebody", Extractor: "grammar/1",
	}
	return errors.Join(tx.Contracts.Insert(ctx, &con), tx.Documents.Insert(ctx, &doc), tx.Reviews.Insert(ctx, &rev), tx.Candidates.Insert(ctx, &can))
}

// decided gives the newest review of a unit in which nothing is open, and its candidate.
func decided(h *apitest.House, unit string) (review, candidate string) {
	r, err := h.Store.Reads().Reviews.One(system(), store.Where(store.Eq("business_unit", unit), store.Eq("assignee", "decided@example.com")).By("-id"))
	if err != nil {
		return "", ""
	}
	c, err := h.Store.Reads().Candidates.One(system(), store.Where(store.Eq("review_id", r.ID)))
	if err != nil {
		return "", ""
	}
	return string(r.ID), string(c.ID)
}

// owed makes a finding whose credit is due, and a watched renewal, of a seeded contract.
func owed(h *apitest.House, s apitest.Seeded) pact.Finding {
	if s.Contract.ID == "" {
		return pact.Finding{}
	}
	amount := money.New(decimal.NewFromInt(250), "EUR")
	f := pact.Finding{
		BusinessUnit: s.Unit, ContractID: s.Contract.ID, ObligationID: s.Obligation.ID, Kind: "resolution_time", Severity: "breach", State: pact.FindingOpen, Title: "Owed " + s.Marker,
		Message: "Message " + s.Marker, Subject: "OWED" + s.Marker, OccurredAt: wall(), Amount: &amount, Credit: pact.CreditDue, ClaimBy: "2099-12-31", Version: 1,
	}
	err := h.Store.Change(system(), store.Act{Name: "test.owed"}, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Findings.Insert(ctx, &f); err != nil {
			return err
		}
		n, err := tx.Obligations.Count(ctx, store.Where(store.Eq("contract_id", s.Contract.ID), store.Eq("kind", "renewal_notice")))
		if err != nil || n > 0 {
			return err
		}
		o := pact.Obligation{BusinessUnit: s.Unit, ContractID: s.Contract.ID, Key: "renewal_notice", Kind: "renewal_notice", Title: "Notice " + s.Marker, Verification: pact.Verified}
		if err := tx.Obligations.Insert(ctx, &o); err != nil {
			return err
		}
		occ := pact.Occurrence{BusinessUnit: s.Unit, ContractID: s.Contract.ID, ObligationID: o.ID, Key: "2030-01-01", Subject: "Renewal " + s.Marker, Status: pact.OnTrack, Assessment: pact.Assessment{Status: pact.OnTrack, Measured: "2029-10-02"}}
		if err := tx.Occurrences.Insert(ctx, &occ); err != nil {
			return err
		}
		later := pact.Occurrence{BusinessUnit: s.Unit, ContractID: s.Contract.ID, ObligationID: o.ID, Key: "2031-01-01", Subject: "Renewal " + s.Marker, Status: pact.OnTrack, Assessment: pact.Assessment{Status: pact.OnTrack, Measured: "2030-10-02"}}
		return tx.Occurrences.Insert(ctx, &later)
	})
	if err != nil {
		panic(err)
	}
	return f
}

// openQuestion is a finding whose amount waits for an answer: its obligation was published from a candidate of a finished review.
func openQuestion(h *apitest.House, s apitest.Seeded) pact.Finding {
	if s.Contract.ID == "" {
		return pact.Finding{}
	}
	var f pact.Finding
	err := h.Store.Change(system(), store.Act{Name: "test.asked"}, func(ctx context.Context, tx store.Tx) error {
		id := pact.NewID[pact.ContractID]("con", tx.Now)
		con := pact.Contract{ID: id, BusinessUnit: s.Unit, FamilyID: id, Title: "Asked " + s.Marker, State: pact.ContractActive, Phase: "full", CurrentVersion: 1, SourceKey: "asked:" + string(id)}
		rev := pact.Review{ID: pact.NewID[pact.ReviewID]("rev", tx.Now), BusinessUnit: s.Unit, ContractID: id, DocumentID: s.Read.ID, State: pact.ReviewFinished, Phase: "full"}
		o := pact.Obligation{ID: pact.NewID[pact.ObligationID]("obl", tx.Now), BusinessUnit: s.Unit, ContractID: id, Key: "availability", Kind: "availability", Title: "Keep " + s.Marker, Params: json.RawMessage(`{"service":"Cloud","target":"99.9","zone":"UTC"}`), Verification: pact.Verified}
		c := pact.Candidate{ID: pact.NewID[pact.CandidateID]("can", tx.Now), BusinessUnit: s.Unit, ContractID: id, ReviewID: rev.ID, Subject: "obligation", Name: o.Key, Label: o.Title, Obligation: &o, State: pact.CandidateAccepted, Extractor: "grammar/1"}
		dec := pact.Decision{ID: pact.NewID[pact.DecisionID]("dec", tx.Now), BusinessUnit: s.Unit, ContractID: id, ReviewID: rev.ID, CandidateID: c.ID, Kind: "accept", By: "policy", At: tx.Now, Before: pact.CandidateOpen}
		o.DecisionID = dec.ID
		v := pact.Version{ID: pact.NewID[pact.VersionID]("ver", tx.Now), BusinessUnit: s.Unit, ContractID: id, Number: 1, ReviewID: rev.ID, PublishedBy: "policy", PublishedAt: tx.Now, Obligations: []pact.Obligation{o}}
		f = pact.Finding{
			BusinessUnit: s.Unit, ContractID: id, ObligationID: o.ID, Kind: o.Kind, Severity: "breach", State: pact.FindingOpen, Title: "Asked " + s.Marker, Message: "Message " + s.Marker, Subject: "ASKED" + s.Marker, OccurredAt: tx.Now, Version: 1,
			Assessment: pact.Assessment{Status: pact.Breached, AmountState: "ambiguous", Ambiguities: []pact.Ambiguity{{Code: "tier_gap", Question: "Which row holds?", Outcomes: []pact.Outcome{{Reading: "the row below", Set: `"tiers": [{"below":"99.9","credit":"10"}]`}}}}},
		}
		occ := pact.Occurrence{ID: pact.NewID[pact.OccurrenceID]("occ", tx.Now), BusinessUnit: s.Unit, ContractID: id, ObligationID: o.ID, Key: "2026-01", Subject: "2026-01", Status: pact.Breached, Assessment: f.Assessment}
		f.OccurrenceID = occ.ID
		return errors.Join(tx.Contracts.Insert(ctx, &con), tx.Occurrences.Insert(ctx, &occ), tx.Reviews.Insert(ctx, &rev), tx.Candidates.Insert(ctx, &c), tx.Decisions.Insert(ctx, &dec), tx.Obligations.Insert(ctx, &o), tx.Versions.Insert(ctx, &v), tx.Findings.Insert(ctx, &f))
	})
	if err != nil {
		panic(err)
	}
	return f
}

// openDuty is an occurrence of a recurring duty that nobody did yet.
func openDuty(h *apitest.House, s apitest.Seeded) pact.Occurrence {
	if s.Contract.ID == "" {
		return pact.Occurrence{}
	}
	var occ pact.Occurrence
	err := h.Store.Change(system(), store.Act{Name: "test.duty"}, func(ctx context.Context, tx store.Tx) error {
		id := pact.NewID[pact.ObligationID]("obl", tx.Now)
		o := pact.Obligation{ID: id, BusinessUnit: s.Unit, ContractID: s.Contract.ID, Key: "report/" + string(id), Kind: "recurring_duty", Title: "Report " + s.Marker, Params: json.RawMessage(`{"period":"month","day":5}`), Verification: pact.Verified}
		occ = pact.Occurrence{ID: pact.NewID[pact.OccurrenceID]("occ", tx.Now), BusinessUnit: s.Unit, ContractID: s.Contract.ID, ObligationID: id, Key: "2026-01", Subject: "Report for 2026-01", Status: pact.Breached, Assessment: pact.Assessment{Status: pact.Breached}}
		return errors.Join(tx.Obligations.Insert(ctx, &o), tx.Occurrences.Insert(ctx, &occ))
	})
	if err != nil {
		panic(err)
	}
	return occ
}

// unstartedDuty is a duty that something starts, and of which nobody has said yet that it was.
func unstartedDuty(h *apitest.House, s apitest.Seeded) pact.ObligationID {
	if s.Contract.ID == "" {
		return ""
	}
	id := pact.NewID[pact.ObligationID]("obl", h.Clock.Now())
	err := h.Store.Change(system(), store.Act{Name: "test.duty"}, func(ctx context.Context, tx store.Tx) error {
		return tx.Obligations.Insert(ctx, &pact.Obligation{ID: id, BusinessUnit: s.Unit, ContractID: s.Contract.ID, Key: "inform/" + string(id), Kind: "conditional_duty", Title: "Inform " + s.Marker, Params: json.RawMessage(`{"trigger":"change","within":{"value":10,"unit":"day"}}`), Verification: pact.Verified})
	})
	if err != nil {
		panic(err)
	}
	return id
}

// waitingAnswer is an answer to the question of a finding, that waits for a second person.
func waitingAnswer(h *apitest.House, s apitest.Seeded, f pact.Finding) pact.ApprovalID {
	if s.Contract.ID == "" {
		return ""
	}
	var a pact.Approval
	err := h.Store.Change(system(), store.Act{Name: "test.waits"}, func(ctx context.Context, tx store.Tx) error {
		a = pact.Approval{
			ID: pact.NewID[pact.ApprovalID]("apr", tx.Now), BusinessUnit: s.Unit, ContractID: f.ContractID, FindingID: f.ID, Kind: "answer", State: "waiting",
			Answer: &pact.WaitingAnswer{ObligationID: "obl_else", Question: "Waits " + s.Marker, Reading: "the row below", Reason: "said", By: "usr_other"},
		}
		return tx.Approvals.Insert(ctx, &a)
	})
	if err != nil {
		panic(err)
	}
	return a.ID
}

// gives says that a waiting answer was given by who sends with this key or session: nobody else may take it back.
func gives(t *testing.T, h *apitest.House, path, who string) {
	t.Helper()
	var me struct{ Actor pact.Actor }
	if a := send(t, h, who, http.MethodGet, "/api/v1/session", nil); a.status == http.StatusOK {
		a.into(t, &me)
	}
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		row, err := tx.Approvals.Lock(ctx, strings.Split(path, "/")[2])
		if err != nil {
			return err
		}
		answer := *row.Answer
		answer.By = me.Actor.ID
		row.Answer = &answer
		return tx.Approvals.Update(ctx, &row)
	})
}

// recordedNotice is a notice that somebody recorded for the contract.
func recordedNotice(h *apitest.House, s apitest.Seeded) pact.EventID {
	return happened(h, s, "notice_sent", "notice/"+string(s.Contract.ID)+"/", "2030-01-01", pact.EventData{})
}

// decidedRenewal is a decision about a renewal of the contract, that somebody made.
func decidedRenewal(h *apitest.House, s apitest.Seeded) pact.EventID {
	return happened(h, s, "renewal_decided", "decision/"+string(s.Contract.ID)+"/", "2030-01-01", pact.EventData{State: "renew"})
}

// chargedOf is a charge that somebody stated for the contract, and that nobody corrected yet.
func chargedOf(h *apitest.House, s apitest.Seeded) pact.EventID {
	amount := money.New(decimal.NewFromInt(5000), "USD")
	return happened(h, s, "charge", "charged/", "Cloud", pact.EventData{Service: "Cloud", Month: "2025-12", Amount: &amount, ApprovedBy: "usr_other"})
}

// happened puts an event under the contract, now; its id at the other side is its own behind external. Without a contract there is none.
func happened(h *apitest.House, s apitest.Seeded, kind, external, subject string, data pact.EventData) pact.EventID {
	if s.Contract.ID == "" {
		return ""
	}
	var e pact.Event
	err := h.Store.Change(system(), store.Act{Name: "test." + kind}, func(ctx context.Context, tx store.Tx) error {
		id := pact.NewID[pact.EventID]("evt", tx.Now)
		e = pact.Event{ID: id, BusinessUnit: s.Unit, ContractID: s.Contract.FamilyID, Kind: kind, ExternalID: external + string(id), Subject: subject, OccurredAt: tx.Now, Data: data}
		return tx.Events.Insert(ctx, &e)
	})
	if err != nil {
		panic(err)
	}
	return e.ID
}

// spare gives them; the key is the newest, since each call may revoke one.
func spare(h *apitest.House, unit string) (pact.User, pact.APIKey) {
	u, err := h.Store.Reads().Users.One(system(), store.Where(store.Eq("email", "spare@"+unit+".example")))
	if err != nil {
		return pact.User{}, pact.APIKey{}
	}
	k, err := h.Store.Reads().Keys.One(system(), store.Where(store.Eq("name", "spare "+unit)).By("-id"))
	if err != nil {
		return u, pact.APIKey{}
	}
	return u, k
}

// proposal is the newest version of a policy that waits for a second person.
func proposal(h *apitest.House) string {
	p, err := h.Store.Reads().Policies.One(system(), store.Where(store.Eq("state", "proposed")).By("-version"))
	if err != nil {
		return ""
	}
	return string(p.ID)
}

func wall() time.Time { return time.Now().UTC() }

const cookieName = "pactloop_session="

// signedIn makes a person of a role and gives the cookie of their session, to be used like a key.
func signedIn(t *testing.T, h *apitest.House, role pact.Role) string {
	t.Helper()
	email := "person-" + string(role) + "@example.com"
	if a := send(t, h, h.Key(t, pact.Admin), http.MethodPost, "/api/v1/users", object{"email": email, "name": "P", "role": role, "units": []string{"*"}, "password": password}); a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	return session(t, h, email)
}

// session begins one and gives its cookie.
func session(t *testing.T, h *apitest.House, email string) string {
	t.Helper()
	a := send(t, h, "", http.MethodPost, "/api/v1/session", object{"email": email, "password": password})
	cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	if a.status != http.StatusOK || !strings.HasPrefix(cookie, cookieName) {
		t.Fatalf("signing in: %d %s", a.status, a.body)
	}
	return cookie
}

// rows is everything the store holds, by noun and id.
func rows(t *testing.T, h *apitest.House) map[string]string {
	t.Helper()
	out := map[string]string{}
	reads := reflect.ValueOf(h.Store.Reads())
	for i := range reads.NumField() {
		noun := strings.ToLower(reads.Type().Field(i).Name)
		switch noun {
		case "sessions": // every request prolongs one
			continue
		case "keys":
			noun = "api_keys"
		case "imports":
			noun = "event_imports"
		case "checkins":
			noun = "check_ins"
		}
		got := reads.Field(i).MethodByName("All").Call([]reflect.Value{reflect.ValueOf(system()), reflect.ValueOf(store.Query{})})
		if err, _ := got[1].Interface().(error); err != nil {
			t.Fatalf("reading the %s: %v", noun, err)
		}
		for j := range got[0].Len() {
			row := got[0].Index(j)
			raw, err := json.Marshal(row.Interface())
			if err != nil {
				t.Fatal(err)
			}
			key := noun + "/" + string(raw)
			if id := row.FieldByName("ID"); id.IsValid() {
				key = noun + "/" + id.String()
			}
			out[key] = string(raw)
		}
	}
	return out
}

// differ lists the rows that came, went or changed.
func differ(was, now map[string]string) []string {
	var out []string
	for key, row := range now {
		if old, ok := was[key]; !ok || old != row {
			out = append(out, key)
		}
	}
	for key := range was {
		if _, ok := now[key]; !ok {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return out
}

// tracked tells whether a row changed in what the trail is to keep.
func tracked(t *testing.T, noun, was, now string) bool {
	t.Helper()
	before, after := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	for raw, into := range map[string]*map[string]json.RawMessage{was: &before, now: &after} {
		if raw == "" {
			continue
		}
		if err := json.Unmarshal([]byte(raw), into); err != nil {
			t.Fatal(err)
		}
	}
	for field, rule := range audit.Rules()[noun] {
		if rule != audit.Ignore && !bytes.Equal(before[field], after[field]) {
			return true
		}
	}
	return false
}
