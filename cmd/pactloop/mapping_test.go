package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

func TestTheMappingOfAConnectionIsPrintedAndReplacedByAFile(t *testing.T) {
	t.Parallel()
	s, ctx := storetest.SQLite(t), storetest.System(t)
	storetest.Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
		c := pact.Connection{ID: pact.NewID[pact.ConnectionID]("cnn", tx.Now), BusinessUnit: "default", Connector: "salesforce", Name: "CRM", Enabled: true}
		return tx.Connections.Insert(ctx, &c)
	})
	run := func(file string) string {
		var out bytes.Buffer
		if err := runMapping(ctx, s, "CRM", file, &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	shipped := run("")
	says(t, shipped, "Contract_Renewal_Date__c", "AI_Extracted_Renewal_Date__c")
	file := filepath.Join(t.TempDir(), "mapping.json")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(strings.ReplaceAll(shipped, "Contract_Renewal_Date__c", "Next_Renewal__c"))
	says(t, run(file), "Version 1 of the mapping of CRM")
	says(t, run(""), `"Next_Renewal__c"`)
	write(shipped)
	says(t, run(file), "Version 2")
	if run("") != shipped {
		t.Error("what was printed, put back, prints otherwise")
	}
	for _, bad := range []string{`[{"objekt": "x"}]`, `[]`, `[] []`, strings.ReplaceAll(shipped, `"auto_renewal"`, `"auto_renewel"`), strings.ReplaceAll(shipped, `"yes_no"`, `"maybe"`)} {
		write(bad)
		if err := runMapping(ctx, s, "CRM", file, &bytes.Buffer{}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%.60s: %v", bad, err)
		}
	}
	if err := runMapping(ctx, s, "nothing", "", &bytes.Buffer{}); !fault.Is(err, fault.NotFound) || !strings.HasPrefix(err.Error(), `There is no connection named "nothing"`) {
		t.Errorf("an unknown connection: %v", err)
	}
}
