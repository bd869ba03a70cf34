//go:build demo

package e2e

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/demo"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/samples"
)

// A reviewer works through a contract by keys, and what she corrected stands in Salesforce.
func TestBrowserReview(t *testing.T) {
	t.Parallel()
	ctx := long(t)
	needsUI(t)
	d := town(ctx, t, demo.Config{})
	play(ctx, t, d, beforeReviews(t), nil)

	const title = `<img src=x onerror=alert(1)> & <script>alert(2)</script>`
	if _, err := upload(ctx, d, as(ctx, t, d, demo.ReviewerEmail), "title.txt", title, strings.NewReader("SERVICES AGREEMENT\n\nThis Agreement is made as of March 1, 2026 between Halden Systems, Inc. and Marlow LLC.\n")); err != nil {
		t.Fatal(err)
	}
	settled(ctx, t, d)
	id := reviewOf(ctx, t, d, "HS-PSA-2025-066")
	const days = "50" // the contract says 45: what stands in Salesforce came from the browser
	out := chromium(ctx, t, d, "review", "REVIEW="+string(id), "DAYS="+days, "TITLE="+title)
	t.Logf("decided by keys: %s", out)
	drained(ctx, t, d)

	deals := sim[struct {
		SObjects map[string][]system `json:"sobjects"`
	}](ctx, t, d.Town.URLs.Salesforce, "/_sim/state").SObjects["Opportunity"]
	i := slices.IndexFunc(deals, func(o system) bool { return field(o, "Name") == opportunities["HS-PSA-2025-066"] })
	if i < 0 || field(deals[i], "Term_Notice_Days__c") != days {
		t.Errorf("Salesforce shows %q days of notice, want the %s of the reviewer", field(deals[max(i, 0)], "Term_Notice_Days__c"), days)
	}
}

// tour opens every page over what the story left, in both themes: accessible, and silent. It belongs to the long form, and runs where
// its pictures are asked for.
func tour(ctx context.Context, t *testing.T, d *demo.Demo) {
	t.Helper()
	if os.Getenv("PACTLOOP_TOUR_SHOTS") == "" && !soak() {
		return
	}
	needsUI(t)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Minute) // beside the time of the story: a slow machine draws slowly
	defer cancel()
	con, ok := contractOf(all[pact.Contract](ctx, t, d.Admin, "/contracts"), "SA-2023-789")
	if !ok {
		t.Fatal("there is no contract SA-2023-789")
	}
	env := []string{"REVIEW=" + string(reviewOf(ctx, t, d, "HS-SA-2025-207")), "CONTRACT=" + string(con.ID), "EMAIL=" + demo.AdminEmail, "SHOTS="}
	if dir := os.Getenv("PACTLOOP_TOUR_SHOTS"); dir != "" {
		env[3] += dir
	}
	t.Log(chromium(ctx, t, d, "tour", env...))
}

// shots takes the pictures of the README where they are asked for.
func shots(ctx context.Context, t *testing.T, d *demo.Demo) {
	t.Helper()
	dir := os.Getenv("PACTLOOP_SHOTS")
	if dir == "" {
		return
	}
	needsUI(t)
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	chromium(ctx, t, d, "shots", "REVIEW="+string(reviewOf(ctx, t, d, "HS-SA-2025-207")), "SHOTS="+dir)
}

func needsUI(t *testing.T) {
	t.Helper()
	if _, err := os.Stat("../web/dist/index.html"); err != nil {
		t.Fatalf("the user interface is not built (%v); run scripts/build ui", err)
	}
}

func beforeReviews(t *testing.T) int {
	t.Helper()
	story, err := samples.LoadStory()
	if err != nil {
		t.Fatal(err)
	}
	return slices.IndexFunc(story.Steps, func(s samples.Step) bool { return s.Do == "review" })
}

func reviewOf(ctx context.Context, t *testing.T, d *demo.Demo, number string) pact.ReviewID {
	t.Helper()
	con, ok := contractOf(all[pact.Contract](ctx, t, d.Admin, "/contracts"), number)
	if !ok {
		t.Fatalf("there is no contract %s", number)
	}
	open := all[struct {
		Review pact.Review `json:"review"`
	}](ctx, t, d.Admin, "/reviews?contract_id="+string(con.ID)+"&state=waiting,in_review")
	if len(open) != 1 {
		t.Fatalf("%s has %d open reviews", number, len(open))
	}
	return open[0].Review.ID
}

// chromium runs the script of a person, and gives what it said.
func chromium(ctx context.Context, t *testing.T, d *demo.Demo, what string, env ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 20*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", "browser.mjs", what)
	cmd.Env = append(os.Environ(), append([]string{"BASE=" + d.Base, "EMAIL=" + demo.ReviewerEmail, "PASSWORD=" + demo.Password}, env...)...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}

// headers of every page: nothing inline may run, and no type may be guessed.
func TestPagesRunNothingOfOthers(t *testing.T) {
	t.Parallel()
	ctx := long(t)
	d := town(ctx, t, demo.Config{})
	for _, path := range []string{"/", "/contracts", "/api/v1/contracts"} {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.Base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		policy := res.Header.Get("Content-Security-Policy")
		script := ""
		for part := range strings.SplitSeq(policy, ";") {
			if p := strings.TrimSpace(part); strings.HasPrefix(p, "script-src") || script == "" && strings.HasPrefix(p, "default-src") {
				script = p
			}
		}
		if script == "" || strings.Contains(script, "unsafe-inline") || res.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: the policy %q and the type option %q let a page run what it shows", path, policy, res.Header.Get("X-Content-Type-Options"))
		}
	}
}
