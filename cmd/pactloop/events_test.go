package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/pact"
)

func TestATableOfEventsIsSentWithItsMapping(t *testing.T) {
	t.Parallel()
	var got struct {
		CSV     string            `json:"csv"`
		Name    string            `json:"name"`
		Mapping pact.EventMapping `json:"mapping"`
		DryRun  bool              `json:"dry_run"`
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v1/events/import" || r.Header.Get("Authorization") != "Bearer pk_test" {
			t.Errorf("%s with %q", r.URL.Path, r.Header.Get("Authorization"))
		}
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		_, _ = w.Write([]byte(`{"import":{"lines":3,"new":1,"repeated":1,"unmatched":1,"rejected":1,"rejections":[{"line":4,"text":"x,never","problems":["occurred_at: \"never\" is no date."]}]}}`))
	}))
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "paid.csv")
	if err := os.WriteFile(file, []byte("No = key,When\n1,2026-03-01\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := tableSender{client: server.Client(), server: server.URL + "/", key: "pk_test", kind: "payment", columns: []string{"No = key=external_id", "When=occurred_at"}, fixed: []string{"data.contract=A=1"}, dates: "dmy", dryRun: true}
	var out strings.Builder
	if err := s.run(t.Context(), file, &out); err == nil {
		t.Error("a rejected line leaves no trace in the exit code")
	}
	m := got.Mapping
	if got.Name != "paid.csv" || !strings.HasPrefix(got.CSV, "No = key") || !got.DryRun || m.Kind != "payment" || m.Dates != "dmy" || len(m.Columns) != 2 || m.Columns[0].Column != "No = key" || m.Columns[0].Field != "external_id" || m.Fixed[0].Value != "A=1" {
		t.Errorf("sent %+v", got)
	}
	for _, want := range []string{"Nothing was kept", "1 events new, 1 known already, 1 without a contract; 1 lines rejected", `line 4: occurred_at: "never" is no date.`, "x,never"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
}

func TestAMappingThatIsNoneIsRefusedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]tableSender{
		"a column without a field": {columns: []string{"Invoice"}},
		"a field without a name":   {fixed: []string{"=x"}},
		"a file that is not there": {mapping: "nowhere.json"},
	} {
		if _, err := s.meaning(); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
