package backtest_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/pact"
)

// Whoever brings events by a table can bring what a judgement reads of them: over every scenario, a member of an event that is no column of
// its kind changes nothing where it is left out.
func TestWhatIsReadOfAnEventIsAColumnOfItsKind(t *testing.T) {
	t.Parallel()
	lacking := map[string]string{} // by kind and member, the scenario that shows it
	everyScenario(t, func(file string, in backtest.Input) {
		in.Final, in.NoUnused = true, true
		whole := ""
		for i, e := range in.Events {
			kind, _ := pact.EventKindOf(e.Kind)
			columns := slices.Concat(kind.Fields, pact.CommonEventFields())
			var said map[string]json.RawMessage
			if err := json.Unmarshal(must(json.Marshal(e.Data)), &said); err != nil {
				t.Fatal(err)
			}
			for member := range said {
				name := e.Kind + " data." + member
				if slices.Contains(columns, "data."+member) || lacking[name] != "" {
					continue
				}
				less := maps.Clone(said)
				delete(less, member)
				was := in
				was.Events = slices.Clone(in.Events)
				was.Events[i].Data = pact.EventData{}
				if err := json.Unmarshal(must(json.Marshal(less)), &was.Events[i].Data); err != nil {
					t.Fatal(err)
				}
				if whole == "" {
					whole = judged(report(t, in))
				}
				if judged(report(t, was)) != whole {
					lacking[name] = file
				}
			}
		}
	})
	for _, name := range slices.Sorted(maps.Keys(lacking)) {
		t.Errorf("%s is read and no column: %s", name, lacking[name])
	}
}
