package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pactloop/pactloop/internal/exchange"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// tableSender brings a table of events to a running installation.
type tableSender struct {
	client            *http.Client
	server, key, unit string
	kind, mapping     string
	columns, fixed    []string
	dates, decimals   string
	zone              string
	dryRun, asJSON    bool
}

func eventsCommand() *cobra.Command {
	s := tableSender{}
	c := &cobra.Command{Use: "events", Short: "Bring events to a running installation", Args: cobra.NoArgs}
	bring := &cobra.Command{
		Use: "import FILE.csv", Short: "Bring a table of events: shipments, invoices, payments, orders, milestones, certificates, readings", Args: cobra.ExactArgs(1),
		Long: "Sends a CSV table with the meaning of its columns to POST /api/v1/events/import. --map COLUMN=FIELD names the field of a column, --set FIELD=VALUE gives every line the same value; --mapping FILE holds both as the API takes them. " +
			"--dry-run shows what would become of it. It is safe to repeat: events are known by external_id. Lines that are rejected are kept with their reasons. The API key comes from PACTLOOP_API_KEY or --api-key and needs the role connector.",
		RunE: func(c *cobra.Command, args []string) error {
			cfg, _, err := settings(c)
			if err != nil {
				return err
			}
			if s.server == "" {
				s.server = cfg.BaseURL
			}
			if s.key == "" {
				s.key = os.Getenv("PACTLOOP_API_KEY")
			}
			if s.key == "" {
				return fault.New(fault.Invalid, "An API key is needed: make one under Settings, then set PACTLOOP_API_KEY.")
			}
			s.client = &http.Client{Timeout: 10 * time.Minute}
			return s.run(c.Context(), args[0], c.OutOrStdout())
		},
	}
	f := bring.Flags()
	f.StringVar(&s.server, "server", "", "address of the installation (default base_url)")
	f.StringVar(&s.key, "api-key", "", "API key; better in PACTLOOP_API_KEY")
	f.StringVar(&s.unit, "unit", "", "business unit (default: the key's)")
	f.StringVar(&s.kind, "kind", "", "kind of every line, such as invoice; GET /api/v1/event-kinds lists them with their fields")
	f.StringArrayVar(&s.columns, "map", nil, "COLUMN=FIELD, as often as needed")
	f.StringArrayVar(&s.fixed, "set", nil, "FIELD=VALUE for every line, as often as needed")
	f.StringVar(&s.mapping, "mapping", "", "JSON file with the mapping, instead of --kind, --map and --set")
	f.StringVar(&s.dates, "dates", "", "iso, dmy or mdy (default iso)")
	f.StringVar(&s.decimals, "decimal", "", "point or comma (default point)")
	f.StringVar(&s.zone, "zone", "", "time zone of dates and times (default UTC)")
	f.BoolVar(&s.dryRun, "dry-run", false, "show what would become of it; nothing is kept")
	f.BoolVar(&s.asJSON, "json", false, "print the answer as JSON")
	c.AddCommand(bring)
	return c
}

// meaning puts the mapping together.
func (s tableSender) meaning() (pact.EventMapping, error) {
	m := pact.EventMapping{Kind: s.kind, Dates: s.dates, Decimal: s.decimals, Zone: s.zone, Columns: []pact.MappedColumn{}}
	if s.mapping != "" {
		raw, err := os.ReadFile(s.mapping)
		if err != nil {
			return m, unreadable(s.mapping, err)
		}
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(&m); err != nil {
			return m, fault.Wrap(fault.Invalid, err, "%s is no mapping: %v.", s.mapping, err)
		}
	}
	for _, x := range s.columns {
		i := strings.LastIndexByte(x, '=') // a heading may hold the sign, a field does not
		if i <= 0 || i == len(x)-1 {
			return m, fault.New(fault.Invalid, "--map %q is not COLUMN=FIELD.", x)
		}
		m.Columns = append(m.Columns, pact.MappedColumn{Column: x[:i], Field: x[i+1:]})
	}
	for _, x := range s.fixed {
		field, value, ok := strings.Cut(x, "=")
		if !ok || field == "" {
			return m, fault.New(fault.Invalid, "--set %q is not FIELD=VALUE.", x)
		}
		m.Fixed = append(m.Fixed, pact.MappedFixture{Field: field, Value: value})
	}
	return m, nil
}

func (s tableSender) run(ctx context.Context, file string, out io.Writer) error {
	m, err := s.meaning()
	if err != nil {
		return err
	}
	table, err := os.ReadFile(file)
	if err != nil {
		return unreadable(file, err)
	}
	body, err := json.Marshal(map[string]any{"business_unit": s.unit, "name": filepath.Base(file), "csv": string(table), "mapping": m, "dry_run": s.dryRun})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(s.server, "/")+"/api/v1/events/import", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+s.key)
	res, err := s.client.Do(req)
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "The installation at %s does not answer. Nothing is known to be kept; the same command again is safe.", s.server)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 64<<20))
	if err != nil {
		return err
	}
	if res.StatusCode/100 != 2 {
		return refusedTable(res.Status, answer)
	}
	if s.asJSON {
		_, err := fmt.Fprintln(out, string(bytes.TrimSpace(answer)))
		return err
	}
	return s.tell(answer, out)
}

// refusedTable says why a table was not taken.
func refusedTable(status string, answer []byte) error {
	var body struct {
		Detail string `json:"detail"`
		Errors []struct {
			Location string `json:"location"`
			Message  string `json:"message"`
		} `json:"errors"`
	}
	_ = json.Unmarshal(answer, &body) // the status says enough where it is none
	lines := []string{body.Detail}
	if body.Detail == "" {
		lines = []string{"The installation answers " + status + "."}
	}
	for _, e := range body.Errors {
		lines = append(lines, "  "+strings.TrimPrefix(e.Location, "body.")+": "+e.Message)
	}
	return fault.New(fault.Invalid, "%s", strings.Join(lines, "\n"))
}

// tell prints what became of a table, with every line that was rejected.
func (s tableSender) tell(answer []byte, out io.Writer) error {
	var body struct {
		Import   pact.EventImport        `json:"import"`
		Warnings []exchange.EventWarning `json:"warnings"`
	}
	if err := json.Unmarshal(answer, &body); err != nil {
		return fmt.Errorf("reading the answer: %w", err)
	}
	i := body.Import
	if s.dryRun {
		fmt.Fprintln(out, "Nothing was kept: this is what would become of it.")
	}
	fmt.Fprintf(out, "%d lines: %d events new, %d known already, %d without a contract; %d lines rejected.\n", i.Lines, i.New, i.Repeated, i.Unmatched, i.Rejected)
	for _, r := range i.Rejections {
		fmt.Fprintf(out, "  line %d: %s\n    %s\n", r.Line, strings.Join(r.Problems, " "), r.Text)
	}
	for _, w := range body.Warnings {
		fmt.Fprintf(out, "  line %d, %s: %s\n", w.Line, w.ExternalID, w.Message)
	}
	if i.Rejected > 0 {
		return errSilent
	}
	return nil
}
