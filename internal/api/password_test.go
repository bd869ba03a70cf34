package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

func TestAPersonChangesTheirOwnPassword(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		here := signedIn(t, h, pact.Viewer)
		email := "person-viewer@example.com"
		elsewhere := session(t, h, email)
		change := func(who, old, next string) reply {
			t.Helper()
			return send(t, h, who, http.MethodPut, "/api/v1/session/password", object{"old": old, "new": next})
		}
		signs := func(with string) int {
			t.Helper()
			return send(t, h, "", http.MethodPost, "/api/v1/session", object{"email": email, "password": with}).status
		}
		in := func(who string) bool {
			t.Helper()
			return send(t, h, who, http.MethodGet, "/api/v1/session", nil).status == http.StatusOK
		}
		const next = "quite another password"
		for what, c := range map[string]struct{ old, next, says string }{
			"a wrong old one": {"not the password", next, "wrong"},
			"a short new one": {password, "short", "at least 10"},
			"the same again":  {password, password, "another"},
		} {
			if a := change(here, c.old, c.next); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, c.says) {
				t.Errorf("%s: %d %s", what, a.status, a.body)
			}
		}
		if !in(here) || !in(elsewhere) {
			t.Error("a refused change ended a session")
		}
		if a := change(h.Key(t, pact.Admin), password, next); a.status != http.StatusForbidden {
			t.Errorf("a key changes a password: %d %s", a.status, a.body)
		}
		a := change(here, password, next)
		renewed, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
		if a.status/100 != 2 || renewed == here || !in(renewed) {
			t.Fatalf("%d %s, and the session is %q", a.status, a.body, renewed)
		}
		if in(elsewhere) || in(here) {
			t.Error("a session that began under the old password, or the old token of this one, still holds")
		}
		if old, fresh := signs(password), signs(next); old != http.StatusUnauthorized || fresh != http.StatusOK {
			t.Errorf("the old password answers %d, the new one %d", old, fresh)
		}
		u := apitest.One(t, h.Store.Reads().Users, store.Eq("email", email))
		for _, e := range trail(t, h) {
			if e.Act == "user.password" && (e.ActorID != string(u.ID) || e.Subject != string(u.ID) || len(e.Changes) != 1) {
				t.Errorf("the entry is %+v", e)
			}
		}
		// Guessing is as slow as at the sign-in: no minute has more than ten tries for one account.
		status := 0
		for range 11 {
			status = change(renewed, "a guess of many", "quite a third password").status
		}
		if status != http.StatusTooManyRequests {
			t.Errorf("the eleventh guess is answered %d", status)
		}
	})
}
