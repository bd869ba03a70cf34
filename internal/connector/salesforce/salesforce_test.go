package salesforce_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/connectortest"
	"github.com/pactloop/pactloop/internal/connector/salesforce"
	"github.com/pactloop/pactloop/internal/pact"
)

type object = map[string]any

// system is a small Salesforce, written from its description. It keeps every row; it has no unique keys.
type system struct {
	mu      sync.Mutex
	rows    map[string][]object // by kind of object
	known   map[string][]string // fields by kind
	patches int
	queries []string
	refuse  *object // error of the next patch
	status  int
	rewrite func(object)
	detail  bool // new records are details of another object: they have no owner
}

func newSystem() *system {
	return &system{
		rows: map[string][]object{
			"Account": {
				{"Id": "001000000000001AAA", "Name": "Acme Corporation", "BillingCity": "Berlin", "BillingCountry": "Germany"},
				{"Id": "001000000000002AAA", "Name": "O'Neil & 100%_Sons", "BillingCity": "Cork"},
			},
			"Opportunity": {
				{"Id": "006000000000001AAA", "Name": "Acme MSA", "AccountId": "001000000000001AAA", "StageName": "Negotiation", "IsClosed": false, "SystemModstamp": "m0", "Auto_Renew__c": false, "Amount": 12, "OwnerId": "005000000000007AAA"},
				{"Id": "006000000000002AAA", "Name": "Old", "AccountId": "001000000000001AAA", "StageName": "Closed Won", "IsClosed": true, "SystemModstamp": "m0"},
			},
		},
		known: map[string][]string{
			"Account":                {"Id", "Name", "BillingStreet", "BillingCity", "BillingState", "BillingPostalCode", "BillingCountry", "SystemModstamp"},
			"Opportunity":            {"Id", "Name", "AccountId", "StageName", "IsClosed", "CloseDate", "Amount", "SystemModstamp", "Contract_Effective_Date__c", "Term_Notice_Days__c", "Auto_Renew__c", "Total_Contract_Value__c", "Contract_Terms__c", "Pactloop_Needs_Review__c", "OwnerId"},
			"Contract_Obligation__c": {"Id", "Name", "Due__c", "Pactloop_Key__c", "SystemModstamp", "Opportunity__c"},
		},
	}
}

var selectForm = regexp.MustCompile(`^SELECT (.+) FROM (\w+)(?: WHERE (.+?))?(?: ORDER BY .+?)? ?(?:LIMIT (\d+))?$`)

func unquote(s string) string {
	s = strings.Trim(s, "'")
	return strings.NewReplacer(`\\`, `\`, `\'`, `'`, `\%`, `%`, `\_`, `_`).Replace(s)
}

func (s *system) matches(r object, condition string) bool {
	condition = strings.Trim(condition, "()")
	if condition == "" {
		return true
	}
	for _, part := range strings.Split(condition, " OR ") {
		if name, pattern, ok := strings.Cut(part, " LIKE "); ok {
			pattern = strings.Trim(pattern, "'")
			if strings.Contains(strings.ToLower(fmt.Sprint(r[name])), strings.ToLower(unquote(pattern[1:len(pattern)-1]))) {
				return true
			}
		}
		if name, value, ok := strings.Cut(part, " = "); ok && fmt.Sprint(r[name]) == unquote(value) {
			return true
		}
	}
	return false
}

func (s *system) handler() http.Handler {
	mux := http.NewServeMux()
	reply := func(w http.ResponseWriter, status int, v any) {
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	fail := func(w http.ResponseWriter, status int, code, message string) {
		reply(w, status, []object{{"errorCode": code, "message": message, "fields": []string{}}})
	}
	mux.HandleFunc("POST /services/oauth2/token", func(w http.ResponseWriter, r *http.Request) {
		reply(w, 200, object{"access_token": "tok", "instance_url": "http://" + r.Host, "token_type": "Bearer"})
	})
	mux.HandleFunc("GET /services/data/v62.0/query", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		q := r.URL.Query().Get("q")
		s.queries = append(s.queries, q)
		m := selectForm.FindStringSubmatch(q)
		if m == nil {
			fail(w, 400, "MALFORMED_QUERY", q)
			return
		}
		known, ok := s.known[m[2]]
		if !ok {
			fail(w, 400, "INVALID_TYPE", "sObject type "+m[2]+" is not supported")
			return
		}
		var out []object
		for _, row := range s.rows[m[2]] {
			if s.matches(row, m[3]) {
				out = append(out, row)
			}
		}
		for _, column := range strings.Split(m[1], ", ") {
			if !slices.Contains(known, column) {
				fail(w, 400, "INVALID_FIELD", "No such column '"+column+"' on entity")
				return
			}
		}
		reply(w, 200, object{"totalSize": len(out), "done": true, "records": out})
	})
	patch := func(w http.ResponseWriter, r *http.Request, create bool, match func(object) bool) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.refuse != nil {
			reply(w, s.status, []object{*s.refuse})
			return
		}
		kind := r.PathValue("kind")
		var body object
		_ = json.NewDecoder(r.Body).Decode(&body)
		if _, owned := body["OwnerId"]; owned && s.detail {
			fail(w, 400, "INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: OwnerId.")
			return
		}
		var hits []object
		for _, row := range s.rows[kind] {
			if match(row) {
				hits = append(hits, row)
			}
		}
		if len(hits) > 1 {
			reply(w, 300, []string{"a", "b"})
			return
		}
		s.patches++
		if len(hits) == 0 && create {
			hits = []object{{"Id": fmt.Sprintf("a00%015d", len(s.rows[kind])), r.PathValue("field"): r.PathValue("value")}}
			s.rows[kind] = append(s.rows[kind], hits[0])
		}
		for k, v := range body {
			hits[0][k] = v
		}
		hits[0]["SystemModstamp"] = fmt.Sprint("m", s.patches)
		if s.rewrite != nil {
			s.rewrite(hits[0])
		}
		w.WriteHeader(http.StatusNoContent)
	}
	mux.HandleFunc("PATCH /services/data/v62.0/sobjects/{kind}/{id}", func(w http.ResponseWriter, r *http.Request) {
		patch(w, r, false, func(o object) bool { return o["Id"] == r.PathValue("id") })
	})
	mux.HandleFunc("PATCH /services/data/v62.0/sobjects/{kind}/{field}/{value}", func(w http.ResponseWriter, r *http.Request) {
		patch(w, r, true, func(o object) bool { return o[r.PathValue("field")] == r.PathValue("value") })
	})
	mux.HandleFunc("GET /services/data/v62.0/sobjects/{kind}/describe", func(w http.ResponseWriter, r *http.Request) {
		reply(w, 200, object{"fields": []object{{
			"name": "StageName", "label": "Stage", "type": "picklist", "length": 255, "updateable": true, "nillable": false, "createable": true,
			"picklistValues": []object{{"active": true, "value": "Contract Executed"}, {"active": false, "value": "Gone"}},
		}, {"name": "Id", "label": "Id", "type": "id", "updateable": false}}})
	})
	return mux
}

func values(base string) connector.Values {
	return connector.Values{"base_url": base, "client_id": "id", "client_secret": connectortest.Canary}
}

func open(t *testing.T, s *system) *salesforce.Connection {
	t.Helper()
	server := httptest.NewServer(s.handler())
	t.Cleanup(server.Close)
	return connectortest.Open(t, salesforce.Connector(), values(server.URL), server.URL).(*salesforce.Connection)
}

var (
	update = pact.Action{Kind: "update_fields", Object: "Opportunity", ExternalID: "006000000000001AAA", Key: "ver_1/opportunity", Fields: map[string]any{
		"Contract_Effective_Date__c": "2026-02-01", "Term_Notice_Days__c": json.Number("90"), "Auto_Renew__c": true, "Total_Contract_Value__c": json.Number("120000.50"), "Contract_Terms__c": "<p>Term</p>",
	}}
	upsert = pact.Action{Kind: "upsert_by_key", Object: "Contract_Obligation__c", Key: "obl_1/a b", Fields: map[string]any{"Name": "Obligation: report", "Due__c": "2026-04-01"}}
)

func TestSuite(t *testing.T) {
	t.Parallel()
	systems := func() (http.Handler, func() int) {
		s := newSystem()
		return s.handler(), func() int {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.patches
		}
	}
	flag := pact.Action{Kind: "needs_review_flag", Object: "Opportunity", ExternalID: "006000000000001AAA", Key: "k", Fields: map[string]any{connector.NeedsReview: true}}
	connectortest.Run(t, connectortest.Case{
		Connector: salesforce.Connector(), Values: values, System: systems,
		Sign:    func(r *http.Request) bool { return r.URL.Path == "/services/oauth2/token" },
		Actions: []pact.Action{update, upsert, flag},
	})
}

func TestOnlyWhatDiffersIsWrittenAndTheReceiptTellsWhatStandsThere(t *testing.T) {
	t.Parallel()
	s := newSystem()
	s.rows["Opportunity"][0]["Contract_Effective_Date__c"] = "2026-02-01"
	c := open(t, s)
	receipt, err := c.Write(t.Context(), update)
	if err != nil || receipt.Version != "m1" || !connector.SameValue(receipt.Values["Total_Contract_Value__c"], 120000.5) || !strings.HasSuffix(receipt.URL, "/006000000000001AAA") {
		t.Fatalf("%+v, %v", receipt, err)
	}
}

func TestADateIsEmptiedOnceAndNotOverWhatAPersonPutThere(t *testing.T) {
	t.Parallel()
	s := newSystem()
	c := open(t, s)
	empty := update
	empty.Fields = map[string]any{"Contract_Effective_Date__c": nil}
	empty.Before = map[string]any{"Contract_Effective_Date__c": "2026-09-01"}
	s.rows["Opportunity"][0]["Contract_Effective_Date__c"] = "2026-10-01"
	if _, err := c.Write(t.Context(), empty); !isClass(err, connector.FailConflict) {
		t.Errorf("over what a person put there: %v", err)
	}
	s.rows["Opportunity"][0]["Contract_Effective_Date__c"] = "2026-09-01"
	for n := 1; n <= 2; n++ {
		r, err := c.Write(t.Context(), empty)
		if v, told := r.Values["Contract_Effective_Date__c"]; err != nil || !told || v != nil || r.Found != (n == 2) || s.patches != 1 {
			t.Errorf("written %d times: %+v, %v, after %d requests", n, r, err, s.patches)
		}
	}
	if v, there := s.rows["Opportunity"][0]["Contract_Effective_Date__c"]; !there || v != nil {
		t.Errorf("there stands %v", v)
	}
}

func isClass(err error, want connector.Failure) bool {
	class, _ := connector.FailureOf(err)
	return err != nil && class == want
}

func TestANewRecordBelongsToTheOwnerOfItsOpportunity(t *testing.T) {
	t.Parallel()
	duty := upsert
	duty.Fields = map[string]any{"Name": "Obligation: report", "Opportunity__c": "006000000000001AAA"}
	for name, x := range map[string]struct {
		change func(*system, *pact.Action)
		owner  any
	}{
		"as it is":                              {func(*system, *pact.Action) {}, "005000000000007AAA"},
		"a detail of another object":            {func(s *system, _ *pact.Action) { s.detail = true }, nil},
		"an opportunity that is not to be seen": {func(_ *system, a *pact.Action) { a.Fields["Opportunity__c"] = "006000000000009AAA" }, nil},
		"an owner that can not be seen": {func(s *system, _ *pact.Action) {
			s.known["Opportunity"] = slices.DeleteFunc(s.known["Opportunity"], func(n string) bool { return n == "OwnerId" })
		}, nil},
		"one that hangs on nothing": {func(_ *system, a *pact.Action) { delete(a.Fields, "Opportunity__c") }, nil},
		"one that is there": {func(s *system, a *pact.Action) {
			s.rows["Contract_Obligation__c"] = []object{{"Id": "a00000000000009", "Pactloop_Key__c": a.Key, "OwnerId": "005000000000008AAA"}}
		}, "005000000000008AAA"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, a := newSystem(), duty
			a.Fields = maps.Clone(duty.Fields)
			x.change(s, &a)
			if _, err := open(t, s).Write(t.Context(), a); err != nil {
				t.Fatal(err)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			if rows := s.rows["Contract_Obligation__c"]; len(rows) != 1 || rows[0]["OwnerId"] != x.owner || rows[0]["Name"] != "Obligation: report" {
				t.Errorf("it made %v, want it to belong to %v", rows, x.owner)
			}
		})
	}
}

func TestFailuresOfAWriteAreToldApart(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		change func(*pact.Action, *system)
		class  connector.Failure
	}{
		"no target":         {func(a *pact.Action, _ *system) { a.ExternalID = "" }, connector.FailUnmapped},
		"unknown target":    {func(a *pact.Action, _ *system) { a.ExternalID = "006000000000009AAA" }, connector.FailUnmapped},
		"unknown field":     {func(a *pact.Action, _ *system) { a.Fields = map[string]any{"Nope__c": 1} }, connector.FailUnmapped},
		"unknown object":    {func(a *pact.Action, _ *system) { a.Object = "Nope__c" }, connector.FailUnmapped},
		"name with a query": {func(a *pact.Action, _ *system) { a.Fields = map[string]any{"Id FROM User": 1} }, connector.FailUnmapped},
		"changed there":     {func(a *pact.Action, _ *system) { a.Before = map[string]any{"Contract_Effective_Date__c": "2020-01-01"} }, connector.FailConflict},
		"closed deal": {func(a *pact.Action, _ *system) {
			a.ExternalID, a.Fields = "006000000000002AAA", map[string]any{"StageName": "Contract Executed"}
		}, connector.FailConflict},
		"validation rule":      {refusing(400, "FIELD_CUSTOM_VALIDATION_EXCEPTION"), connector.FailInvalid},
		"no access to field":   {refusing(400, "INVALID_FIELD_FOR_INSERT_UPDATE"), connector.FailDenied},
		"no access to row":     {refusing(400, "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"), connector.FailDenied},
		"row busy":             {refusing(400, "UNABLE_TO_LOCK_ROW"), connector.FailUnavailable},
		"limit of the day":     {refusing(403, "REQUEST_LIMIT_EXCEEDED"), connector.FailUnavailable},
		"rewritten by a rule":  {func(_ *pact.Action, s *system) { s.rewrite = func(o object) { o["Term_Notice_Days__c"] = 30 } }, connector.FailConflict},
		"duplicate by a rule":  {refusing(400, "DUPLICATES_DETECTED"), connector.FailConflict},
		"deleted in between":   {refusing(404, "ENTITY_IS_DELETED"), connector.FailUnmapped},
		"required field empty": {refusing(400, "REQUIRED_FIELD_MISSING"), connector.FailInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, a := newSystem(), update
			x.change(&a, s)
			_, err := open(t, s).Write(t.Context(), a)
			if class, _ := connector.FailureOf(err); err == nil || class != x.class {
				t.Errorf("class %q, %v", class, err)
			}
		})
	}
}

func refusing(status int, code string) func(*pact.Action, *system) {
	return func(_ *pact.Action, s *system) {
		s.status, s.refuse = status, &object{"errorCode": code, "message": "no"}
	}
}

func TestTheKeyIsNeverInTheBodyAndMayComeFromTheFields(t *testing.T) {
	t.Parallel()
	s := newSystem()
	c := open(t, s)
	a := upsert
	a.Fields = map[string]any{"Name": "n", "Pactloop_Key__c": "obl_7", "Id": "evil"}
	for i, key := range []string{"act_1", "act_2"} {
		a.Key = key
		a.Fields["Name"] = fmt.Sprint("n", i)
		if _, err := c.Write(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	rows := s.rows["Contract_Obligation__c"]
	if len(rows) != 1 || rows[0]["Pactloop_Key__c"] != "obl_7" || rows[0]["Id"] == "evil" || rows[0]["Name"] != "n1" {
		t.Errorf("rows %v", rows)
	}
}

func TestTwoRecordsOfOneKeyAreAConflict(t *testing.T) {
	t.Parallel()
	s := newSystem()
	s.rows["Contract_Obligation__c"] = []object{{"Id": "1", "Pactloop_Key__c": upsert.Key}, {"Id": "2", "Pactloop_Key__c": upsert.Key}}
	_, err := open(t, s).Write(t.Context(), upsert)
	if class, _ := connector.FailureOf(err); class != connector.FailConflict || s.patches != 0 {
		t.Errorf("%v, %d patches", err, s.patches)
	}
}

func TestCandidatesAreSearchedBroadlyAndQuoted(t *testing.T) {
	t.Parallel()
	s := newSystem()
	c := open(t, s)
	for name, want := range map[string]int{"ACME Corp.": 1, "The Acme Company, Inc.": 1, "O'Neil & Sons": 1, "100%_Sons": 1, "Zzz GmbH": 0, `x' OR Name != '`: 1, `\`: 0, "": 2, "Inc": 0} {
		got, err := c.Candidates(t.Context(), "Account", name)
		if err != nil || name != "" && len(got) != want {
			t.Errorf("%q: %d candidates, %v", name, len(got), err)
		}
	}
	for _, q := range s.queries {
		if strings.Contains(q, "!=") {
			t.Errorf("an unquoted query: %s", q)
		}
	}
	got, err := c.Candidates(t.Context(), "Opportunity", "001000000000001AAA")
	if err != nil || len(got) != 2 || got[0].ParentID != "001000000000001AAA" || got[0].Fields["stage"] == "" {
		t.Errorf("opportunities %+v, %v", got, err)
	}
}

func TestDescribeTellsChoicesAndWhatCanNotBeWritten(t *testing.T) {
	t.Parallel()
	schema, err := open(t, newSystem()).Describe(t.Context(), "Opportunity")
	if err != nil || len(schema.Fields) != 2 || !schema.Fields[0].ReadOnly || !schema.Fields[1].Required || !slices.Equal(schema.Fields[1].Choices, []string{"Contract Executed"}) {
		t.Errorf("%+v, %v", schema, err)
	}
}
