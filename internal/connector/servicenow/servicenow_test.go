package servicenow_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/connectortest"
	"github.com/pactloop/pactloop/internal/connector/servicenow"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

type row = map[string]string

// system is a small ServiceNow, written from its description.
type system struct {
	mu      sync.Mutex
	tables  map[string][]row
	closed  []string // tables that may not be read
	ignores bool     // ignores conditions silently
	clock   time.Time
}

func id(n int) string { return fmt.Sprintf("%032x", n) }

func newSystem() *system {
	return &system{clock: time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC), tables: map[string][]row{
		"incident": {{
			"sys_id": id(1), "number": "INC0010001", "short_description": "Down", "state": "6", "priority": "2", "opened_at": "2026-03-10 08:00:00", "resolved_at": "2026-03-10 11:30:00",
			"company": "c1", "caller_id": "u9", "caller_id.user_name": "customer", "assigned_to": id(77), "business_service": "Portal", "u_contract_number": "SA-2023-789",
			"sys_created_on": "2026-03-10 08:01:00", "sys_updated_on": "2026-03-10 11:45:00", "sys_mod_count": "7",
		}},
		"sys_user": {{"sys_id": id(77), "user_name": "beth", "name": "Beth Anglin", "email": "beth@acme.test"}},
		"sys_audit": {
			audit(1, 0, "08:01:00", "state", "", "1"),
			audit(2, 1, "08:30:00", "assigned_to", "", id(77)),
			audit(3, 2, "09:00:00", "state", "2", "3"), audit(4, 2, "09:00:00", "hold_reason", "", "1"),
			audit(5, 3, "09:30:00", "priority", "1", "2"),
			audit(6, 4, "10:00:00", "state", "3", "2"),
			audit(7, 5, "11:00:00", "state", "2", "6"), audit(8, 5, "11:00:00", "resolved_at", "", "2026-03-10 10:55:00"),
			audit(9, 6, "11:45:00", "resolved_at", "2026-03-10 10:55:00", "2026-03-10 11:30:00"),
		},
		"sys_journal_field": {
			journal(1, "08:10:00", "comments", "customer", "please hurry"),
			journal(2, "08:20:00", "work_notes", "pactloop", "Ticket is at 90 %. [fnd_1/v1]"),
			journal(3, "08:40:00", "comments", "beth", "we are on it"),
		},
		"cmdb_ci_outage": {{"sys_id": id(5), "number": "OUT1", "type": "outage", "begin": "2026-03-09 10:00:00", "end": "2026-03-09 11:00:00", "cmdb_ci": "Portal", "sys_updated_on": "2026-03-09 11:05:00", "sys_mod_count": "2"}},
	}}
}

func audit(n, checkpoint int, at, field, old, now string) row {
	return row{"sys_id": id(100 + n), "tablename": "incident", "documentkey": id(1), "fieldname": field, "oldvalue": old, "newvalue": now, "record_checkpoint": strconv.Itoa(checkpoint), "sys_created_on": "2026-03-10 " + at}
}

func journal(n int, at, element, by, text string) row {
	return row{"sys_id": id(200 + n), "name": "incident", "element": element, "element_id": id(1), "value": text, "sys_created_by": by, "sys_created_on": "2026-03-10 " + at}
}

func (s *system) handler() http.Handler {
	mux := http.NewServeMux()
	reply := func(w http.ResponseWriter, status int, v any) {
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	show := func(r row, all bool) any {
		if !all {
			return r
		}
		out := map[string]any{}
		for k, v := range r {
			display := v
			if k == "company" && v == "c1" {
				display = "Acme Corp"
			}
			if k == "assigned_to" {
				display = "Beth Anglin"
			}
			out[k] = map[string]string{"value": v, "display_value": display}
		}
		return out
	}
	mux.HandleFunc("GET /api/now/table/{table}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		table, q := r.PathValue("table"), r.URL.Query()
		if slices.Contains(s.closed, table) {
			reply(w, 403, map[string]any{"error": map[string]string{"message": "Insufficient rights"}, "status": "failure"})
			return
		}
		var out []row
		for _, x := range s.tables[table] {
			if s.ignores || matches(x, q.Get("sysparm_query")) {
				out = append(out, x)
			}
		}
		for _, part := range slices.Backward(strings.Split(q.Get("sysparm_query"), "^")) {
			if name, ok := strings.CutPrefix(part, "ORDERBY"); ok {
				slices.SortStableFunc(out, func(a, b row) int { return strings.Compare(a[name], b[name]) })
			}
		}
		limit, _ := strconv.Atoi(q.Get("sysparm_limit"))
		offset, _ := strconv.Atoi(q.Get("sysparm_offset"))
		from := min(offset, len(out))
		list := []any{}
		for _, x := range out[from:min(from+limit, len(out))] {
			list = append(list, show(x, q.Get("sysparm_display_value") == "all"))
		}
		reply(w, 200, map[string]any{"result": list})
	})
	mux.HandleFunc("GET /api/now/table/{table}/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, x := range s.tables[r.PathValue("table")] {
			if x["sys_id"] == r.PathValue("id") {
				reply(w, 200, map[string]any{"result": show(x, true)})
				return
			}
		}
		reply(w, 404, map[string]any{"error": map[string]string{"message": "No Record found"}})
	})
	mux.HandleFunc("PATCH /api/now/table/incident/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		var body map[string]string
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			reply(w, 400, map[string]any{})
			return
		}
		for element, text := range body {
			s.tables["sys_journal_field"] = append(s.tables["sys_journal_field"], row{
				"sys_id": id(300 + len(s.tables["sys_journal_field"])), "name": "incident", "element": element,
				"element_id": r.PathValue("id"), "value": text, "sys_created_by": "pactloop", "sys_created_on": "2026-03-10 12:00:00",
			})
		}
		reply(w, 200, map[string]any{"result": map[string]string{"sys_id": r.PathValue("id")}})
	})
	return mux
}

func matches(x row, query string) bool {
	for _, part := range strings.Split(query, "^") {
		if part == "" || strings.HasPrefix(part, "ORDERBY") {
			continue
		}
		if name, value, ok := strings.Cut(part, ">="); ok {
			if x[name] < value {
				return false
			}
		} else if name, value, ok := strings.Cut(part, "LIKE"); ok && name == "value" {
			if !strings.Contains(x[name], value) {
				return false
			}
		} else if i := strings.Index(part, "IN"); i > 0 {
			if !slices.Contains(strings.Split(part[i+2:], ","), x[part[:i]]) {
				return false
			}
		} else if name, value, ok := strings.Cut(part, "="); ok && x[name] != value {
			return false
		}
	}
	return true
}

func values(base string) connector.Values {
	return connector.Values{"base_url": base, "username": "pactloop", "password": connectortest.Canary}
}

func open(t *testing.T, s *system) *servicenow.Connection {
	t.Helper()
	server := httptest.NewServer(s.handler())
	t.Cleanup(server.Close)
	return connectortest.Open(t, servicenow.Connector(), values(server.URL), server.URL).(*servicenow.Connection)
}

var comment = pact.Action{Kind: "add_comment", Object: "incident", ExternalID: id(1), Key: "fnd_2/v1", Fields: map[string]any{"text": "Ticket #1234 is at 90% of agreed 4-hour resolution window."}}

func TestSuite(t *testing.T) {
	t.Parallel()
	systems := func() (http.Handler, func() int) {
		s := newSystem()
		return s.handler(), func() int {
			s.mu.Lock()
			defer s.mu.Unlock()
			return len(s.tables["sys_journal_field"]) - 3
		}
	}
	for _, stream := range []string{"incidents", "outages"} {
		t.Run(stream, func(t *testing.T) {
			t.Parallel()
			connectortest.Run(t, connectortest.Case{Connector: servicenow.Connector(), Values: values, System: systems, Stream: stream, Actions: []pact.Action{comment}})
		})
	}
}

func events(t *testing.T, s *system) []pact.Event {
	t.Helper()
	records, _ := connectortest.ReadAll(t.Context(), t, open(t, s), "incidents", "")
	if len(records) != 1 {
		t.Fatalf("%d records", len(records))
	}
	return records[0].Events
}

// told writes events on one line each, without what they share.
func told(list []pact.Event) string {
	var out []string
	for _, e := range list {
		line := e.OccurredAt.Format("15:04") + " " + strings.TrimPrefix(e.Kind, "ticket_") + " P" + e.Data.Priority
		if e.Data.Reason != "" {
			line += " (" + e.Data.Reason + ")"
		}
		if e.ReplacesExternal != "" {
			line += " replaces " + strings.TrimPrefix(e.ReplacesExternal, id(1)+"/")
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func TestAnIncidentWithItsHistoryBecomesEvents(t *testing.T) {
	t.Parallel()
	got := events(t, newSystem())
	want := strings.Join([]string{
		"08:00 opened P1",
		"08:30 priority P1 (assigned to Beth Anglin)",
		"08:40 responded P1",
		"09:00 paused P1 (Awaiting Caller)",
		"09:30 priority P2 (priority 1 to 2)",
		"10:00 resumed P2",
		"10:55 resolved P2",
		"11:30 resolved P2 (resolution time corrected) replaces ticket_resolved/" + id(107),
	}, "\n")
	if told(got) != want {
		t.Errorf("got\n%s\nwant\n%s", told(got), want)
	}
	d := got[0].Data
	if d.Customer != "Acme Corp" || d.CustomerID != "c1" || d.Lead != "Beth Anglin" || d.LeadEmail != "beth@acme.test" || d.Contract != "SA-2023-789" || d.Service != "Portal" || d.RecordID != id(1) || got[0].Subject != "INC0010001" {
		t.Errorf("data %+v", d)
	}
}

func TestACorrectionLaterLeavesEarlierEventsAsTheyWere(t *testing.T) {
	t.Parallel()
	s := newSystem()
	s.tables["sys_audit"] = s.tables["sys_audit"][:8]
	s.tables["incident"][0]["resolved_at"] = "2026-03-10 10:55:00"
	before := events(t, s)
	after := events(t, newSystem())
	if told(after[:len(before)]) != told(before) || len(after) != len(before)+1 {
		t.Errorf("before\n%s\nafter\n%s", told(before), told(after))
	}
	for i, e := range before {
		if e.ExternalID != after[i].ExternalID {
			t.Errorf("id %s became %s", e.ExternalID, after[i].ExternalID)
		}
	}
}

func TestAnEventComesBeforeWhatReplacesIt(t *testing.T) {
	t.Parallel()
	s := newSystem()
	s.tables["sys_audit"] = append(s.tables["sys_audit"],
		audit(10, 7, "11:50:00", "resolved_at", "2026-03-10 11:30:00", "2026-03-10 08:05:00"),
		audit(11, 8, "11:51:00", "opened_at", "2026-03-10 08:00:00", "2026-03-10 07:00:00"))
	s.tables["incident"][0]["opened_at"] = "2026-03-10 07:00:00"
	known := map[string]bool{}
	replaced := 0
	for _, e := range events(t, s) {
		if e.ReplacesExternal != "" {
			replaced++
			if !known[e.ReplacesExternal] {
				t.Errorf("%s replaces %s, which was not told before", e.ExternalID, e.ReplacesExternal)
			}
		}
		known[e.ExternalID] = true
	}
	if replaced != 3 {
		t.Errorf("%d replacements, want 3", replaced)
	}
}

func TestReopeningCancellingAndHoldingUntilTheEnd(t *testing.T) {
	t.Parallel()
	s := newSystem()
	s.tables["sys_audit"] = []row{
		audit(1, 1, "09:00:00", "state", "1", "3"),
		audit(2, 2, "10:00:00", "state", "3", "6"), audit(3, 2, "10:00:00", "resolved_at", "", "2026-03-10 10:00:00"),
		audit(4, 3, "10:30:00", "state", "6", "2"), audit(5, 3, "10:30:00", "resolved_at", "2026-03-10 10:00:00", ""),
		audit(6, 4, "11:00:00", "state", "In Progress", "On Hold"),
		audit(7, 5, "11:30:00", "state", "On Hold", "Canceled"),
	}
	want := strings.Join([]string{"08:00 opened P2", "08:40 responded P2", "09:00 paused P2", "10:00 resumed P2", "10:00 resolved P2", "10:30 reopened P2", "11:00 paused P2", "11:30 resumed P2", "11:30 cancelled P2"}, "\n")
	if got := told(events(t, s)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWithoutHistoryTheIncidentItselfIsRead(t *testing.T) {
	t.Parallel()
	s := newSystem()
	s.closed = []string{"sys_audit", "sys_journal_field"}
	got := events(t, s)
	want := strings.Join([]string{"08:00 opened P2", "11:30 resolved P2", "11:45 priority P2 (as shown at the last change)"}, "\n")
	if told(got) != want {
		t.Errorf("got\n%s\nwant\n%s", told(got), want)
	}
}

func TestACommentIsNeverPostedWhereItCanNotBeLookedUp(t *testing.T) {
	t.Parallel()
	s := newSystem()
	s.closed = []string{"sys_journal_field"}
	_, err := open(t, s).Write(t.Context(), comment)
	if class, _ := connector.FailureOf(err); class != connector.FailDenied || len(s.tables["sys_journal_field"]) != 3 {
		t.Errorf("%v, %d entries", err, len(s.tables["sys_journal_field"]))
	}
}

func TestACommentCarriesItsMarkerAndIsToldFromOthers(t *testing.T) {
	t.Parallel()
	s := newSystem()
	s.ignores = true // every search finds everything: only checking each hit helps
	c := open(t, s)
	for _, key := range []string{"fnd_2/v1", "fnd_2/v10", "fnd_2/v1"} {
		a := comment
		a.Key = key
		if _, err := c.Write(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	list := s.tables["sys_journal_field"]
	if len(list) != 5 || list[3]["value"] != "Ticket #1234 is at 90% of agreed 4-hour resolution window. [fnd_2/v1]" || list[3]["element"] != "work_notes" {
		t.Errorf("%v", list[3:])
	}
}

func TestFailuresOfAWriteAreToldApart(t *testing.T) {
	t.Parallel()
	c := open(t, newSystem())
	for name, x := range map[string]struct {
		change func(*pact.Action)
		class  connector.Failure
	}{
		"no incident":      {func(a *pact.Action) { a.ExternalID = "" }, connector.FailUnmapped},
		"unknown incident": {func(a *pact.Action) { a.ExternalID = id(99) }, connector.FailUnmapped},
		"odd id":           {func(a *pact.Action) { a.ExternalID = "../sys_user" }, connector.FailUnmapped},
		"no text":          {func(a *pact.Action) { a.Fields = map[string]any{} }, connector.FailInvalid},
		"odd key":          {func(a *pact.Action) { a.Key = "x^element_id=y" }, connector.FailInvalid},
	} {
		a := comment
		x.change(&a)
		_, err := c.Write(t.Context(), a)
		if class, _ := connector.FailureOf(err); err == nil || class != x.class {
			t.Errorf("%s: class %q, %v", name, class, err)
		}
	}
}

func TestASystemThatIgnoresTheQuestionStopsTheStream(t *testing.T) {
	t.Parallel()
	s := newSystem()
	c := open(t, s)
	_, cursor := connectortest.ReadAll(t.Context(), t, c, "incidents", "")
	s.ignores = true
	if _, err := c.Read(t.Context(), "incidents", cursor); err == nil {
		t.Error("rows older than asked for were taken")
	}
}

// outageTold writes the events of an outage on one line each.
func outageTold(list []pact.Event) string {
	var out []string
	number := map[string]int{}
	for i, e := range list {
		number[e.ExternalID] = i + 1
		line := e.OccurredAt.Format("15:04") + "-" + e.Data.EndAt.Format("15:04")
		if e.Data.EndAt.IsZero() {
			line = e.OccurredAt.Format("15:04") + "-"
		}
		if e.ReplacesExternal != "" {
			line += fmt.Sprint(" replaces ", number[e.ReplacesExternal])
		}
		out = append(out, line+" "+e.Data.Excluded)
	}
	return strings.Join(out, "; ")
}

func TestAReadingOfAnOutageReplacesTheOneBefore(t *testing.T) {
	t.Parallel()
	for _, audited := range []bool{false, true} {
		s := newSystem()
		c := open(t, s)
		var all []pact.Event
		cursor, n := pact.Cursor(""), 0
		read := func(end, kind string) {
			r := s.tables["cmdb_ci_outage"][0]
			n++
			if audited && n > 1 {
				at := fmt.Sprintf("2026-03-20 11:%02d:00", n)
				s.tables["sys_audit"] = append(s.tables["sys_audit"],
					row{"sys_id": id(500 + 2*n), "tablename": "cmdb_ci_outage", "documentkey": id(5), "fieldname": "end", "oldvalue": r["end"], "newvalue": end, "sys_created_on": at, "record_checkpoint": "1"},
					row{"sys_id": id(501 + 2*n), "tablename": "cmdb_ci_outage", "documentkey": id(5), "fieldname": "type", "oldvalue": r["type"], "newvalue": kind, "sys_created_on": at, "record_checkpoint": "1"})
			}
			r["end"], r["type"], r["sys_mod_count"], r["sys_updated_on"] = end, kind, strconv.Itoa(n), fmt.Sprintf("2026-03-20 11:%02d:00", n)
			records, next := connectortest.ReadAll(t.Context(), t, c, "outages", cursor)
			cursor = next
			for _, rec := range records {
				for _, e := range rec.Events {
					if !slices.ContainsFunc(all, func(known pact.Event) bool { return known.ExternalID == e.ExternalID }) {
						all = append(all, e)
					}
				}
			}
		}
		read("", "outage")
		read("2026-03-09 11:00:00", "outage")
		read("2026-03-09 11:00:00", "outage")
		read("2026-03-09 12:00:00", "outage")
		read("2026-03-09 11:00:00", "outage")
		read("2026-03-09 11:00:00", "planned")
		want := "10:00- ; 10:00-11:00 replaces 1 ; 10:00-12:00 replaces 2 ; 10:00-11:00 replaces 3 ; 10:00-11:00 replaces 4 maintenance"
		if got := outageTold(all); got != want {
			t.Errorf("audited %v\n got %s\nwant %s", audited, got, want)
		}
		if !audited {
			continue
		}
		read("2026-03-09 11:00:00", "degradation")
		if got := outageTold(all); got != want+"; 10:00-10:00 replaces 5 maintenance" {
			t.Errorf("withdrawn: %s", got)
		}
	}
}

func TestHostileRowsDoNotPanic(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{}`, `{"result":null}`, `{"result":{}}`, `{"result":[null]}`, `{"result":[{"sys_id":1}]}`, `{"result":[{"sys_id":"x","sys_updated_on":"never"}]}`,
		`{"result":[{"sys_id":{"value":["a"]},"sys_updated_on":{"display_value":1},"state":[[]]}]}`, `[]`, `<html>`,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, body) }))
		c := connectortest.Open(t, servicenow.Connector(), values(server.URL), server.URL).(*servicenow.Connection)
		for _, stream := range []string{"incidents", "outages"} {
			_, _ = c.Read(t.Context(), stream, "")
		}
		_, _ = c.Fetch(t.Context(), pact.RecordRef{Object: "incident", ExternalID: id(1)})
		_, _ = c.Write(t.Context(), comment)
		server.Close()
	}
	c := open(t, newSystem())
	if _, err := c.File(t.Context(), pact.RecordRef{}, "", 1); !fault.Is(err, fault.Unsupported) {
		t.Error(err)
	}
}
