package api_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/audit"
	"github.com/pactloop/pactloop/internal/auth"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// call is a request that succeeds for who may send it.
type call struct {
	path string // below /api/v1, with ids filled in
	body any    // nil, a value for JSON, or form
	// silent says why a successful call leaves no audit entry; "" where it leaves exactly one.
	silent string
	// bare says why the entry of a successful call has no before and after: what it changes is no row.
	bare string
}

type object = map[string]any

// calls gives one for every operation of the API. A new operation needs its line here: TestEveryOperationHasACall fails.
func calls(h *apitest.House, s apitest.Seeded, n int) map[string]call {
	user, key := spare(h, s.Unit)
	done, accepted := decided(h, s.Unit)
	due := owed(h, s)
	open, duty, waits := openQuestion(h, s), openDuty(h, s), unstartedDuty(h, s)
	contract, doc, rev := "/contracts/"+string(s.Contract.ID), "/documents/"+string(s.Read.ID), "/reviews/"+string(s.Review.ID)
	conn := "/connections/" + string(s.Connection.ID)
	return map[string]call{
		"signIn":                  {path: "/session", body: object{"email": "spare@" + s.Unit + ".example", "password": password}, bare: "sessions are machinery; the entry says who came in"},
		"whoAmI":                  {path: "/session"},
		"signOut":                 {path: "/session", bare: "sessions are machinery; the entry says who left"},
		"overview":                {path: "/overview"},
		"systemState":             {path: "/system"},
		"listReviews":             {path: "/reviews"},
		"getReview":               {path: rev},
		"assignReview":            {path: rev + "/assign", body: object{"assignee": "a@example.com", "revision": 1}},
		"decide":                  {path: "/candidates/" + string(s.Candidate.ID) + "/decisions", body: object{"kind": "reject", "revision": 1}},
		"addCandidate":            {path: rev + "/candidates", body: object{"subject": "term", "name": "currency", "value": object{"kind": "text", "text": "EUR"}}},
		"acceptConfident":         {path: rev + "/accept-confident", body: object{}},
		"restoreDecisions":        {path: "/reviews/" + done + "/restore", body: object{"candidate_ids": []string{accepted}}},
		"finishReview":            {path: "/reviews/" + done + "/finish", body: object{"revision": 1}},
		"nearestPassages":         {path: rev + "/nearest?name=governing_law"},
		"listKinds":               {path: "/obligation-kinds"},
		"checkObligation":         {path: "/obligations/check", body: object{"obligation": object{"key": "k", "kind": "renewal_notice", "title": "T", "params": object{}, "in_force": object{}, "confidence": "1"}}, silent: "a check keeps nothing"},
		"listContracts":           {path: "/contracts"},
		"uploadContract":          {path: "/contracts", body: form{"business_unit": s.Unit, "file": fmt.Sprint("file ", n)}},
		"getContract":             {path: contract},
		"termsInForce":            {path: contract + "/in-force?on=2026-03-31"},
		"listVersions":            {path: contract + "/versions"},
		"listObligations":         {path: contract + "/obligations"},
		"contractTimeline":        {path: contract + "/timeline"},
		"backtestContract":        {path: contract + "/backtest", body: object{"from": "2026-01-01", "as_of": "2026-04-01T00:00:00Z"}, silent: "a backtest keeps nothing"},
		"listDocuments":           {path: "/documents"},
		"getDocument":             {path: doc},
		"getFile":                 {path: doc + "/file"},
		"getReading":              {path: doc + "/reading"},
		"getWords":                {path: doc + "/words?page=1"},
		"getPlaces":               {path: doc + "/places?start=0&end=3"},
		"retryDocument":           {path: "/documents/" + string(s.Document.ID) + "/retry"},
		"listFindings":            {path: "/findings"},
		"getFinding":              {path: "/findings/" + string(s.Finding.ID)},
		"getOccurrence":           {path: "/occurrences/" + string(s.Occurrence.ID)},
		"decideFinding":           {path: "/findings/" + string(s.Finding.ID) + "/decision", body: object{"kind": "confirm", "revision": 1}},
		"listApprovals":           {path: "/approvals"},
		"decideApproval":          {path: "/approvals/" + string(s.Approval.ID) + "/decision", body: object{"kind": "approve", "revision": 1}},
		"withdrawAnswer":          {path: "/approvals/" + string(waitingAnswer(h, s, open)) + "/withdrawal", body: object{"reason": "a slip"}},
		"listConnectors":          {path: "/connectors"},
		"listConnections":         {path: "/connections"},
		"addConnection":           {path: "/connections", body: object{"connector": "fake", "name": fmt.Sprint("made ", n), "business_unit": s.Unit, "enabled": true, "settings": object{"endpoint": "https://fake.example"}}},
		"getConnection":           {path: conn},
		"changeConnection":        {path: conn, body: object{"connector": "fake", "name": "renamed", "enabled": true, "settings": object{"endpoint": "https://fake.example"}, "revision": 1}},
		"checkConnection":         {path: conn + "/check", bare: "health is a measurement; the entry notes it"},
		"syncConnection":          {path: conn + "/sync", bare: "it wakes timers; what is read is tracked where it lands"},
		"registerWebhook":         {path: conn + "/register-webhook", bare: "what changes stands in the other system; the entry notes the address"},
		"webhookState":            {path: conn + "/webhook"},
		"listActions":             {path: conn + "/actions"},
		"replayAction":            {path: "/actions/" + string(s.Action.ID) + "/replay"},
		"dryRun":                  {path: conn + "/dry-run", body: object{"contract_id": s.Contract.ID}, silent: "a dry run changes nothing"},
		"getMapping":              {path: conn + "/mapping"},
		"setMapping":              {path: conn + "/mapping", body: object{"version": 0, "objects": []object{{"object": "incident", "for": "comment", "action": "update", "fields": []object{}}}}},
		"listDeliveries":          {path: conn + "/deliveries"},
		"replayDelivery":          {path: "/deliveries/" + string(s.Delivery.ID) + "/replay"},
		"listLinks":               {path: "/links"},
		"confirmLink":             {path: "/links/" + string(s.Link.ID) + "/decision", body: object{"external_id": "A1", "revision": 1}},
		"takeEvents":              {path: "/events", body: object{"business_unit": s.Unit, "events": []any{sample(fmt.Sprint("e", n))}}, bare: "events are never changed; the entry notes their number and a digest"},
		"listEvents":              {path: "/events"},
		"listEventKinds":          {path: "/event-kinds"},
		"importEvents":            {path: "/events/import", body: table(s.Unit, fmt.Sprint("row", n))},
		"listEventImports":        {path: "/event-imports"},
		"getEventImport":          {path: "/event-imports/" + string(s.Import.ID)},
		"listUnmatched":           {path: "/events/unmatched"},
		"contractsForEvent":       {path: "/events/" + string(s.Stray.ID) + "/contracts"},
		"settleEvent":             {path: "/events/" + string(s.Stray.ID) + "/decision", body: object{"kind": "ignore", "reason": "ours to test"}, bare: "events are noted as a number and a digest, beside subject and reason"},
		"listAudit":               {path: "/audit"},
		"verifyAudit":             {path: "/audit/verify"},
		"exportAudit":             {path: "/audit/export"},
		"listPeople":              {path: "/people"},
		"listUsers":               {path: "/users"},
		"addUser":                 {path: "/users", body: object{"email": fmt.Sprintf("user%d@example.com", n), "name": "U", "role": "viewer", "units": []string{s.Unit}, "password": "a long password"}},
		"changeUser":              {path: "/users/" + string(user.ID), body: object{"name": fmt.Sprint("N", n), "revision": user.Revision}},
		"listKeys":                {path: "/keys"},
		"addKey":                  {path: "/keys", body: object{"name": fmt.Sprint("k", n), "role": "viewer", "units": []string{s.Unit}}},
		"revokeKey":               {path: "/keys/" + string(key.ID)},
		"listPolicies":            {path: "/policies"},
		"setPolicy":               {path: "/policies", body: object{"kind": "approval", "body": object{"credit_limits": []any{}}, "note": fmt.Sprint("n", n)}},
		"quality":                 {path: "/quality"},
		"calibration":             {path: "/calibration"},
		"suggestThresholds":       {path: "/thresholds?target=0.9"},
		"engines":                 {path: "/engines"},
		"rollBackPolicy":          {path: "/policies/rollback", body: object{"kind": "engines", "reason": fmt.Sprint("n", n)}},
		"listClauses":             {path: doc + "/clauses"},
		"listDefinitions":         {path: doc + "/definitions"},
		"listReferences":          {path: doc + "/references"},
		"listSignatures":          {path: doc + "/signatures"},
		"countClauses":            {path: "/clauses"},
		"listExtractions":         {path: doc + "/extractions"},
		"getExtraction":           {path: "/extractions/" + string(s.Extraction.ID)},
		"decidePolicy":            {path: "/policies/" + proposal(h) + "/decision", body: object{"kind": "approve", "revision": 1}},
		"live":                    {path: "/live"},
		"listRegister":            {path: "/obligations"},
		"dueCalendar":             {path: "/obligations/calendar?month=2026-03"},
		"exportRegister":          {path: "/obligations.csv"},
		"registerCalendar":        {path: "/obligations.ics"},
		"setObligationOwner":      {path: "/obligations/" + string(s.Obligation.ID) + "/owner", body: object{"owner": fmt.Sprintf("o%d@example.com", n), "revision": 1}},
		"setObligationCascade":    {path: "/obligations/" + string(s.Obligation.ID) + "/cascade", body: object{"cascade": object{"to": []string{"sow"}}, "revision": 1}},
		"previewCascade":          {path: "/obligations/" + string(s.Obligation.ID) + "/cascade/preview", body: object{"cascade": object{"to": []string{"sow"}}}, silent: "a preview keeps nothing"},
		"planCheckIns":            {path: "/obligations/" + string(s.Obligation.ID) + "/check-ins", body: object{"check_in": object{"every": "month"}, "revision": 1}},
		"checkIn":                 {path: "/obligations/" + string(s.Obligation.ID) + "/check-ins", body: object{"state": "on_track", "note": "all is well"}},
		"listCheckIns":            {path: "/obligations/" + string(s.Obligation.ID) + "/check-ins"},
		"listSchedule":            {path: "/obligations/" + string(s.Obligation.ID) + "/schedule"},
		"answerPerformance":       {path: "/obligations/" + string(duty.ObligationID) + "/performance", body: object{"occurrence_id": duty.ID, "answer": "yes", "on": "2026-02-03", "note": "by mail"}, bare: "events are noted as a number and a digest, beside occurrence, answer and day"},
		"stateTrigger":            {path: "/obligations/" + string(waits) + "/trigger", body: object{"answer": "yes", "on": "2026-02-03", "note": "by letter"}, bare: "events are noted as a number and a digest, beside what was started, answer and day"},
		"listCheckInMails":        {path: "/check-in-mails"},
		"answerObligation":        {path: "/obligations/" + string(open.ObligationID) + "/answer", body: object{"occurrence_id": open.OccurrenceID, "question": "Which row holds?", "reading": "the row below", "reason": "as the notes of the signing say", "revision": 1}},
		"correctCharge":           {path: contract + "/charge/correction", body: object{"event_id": chargedOf(h, s), "amount": object{"value": "4000.00", "currency": "USD"}, "reason": "a digit too many"}, bare: "events are noted as a number and a digest, beside service, month and amount"},
		"listRenewals":            {path: "/renewals?days=1000"},
		"exportRenewals":          {path: "/renewals.csv?days=1000"},
		"withdrawNotice":          {path: contract + "/notice/withdrawal", body: object{"event_id": recordedNotice(h, s), "reason": "a slip"}, bare: "events are noted as a number and a digest, beside renewal, day and reason"},
		"recordNotice":            {path: contract + "/notice", body: object{"renewal": "2030-01-01", "sent_on": "2026-01-05", "reference": "letter", "sure": true}, bare: "events are noted as a number and a digest, beside renewal, day and reference"},
		"withdrawRenewalDecision": {path: contract + "/renewal-decision/withdrawal", body: object{"event_id": decidedRenewal(h, s), "reason": "a slip"}, bare: "events are noted as a number and a digest, beside renewal, day and reason"},
		"decideRenewal":           {path: contract + "/renewal-decision", body: object{"renewal": "2031-01-01", "decision": "negotiate", "decided_on": "2026-01-05", "reason": "the price"}, bare: "events are noted as a number and a digest, beside renewal, decision and reason"},
		"listClaims":              {path: "/claims"},
		"claimSums":               {path: "/claims/sums"},
		"exportClaims":            {path: "/claims.csv"},
		"claimCredit":             {path: "/findings/" + string(due.ID) + "/claim", body: object{"kind": "claim", "reference": "letter", "revision": 1}},
		"getEvidence":             {path: "/findings/" + string(s.Finding.ID) + "/evidence.pdf"},
		"changeOwnPassword":       {path: "/session/password", body: object{"old": password, "new": "another long password"}},
		"answerQuestion":          {path: "/findings/" + string(open.ID) + "/answer", body: object{"question": "Which row holds?", "reading": "the row below", "reason": "as the notes of the signing say", "revision": 1}},
		"recordCharge":            {path: contract + "/charge", body: object{"service": "Cloud", "month": "2026-01", "amount": object{"value": "5000.00", "currency": "USD"}, "reference": fmt.Sprint("invoice ", n)}, bare: "events are noted as a number and a digest, beside service, month and amount"},
	}
}

func sample(id string) object {
	return object{"external_id": id, "kind": "sample", "subject": "S", "occurred_at": "2026-03-01T00:00:00Z", "data": object{"state": "up"}}
}

func table(unit, id string) object {
	return object{
		"business_unit": unit, "name": "samples.csv", "csv": "id,when\n" + id + ",2026-03-01\nbroken,never\n",
		"mapping": object{"kind": "sample", "columns": []object{{"column": "id", "field": "external_id"}, {"column": "when", "field": "occurred_at"}}, "fixed": []object{{"field": "data.state", "value": "up"}}},
	}
}

func TestEveryOperationHasACall(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	have := calls(h, apitest.Seeded{}, 0)
	for _, o := range operations(t, h) {
		if _, ok := have[o.id]; !ok {
			t.Errorf("%s %s (%s) has no line in calls", o.method, o.path, o.id)
		}
		delete(have, o.id)
	}
	for id := range have {
		t.Errorf("calls has %s, which the API has not", id)
	}
}

// TestRoles compares who may call what with testdata/roles.txt: one line per operation, one column per role.
func TestRoles(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/roles.txt")
	if err != nil {
		t.Fatal(err)
	}
	roles := []string{"nobody", "viewer", "reviewer", "approver", "admin", "connector"}
	want := map[string][]string{}
	for _, line := range strings.Split(string(raw), "\n") {
		if f := strings.Fields(line); len(f) == 2+len(roles) && !strings.HasPrefix(line, "#") {
			want[f[0]+" "+f[1]] = f[2:]
		}
	}
	h := apitest.Build(t, apitest.Options{})
	people, machines := map[string]string{}, map[string]string{}
	for _, r := range roles[1:] {
		machines[r] = h.Key(t, pact.Role(r))
		people[r] = machines[r]
		if r != "connector" { // a machine; and ten sign-ins a minute are the limit of one address
			people[r] = signedIn(t, h, pact.Role(r))
		}
	}
	n := 0
	for _, o := range operations(t, h) {
		line, ok := want[o.method+" "+o.path]
		if !ok {
			t.Errorf("testdata/roles.txt has no line for %s %s", o.method, o.path)
			line = make([]string, len(roles))
		}
		delete(want, o.method+" "+o.path)
		got := make([]string, len(roles))
		for i, role := range roles {
			n++
			addSpare(t, h, "north")
			c := calls(h, h.Seed(t, "north", fmt.Sprint("m", n)), n)[o.id]
			who := people[role]
			if o.id == "signOut" || o.id == "signIn" { // the person is needed for the rest
				who = machines[role]
			}
			if o.id == "withdrawAnswer" {
				gives(t, h, c.path, who)
			}
			// Nothing there has this id: the role is asked first, so that who may not learns nothing of what there is.
			if absent := absent(o.path, c.path); absent != "" {
				if s := send(t, h, who, o.method, absent, c.body).status; s != refusal(line[i], http.StatusNotFound) {
					t.Errorf("%s %s as %s: %d, want %d", o.method, absent, role, s, refusal(line[i], http.StatusNotFound))
				}
			}
			a := send(t, h, who, o.method, "/api/v1"+c.path, c.body)
			if cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";"); o.id == "changeOwnPassword" && cookie != "" {
				people[role] = cookie // a new password comes with a new session token
			}
			switch {
			case a.status == http.StatusUnauthorized:
				got[i] = "401"
			case a.status == http.StatusForbidden:
				got[i] = "no"
			case a.status/100 == 2:
				got[i] = "yes"
			default: // neither refused for the role nor done: the call proves nothing
				t.Errorf("%s %s as %s: %d %s", o.method, o.path, role, a.status, a.body)
				got[i] = fmt.Sprint(a.status)
			}
		}
		if strings.Join(got, " ") != strings.Join(line, " ") {
			t.Errorf("%s %s: %v answers %v, the table says %v", o.method, o.path, roles, got, line)
		}
	}
	for line := range want {
		t.Errorf("testdata/roles.txt has %s, which the API has not", line)
	}
	t.Logf("%d cells", n)
}

// refusal is the status that a cell of the table stands for; yes is what the caller says.
func refusal(cell string, yes int) int {
	switch cell {
	case "401":
		return http.StatusUnauthorized
	case "no":
		return http.StatusForbidden
	}
	return yes
}

// absent is the address of a call with an id that nothing has; "" where it names none.
func absent(pattern, path string) string {
	path, query, _ := strings.Cut("/api/v1"+path, "?")
	was, parts := strings.Split(pattern, "/"), strings.Split(path, "/")
	i := slices.Index(was, "{id}")
	if i < 0 {
		return ""
	}
	parts[i] = "nothing_has_this_id"
	return strings.TrimSuffix(strings.Join(parts, "/")+"?"+query, "?")
}

// TestEveryChangeLeavesOneAuditEntry (reliability 43) calls every operation, and compares what the trail has gained with
// every row of the store that is other than before.
func TestEveryChangeLeavesOneAuditEntry(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	person := signedIn(t, h, pact.Admin)
	me := apitest.One(t, h.Store.Reads().Users, store.Eq("email", "person-admin@example.com"))
	changing := 0
	for i, o := range operations(t, h) {
		addSpare(t, h, "north")
		c := calls(h, h.Seed(t, "north", fmt.Sprint("a", i)), i)[o.id]
		who, actor := person, string(me.ID)
		switch o.id {
		case "signIn": // nobody yet: the entry is about who comes in
			who, actor = "", "auth"
		case "signOut":
			who = session(t, h, me.Email)
		case "changeOwnPassword": // of somebody whom nothing else signs in
			own, err := h.Gate.AddUser(system(), auth.NewUser{Email: "own@north.example", Name: "Own", Role: pact.Viewer, Units: []string{"north"}, Password: password})
			if err != nil {
				t.Fatal(err)
			}
			who, actor = session(t, h, own.Email), string(own.ID)
		}
		if o.id == "withdrawAnswer" {
			gives(t, h, c.path, who)
		}
		before, was := trail(t, h), rows(t, h)
		id := fmt.Sprintf("request-%04d", i)
		a := send(t, h, who, o.method, "/api/v1"+c.path, c.body, "X-Request-Id", id)
		fresh, now := since(before, trail(t, h)), rows(t, h)
		if a.status/100 != 2 {
			t.Errorf("%s %s: %d %s", o.method, o.path, a.status, a.body)
			continue
		}
		if o.method == http.MethodGet || c.silent != "" {
			if len(fresh) != 0 || len(differ(was, now)) != 0 {
				t.Errorf("%s %s changes nothing, but leaves %v and changes %v", o.method, o.path, fresh, differ(was, now))
			}
			continue
		}
		changing++
		if len(fresh) != 1 {
			t.Errorf("%s %s leaves %d audit entries, want 1", o.method, o.path, len(fresh))
			continue
		}
		e := fresh[0]
		if e.CorrelationID != id || a.header.Get("X-Request-Id") != id {
			t.Errorf("%s %s: the entry has the request id %q, the answer %q, want %q", o.method, o.path, e.CorrelationID, a.header.Get("X-Request-Id"), id)
		}
		if e.ActorID != actor || e.ActorName == "" || e.Act == "" || e.At.IsZero() {
			t.Errorf("%s %s: the entry is by %q (%q), act %q, want by %q", o.method, o.path, e.ActorID, e.ActorName, e.Act, actor)
		}
		if (len(e.Changes) == 0) != (c.bare != "") || len(e.Changes)+len(e.Notes) == 0 {
			t.Errorf("%s %s: the entry has the changes %v; beside the call stands %q", o.method, o.path, e.Changes, c.bare)
		}
		for _, wrong := range unsaid(t, e, was, now) {
			t.Errorf("%s %s: %s", o.method, o.path, wrong)
		}
	}
	t.Logf("%d operations that change state", changing)
	if _, err := h.Store.Audit().Seal(system()); err != nil {
		t.Fatal(err)
	}
	if r, err := h.Store.Audit().Verify(system()); err != nil || !r.OK {
		t.Errorf("the trail: %+v %v", r, err)
	}
}

// unsaid tells what an entry does not say of the rows that changed, and what it says beyond them.
func unsaid(t *testing.T, e audit.Entry, was, now map[string]string) []string {
	t.Helper()
	var out []string
	said := map[string]audit.Change{}
	for _, c := range e.Changes {
		said[c.Noun+"/"+c.ID] = c
	}
	for _, key := range differ(was, now) {
		noun, _, _ := strings.Cut(key, "/")
		if !tracked(t, noun, was[key], now[key]) {
			continue
		}
		_, before := was[key]
		_, after := now[key]
		c, ok := said[key]
		delete(said, key)
		if !ok {
			if _, counted := e.Notes[noun]; !counted || !audit.Batched(noun) {
				out = append(out, key+" changed, and the entry does not say so")
			}
			continue
		}
		if (len(c.Before) > 0) != before || (len(c.After) > 0) != after || reflect.DeepEqual(c.Before, c.After) {
			out = append(out, fmt.Sprintf("%s was there before: %t, after: %t; the entry has before %v and after %v", key, before, after, c.Before, c.After))
		}
	}
	for key := range said {
		out = append(out, "the entry says that "+key+" changed, and it did not")
	}
	return out
}

// TestAnotherUnitDoesNotExist (reliability 34): with a key of one unit, every id of another is not found, whatever the role,
// and no list, search or stream shows a byte of it.
func TestAnotherUnitDoesNotExist(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	const marker = "SOUTHMARKER"
	addSpare(t, h, "south")
	south := h.Seed(t, "south", marker)
	addSpare(t, h, "north")
	h.Seed(t, "north", "northern")
	for _, role := range []pact.Role{pact.Viewer, pact.Reviewer, pact.Approver, pact.Admin, pact.Connector} {
		key := h.Key(t, role, "north")
		for i, o := range operations(t, h) {
			if o.id == "signIn" { // whoever has the password of somebody there is in that unit
				continue
			}
			c := calls(h, south, 1000+i)[o.id]
			a := send(t, h, key, o.method, "/api/v1"+c.path, c.body)
			if strings.Contains(a.body, marker) || strings.Contains(a.body, "spare@south") {
				t.Errorf("%s %s as %s of another unit shows %s", o.method, c.path, role, a.body)
			}
			if a.status >= 500 {
				t.Errorf("%s %s: %d %s", o.method, c.path, a.status, a.body)
			}
			if !strings.Contains(o.path, "{") {
				continue
			}
			if a.status != http.StatusNotFound && a.status != http.StatusForbidden {
				t.Errorf("%s %s as %s of another unit: %d %s", o.method, c.path, role, a.status, a.body)
			}
			if o.method == http.MethodGet && role == pact.Viewer && a.status != http.StatusNotFound {
				t.Errorf("%s %s: %d, want 404", o.method, c.path, a.status)
			}
		}
		for _, q := range []string{"/contracts?q=" + marker, "/findings?q=" + marker, "/audit?contract_id=" + string(south.Contract.ID), "/audit", "/events?subject=INC" + marker, "/overview", "/obligations?q=" + marker, "/obligations.csv", "/obligations.ics", "/renewals?days=1000", "/renewals.csv?days=1000", "/claims", "/claims.csv", "/claims/sums"} {
			if a := send(t, h, key, http.MethodGet, "/api/v1"+q, nil); strings.Contains(a.body, marker) {
				t.Errorf("GET %s as %s of another unit shows the marker", q, role)
			}
		}
	}
	viewer := h.Key(t, pact.Viewer, "north")
	alike := func(id string) string {
		var p object
		send(t, h, viewer, http.MethodGet, "/api/v1/contracts/"+id, nil).into(t, &p)
		delete(p, "request_id")
		return strings.ReplaceAll(fmt.Sprint(p), id, "ID")
	}
	if absent, foreign := alike("con_none"), alike(string(south.Contract.ID)); absent != foreign {
		t.Errorf("an absent and a foreign id differ:\n%s\n%s", absent, foreign)
	}
}

// TestAnAdministratorOfOneUnitStaysInIt: nobody gives more than they have.
func TestAnAdministratorOfOneUnitStaysInIt(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Key(t, pact.Viewer, "*")
	everywhere := apitest.One(t, h.Store.Reads().Keys, store.Eq("name", "test viewer"))
	boss, err := h.Gate.EnsureAdmin(t.Context(), "boss@example.com", "a long password")
	if err != nil || boss == "" {
		t.Fatal(err)
	}
	u := apitest.One(t, h.Store.Reads().Users, store.Eq("email", "boss@example.com"))
	north := h.Key(t, pact.Admin, "north")
	for _, c := range []struct {
		what, method, path string
		body               object
	}{
		{"a person for all units", http.MethodPost, "/users", object{"email": "x@example.com", "name": "X", "role": "admin", "units": []string{"*"}, "password": "a long password"}},
		{"a person for another unit", http.MethodPost, "/users", object{"email": "x@example.com", "name": "X", "role": "viewer", "units": []string{"north", "south"}, "password": "a long password"}},
		{"a key for all units", http.MethodPost, "/keys", object{"name": "k", "role": "viewer", "units": []string{"*"}}},
		{"the password of who sees more", http.MethodPut, "/users/" + string(u.ID), object{"password": "another long one", "revision": u.Revision}},
		{"a key of who sees more", http.MethodDelete, "/keys/" + string(everywhere.ID), nil},
		{"a policy for everybody", http.MethodPost, "/policies", object{"kind": "review", "body": object{"threshold": "0"}, "note": "all pass"}},
		{"the whole trail", http.MethodGet, "/audit/export", nil},
	} {
		var body any
		if c.body != nil {
			body = c.body
		}
		if a := send(t, h, north, c.method, "/api/v1"+c.path, body); a.status != http.StatusForbidden && a.status != http.StatusNotFound {
			t.Errorf("an administrator of one unit may take %s: %d %s", c.what, a.status, a.body)
		}
	}
	if a := send(t, h, north, http.MethodPost, "/api/v1/users", object{"email": "n@example.com", "name": "N", "role": "viewer", "units": []string{"north"}, "password": "a long password"}); a.status != http.StatusCreated {
		t.Errorf("a person for the own unit: %d %s", a.status, a.body)
	}
}

func trail(t *testing.T, h *apitest.House) []audit.Entry {
	t.Helper()
	p, err := h.Store.Audit().List(system(), store.AuditQuery{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	return p.Items
}

func since(before, now []audit.Entry) []audit.Entry {
	known := map[pact.AuditID]bool{}
	for _, e := range before {
		known[e.ID] = true
	}
	var out []audit.Entry
	for _, e := range now {
		if !known[e.ID] && len(before) > 0 && e.ID > before[0].ID || len(before) == 0 {
			out = append(out, e)
		}
	}
	return out
}

func system() context.Context { return pact.WithActor(context.Background(), pact.System("test")) }
