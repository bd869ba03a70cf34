package grammar

import (
	"strings"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

// reachOfOrder is how far an enumeration of documents may go on behind the sentence that announces it, in bytes.
const reachOfOrder = 500

// findOrder reads the order of precedence between documents, where a clause states one: the first that does. A person always confirms it.
func findOrder(r *reading) {
	for _, n := range r.sentencesWith(30, "conflict", "inconsisten", "discrepanc", "precedence", "order of priority") {
		sp := r.sentences[n]
		if sp.End-sp.Start > 1500 {
			continue
		}
		names, end := wording.Order(r.cut(sp)), sp.End
		if list, at := wording.ListedOrder(r.s[sp.Start:r.safe(min(len(r.s), sp.End+reachOfOrder))]); len(list) > max(1, len(names)) {
			names, end = list, max(end, sp.Start+at)
		}
		if len(names) < 2 {
			continue
		}
		v := pact.Text(strings.Join(names, " > "))
		r.term(pact.PrecedenceTerm, &v, "0.70", wording.Span{Start: sp.Start, End: end})
		return
	}
}
