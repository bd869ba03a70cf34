package auth

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestNoMinuteHasMoreThanTenSignIns(t *testing.T) {
	t.Parallel()
	for name, every := range map[string]time.Duration{"all at once": 0, "each second": time.Second, "each five seconds": 5 * time.Second} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := &Gate{limits: map[string]*limit{}}
				var allowed []time.Time
				for range 200 {
					if g.allow("address:192.0.2.1") {
						allowed = append(allowed, time.Now())
					}
					<-time.After(every) // the bubble's clock: it takes no time
				}
				for i := signInsPerMinute; i < len(allowed); i++ {
					if allowed[i].Sub(allowed[i-signInsPerMinute]) < time.Minute {
						t.Fatalf("the sign-ins from %s to %s are eleven in less than a minute", allowed[i-signInsPerMinute], allowed[i])
					}
				}
				if len(allowed) < signInsPerMinute || !g.allow("address:192.0.2.2") {
					t.Errorf("%d were allowed; others wait too", len(allowed))
				}
			})
		})
	}
}

func TestAFloodOfNamesDoesNotFillTheMemory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &Gate{limits: map[string]*limit{}}
		for i := range 10_500 {
			g.allow("account:" + time.Duration(i).String())
		}
		if len(g.limits) > 10_001 {
			t.Errorf("%d names are remembered", len(g.limits))
		}
		<-time.After(2 * time.Minute)
		if !g.allow("address:new") || len(g.limits) > 2 {
			t.Errorf("after two quiet minutes %d are remembered", len(g.limits))
		}
	})
}
