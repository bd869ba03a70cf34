package wording

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/wording/expression"
)

func TestAPassageThatFixesPaymentTermsShowsASignOfIt(t *testing.T) {
	t.Parallel()
	pieces := rapid.SampledFrom(strings.Split("2 %/10 |2/10, |net 30|N/30|NET|30 days |strictly net|terms: |Payment of |n45|N 45|n-45|on the |by |forty-fifth |20th |last |calendar |day |of the |month |following |that follows|after |next |succeeding |proſimo|10 prox.|15th MFI|M.F.I.|C.O.D |COD |Co.D |cash |payable |paid |due |upon |on |receipt|presentation|receiving|delivery|as soon as|on demand|at ſight|when the |invoice |bill |arrives|in advance|before |dispatch|ſhipment|with order|payment in full with the order|pre-payment |prepayment |CIA |.", "|"))
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(pieces, 1, 8).Draw(t, "words"), "")
		shown := paySign(paySigns().In(s))
		for _, asked := range []struct {
			what string
			e    *expression.Expression
			sign paySign
		}{
			{"discount", discount, payNet},
			{"netDays", netDays, payNet},
			{"daysNet", daysNet, payNet},
			{"termsN", termsN, payTermsN},
			{"ordinalDay", ordinalDay, payOrdinal},
			{"onReceipt", onReceipt, payReceipt},
			{"dayOfNext", dayOfNext, payMonth},
			{"proximo", proximo, payProximo},
			{"onDelivery", onDelivery, payDelivery},
			{"onceShown", onceShown, payShown},
			{"inAdvance", inAdvance, payAdvance},
		} {
			if shown&asked.sign == 0 && asked.e.MatchString(s) {
				t.Fatalf("%s matches %q, and its sign is not shown", asked.what, s)
			}
		}
	})
}
