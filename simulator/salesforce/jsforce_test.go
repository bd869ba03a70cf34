package salesforce_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/simulator/salesforce"
)

// Salesforce publishes no description of this API, so the judge of the simulator is the public client that real integrations use.
func TestThePublicClientJsforceWorks(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"npm", "node"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is missing: install Node 20 with npm (make setup)", tool)
		}
	}
	if _, err := os.Stat(filepath.Join("jsforce", "node_modules", "jsforce")); err != nil {
		run(t, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
	}
	s := open(t, salesforce.Config{PageSize: 200})
	out := run(t, "node", "drive.mjs", s.url)
	if !strings.Contains(out, `{"tasks":450,"pages":3,"count":61}`) {
		t.Errorf("jsforce saw %s", out)
	}
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = "jsforce"
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}
