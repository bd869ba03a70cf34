package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pactloop/pactloop/docs"
	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/obligation"
)

// everyKind is the value of --schema without a kind.
const everyKind = "*"

func backtestCommand() *cobra.Command {
	var terms, events, from, to, asOf, schema string
	var asJSON bool
	c := &cobra.Command{
		Use: "backtest --terms FILE [--events FILE]", Short: "Evaluate the terms of a contract against events, without a server", Args: cobra.MaximumNArgs(1),
		Long: "Prints what follows from terms (JSON) and events (one JSON object on each line): occurrences, judgements, sums with every step, questions, and what changes next. Both are the product's own JSON: a version of the API, or what `pactloop extract --json` prints. docs/backtest/README.md has one complete example for each kind; --schema KIND prints schema and example. Ends with status 0; with 2 where something that was given can not be used, such as a line of events, which is then left out; with 1 for any other failure.",
		RunE: func(c *cobra.Command, args []string) error {
			if schema != "" {
				if schema == everyKind && len(args) == 1 {
					schema = args[0]
				}
				return printSchema(c.OutOrStdout(), schema)
			}
			if len(args) > 0 {
				return fault.New(fault.Invalid, "%q is not expected here; files are given by --terms and --events.", args[0])
			}
			in, err := readBacktest(c.InOrStdin(), terms, events, from, to, asOf)
			if err != nil {
				return err
			}
			report, err := backtest.Run(c.Context(), in)
			if err != nil {
				return err
			}
			if asJSON {
				err = printJSON(c.OutOrStdout(), report)
			} else {
				err = report.Print(c.OutOrStdout())
			}
			if err != nil || len(in.Refused) == 0 {
				return err
			}
			// The report stands, without these lines; that they are missing must not go unnoticed.
			return fault.New(fault.Invalid, "%s. Lines that are refused count for nothing; the report above is of the other events. Mend them and run it again.", backtest.RefusedError(events, in.Refused))
		},
	}
	c.Flags().StringVar(&terms, "terms", "", "file with terms and obligations (- is standard input)")
	c.Flags().StringVar(&events, "events", "", "file with events, one JSON object on each line (- is standard input)")
	c.Flags().StringVar(&from, "from", "", "first date of the occurrences, 2026-01-01")
	c.Flags().StringVar(&to, "to", "", "first date that no longer counts, 2026-04-01")
	c.Flags().StringVar(&asOf, "as-of", "", "instant (2026-04-01T00:00:00Z) or date (its beginning, UTC) of the judgement; default --to where given, otherwise now")
	c.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	c.Flags().StringVar(&schema, "schema", "", "print the schema of the parameters of KIND and one complete example; without KIND list the kinds")
	c.Flags().Lookup("schema").NoOptDefVal = everyKind
	return c
}

func readBacktest(stdin io.Reader, terms, events, from, to, asOf string) (backtest.Input, error) {
	var in backtest.Input
	if terms == "" {
		return in, fault.New(fault.Invalid, "Say which terms to evaluate: --terms FILE (--schema shows what goes into it).")
	}
	if terms == "-" && events == "-" {
		return in, fault.New(fault.Invalid, "Terms and events can not both come from standard input.")
	}
	raw, err := readInput(stdin, terms)
	if err != nil {
		return in, err
	}
	if in.Terms, err = backtest.ReadTerms(terms, raw); err != nil {
		return in, detailed(err)
	}
	if events != "" {
		if raw, err = readInput(stdin, events); err != nil {
			return in, err
		}
		if in.Events, in.Refused, err = backtest.KeepEvents(events, raw); err != nil {
			return in, detailed(err)
		}
	}
	for _, bound := range []struct {
		flag, value string
		into        *calendar.Date
	}{{"--from", from, &in.From}, {"--to", to, &in.To}} {
		if bound.value == "" {
			continue
		}
		if *bound.into, err = calendar.ParseDate(bound.value); err != nil {
			return in, fault.New(fault.Invalid, "%s: %v.", bound.flag, err)
		}
	}
	in.AsOf, err = instantOf(asOf, in.To)
	return in, err
}

// instantOf reads --as-of; without it the judgement is as of the end of the period, or of now.
func instantOf(s string, to calendar.Date) (time.Time, error) {
	if s == "" && to != "" {
		return to.Time(), nil
	}
	if s == "" {
		return time.Now().UTC().Truncate(time.Second), nil
	}
	if d, err := calendar.ParseDate(s); err == nil {
		return d.Time(), nil
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return at, fault.New(fault.Invalid, "--as-of: %q is neither an instant such as 2026-04-01T00:00:00Z nor a date.", s)
	}
	return at, nil
}

func readInput(stdin io.Reader, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(stdin)
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, unreadable(name, err)
	}
	return raw, nil
}

// detailed puts every detail of a fault on a line of its own.
func detailed(err error) error {
	f := fault.Of(err)
	if f == nil || len(f.Details) < 2 {
		return err
	}
	lines := []string{f.Message}
	for _, d := range f.Details[1:] {
		lines = append(lines, "  "+d.Field+": "+d.Message)
	}
	return fault.New(f.Kind, "%s", strings.Join(lines, "\n"))
}

func printSchema(w io.Writer, kind string) error {
	if kind == everyKind {
		fmt.Fprintln(w, "Kinds of obligation (pactloop backtest --schema KIND prints schema and example; --schema event that of events):")
		for _, k := range obligation.All() {
			fmt.Fprintf(w, "  %-20s %s\n", k.Name(), docs.BacktestTitle(k.Name()))
		}
		return nil
	}
	if kind == "event" || kind == "obligation" || kind == "term" || kind == "version" {
		raw, err := docs.NounSchema(kind)
		if err != nil {
			return err
		}
		_, err = w.Write(raw)
		return err
	}
	if _, err := obligation.KindOf(kind); err != nil {
		var known []string
		for _, k := range obligation.All() {
			known = append(known, k.Name())
		}
		return fault.New(fault.Invalid, "%q is not a kind of obligation; known are %s.", kind, strings.Join(known, ", "))
	}
	raw, err := docs.ParamsSchema(kind)
	if err != nil {
		return err
	}
	example, err := docs.BacktestExample(kind)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "# Schema of the parameters (obligations/N/params)\n%s\n# Example: terms.json\n%s\n# Example: events.jsonl\n%s\n# Example: command\n%s", raw, example.Terms, example.Events, example.Command)
	return err
}
