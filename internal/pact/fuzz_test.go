package pact_test

import (
	"encoding/json"
	"testing"

	"github.com/pactloop/pactloop/internal/pact"
)

// FuzzValue reads terms as other systems, files and policies may write them: what passes Check can be printed, and comes back as
// it was.
func FuzzValue(f *testing.F) {
	for _, v := range []pact.Value{pact.Text("Ohio"), pact.OnDate("2026-03-02"), {Kind: pact.PartiesValue, Parties: []pact.Party{{Name: "A", Role: "customer"}}}} {
		raw, err := json.Marshal(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte(`{"kind":"money","money":{"value":"1e999999999","currency":"USD"}}`))
	f.Add([]byte(`{"kind":"duration","duration":{"value":12,"unit":"month"}}`))
	f.Add([]byte(`{"kind":"percentage","percentage":"99.95"}`))
	f.Add([]byte(`{"kind":"date"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var c pact.Candidate
		_ = json.Unmarshal(raw, &c)
		var v pact.Value
		if json.Unmarshal(raw, &v) != nil || v.Check() != nil {
			return
		}
		_ = v.String()
		again, err := json.Marshal(v)
		if err != nil {
			t.Fatalf("a value that passed can not be written: %v", err)
		}
		var back pact.Value
		if err := json.Unmarshal(again, &back); err != nil || back.Check() != nil || !v.Equal(back) {
			t.Fatalf("%s comes back as %+v: %v, %v", again, back, err, back.Check())
		}
	})
}
