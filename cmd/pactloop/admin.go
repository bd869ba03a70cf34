package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pactloop/pactloop/internal/app"
	"github.com/pactloop/pactloop/internal/audit"
	"github.com/pactloop/pactloop/internal/auth"
	"github.com/pactloop/pactloop/internal/config"
	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/catalog"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store/sqlstore"
)

func openStore(ctx context.Context, cfg config.Config, log *slog.Logger) (*sqlstore.Store, error) {
	return app.OpenStore(ctx, cfg, time.Now, log)
}

// openExisting is for what only looks: it makes no installation where there is none.
func openExisting(ctx context.Context, cfg config.Config, log *slog.Logger) (*sqlstore.Store, error) {
	return app.OpenExisting(ctx, cfg, time.Now, log)
}

func auditCommand() *cobra.Command {
	c := &cobra.Command{Use: "audit", Short: "Check and export the audit trail"}
	var file, checkpoint string
	verify := &cobra.Command{Use: "verify", Short: "Check the whole chain and name the first bad entry", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		cfg, log, err := settings(c)
		if err != nil {
			return err
		}
		r, err := verifyAudit(c.Context(), cfg, log, file, checkpoint)
		if err != nil {
			return err
		}
		out := c.OutOrStdout()
		fmt.Fprintf(out, "%d sealed entries, %d not sealed yet, head %s\n", r.Entries, r.Unsealed, r.Head)
		if !r.OK {
			fmt.Fprintf(out, "BAD: %s at %s: %s.\n", r.Problem, r.FirstBad, r.Detail)
			return errSilent
		}
		if r.Entries+r.Unsealed == 0 {
			fmt.Fprintln(out, "OK: the trail has its signed head, and nothing was written to it yet.")
			return nil
		}
		fmt.Fprintln(out, "OK: every entry is as it was written.")
		return nil
	}}
	verify.Flags().StringVar(&file, "file", "", "check an export instead of the database")
	verify.Flags().StringVar(&checkpoint, "checkpoint", "", "a file with heads that were kept elsewhere, oldest first: the chain must go through each")
	head := &cobra.Command{Use: "head", Short: "Print the signed end of the chain, to be kept elsewhere as a checkpoint", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		cfg, log, err := settings(c)
		if err != nil {
			return err
		}
		s, err := openExisting(c.Context(), cfg, log)
		if err != nil {
			return err
		}
		defer s.Close()
		h, err := s.Head(pact.WithActor(c.Context(), pact.System("command line")))
		if err != nil {
			return err
		}
		if h == nil {
			return fault.New(fault.Conflict, "The head of the trail is missing: somebody took it away. `pactloop audit verify` looks at the rest; restore the database from a backup.")
		}
		if h.Position == 0 {
			return fault.New(fault.Conflict, "Nothing is sealed yet; there is no head to keep.")
		}
		return json.NewEncoder(c.OutOrStdout()).Encode(headLine{Head: h})
	}}
	export := &cobra.Command{Use: "export", Short: "Write the chain as JSON lines", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		cfg, log, err := settings(c)
		if err != nil {
			return err
		}
		s, err := openExisting(c.Context(), cfg, log)
		if err != nil {
			return err
		}
		defer s.Close()
		return s.Audit().Export(pact.WithActor(c.Context(), pact.System("command line")), c.OutOrStdout())
	}}
	c.AddCommand(verify, head, export)
	return c
}

// headLine is the head as the last line of an export has it.
type headLine struct {
	Head *audit.Head `json:"head"`
}

// readCheckpoints reads heads that were kept: lines of `audit head`, or whole exports, whose last line it is.
func readCheckpoints(file string) ([]audit.Head, error) {
	if file == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The checkpoint %s can not be read: %v.", file, err)
	}
	var heads []audit.Head
	for line := range bytes.Lines(raw) {
		var l headLine
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if err := json.Unmarshal(line, &l); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "%s holds a line that is no head: %v. Nothing was checked.", file, err)
		}
		if l.Head != nil {
			heads = append(heads, *l.Head)
		}
	}
	if len(heads) == 0 {
		return nil, fault.New(fault.Invalid, "%s holds no head. Nothing was checked.", file)
	}
	slices.SortStableFunc(heads, func(a, b audit.Head) int { return cmp.Compare(a.Position, b.Position) })
	return heads, nil
}

func verifyAudit(ctx context.Context, cfg config.Config, log *slog.Logger, file, checkpoint string) (audit.Report, error) {
	checkpoints, err := readCheckpoints(checkpoint)
	if err != nil {
		return audit.Report{}, err
	}
	if file != "" {
		key, err := app.AuditKey(cfg.Data)
		if err != nil {
			return audit.Report{}, err
		}
		f, err := os.Open(file)
		if err != nil {
			return audit.Report{}, fault.Wrap(fault.Invalid, err, "The export %s can not be read: %v.", file, err)
		}
		defer f.Close()
		return audit.Key(key).VerifyLines(f, checkpoints...)
	}
	s, err := openExisting(ctx, cfg, log)
	if err != nil {
		return audit.Report{}, err
	}
	defer s.Close()
	return s.VerifyAgainst(pact.WithActor(ctx, pact.System("command line")), checkpoints...)
}

func userCommand() *cobra.Command {
	c := &cobra.Command{Use: "user", Short: "Manage accounts on this installation"}
	var name, role, units string
	add := &cobra.Command{Use: "add EMAIL", Short: "Add an account; the password is read from standard input", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		cfg, log, err := settings(c)
		if err != nil {
			return err
		}
		password, err := bufio.NewReader(c.InOrStdin()).ReadString('\n')
		if err != nil && password == "" {
			return fault.New(fault.Invalid, "Send the password on standard input, one line.")
		}
		s, err := openStore(c.Context(), cfg, log)
		if err != nil {
			return err
		}
		defer s.Close()
		gate, err := auth.New(auth.Config{Store: s, Log: log})
		if err != nil {
			return err
		}
		ctx := pact.WithActor(c.Context(), pact.System("command line"))
		u, err := gate.AddUser(ctx, auth.NewUser{Email: args[0], Name: name, Role: pact.Role(role), Units: strings.Split(units, ","), Password: strings.TrimRight(password, "\r\n")})
		if err != nil {
			return err
		}
		fmt.Fprintf(c.OutOrStdout(), "%s (%s) was added as %s.\n", u.Email, u.ID, u.Role)
		return nil
	}}
	add.Flags().StringVar(&name, "name", "", "name shown to others")
	add.Flags().StringVar(&role, "role", "reviewer", "viewer, reviewer, approver, admin or connector")
	add.Flags().StringVar(&units, "units", "*", "business units, separated by commas; * is all")
	c.AddCommand(add)
	return c
}

func connectorCommand() *cobra.Command {
	c := &cobra.Command{Use: "connector", Short: "The systems this build can speak to"}
	c.AddCommand(&cobra.Command{Use: "list", Short: "List the connectors", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		for _, x := range catalog.All() {
			fmt.Fprintf(c.OutOrStdout(), "%-14s %s (%s)\n", x.Name, x.Title, x.Category)
		}
		return nil
	}}, &cobra.Command{Use: "reference NAME", Short: "Print a connector's reference page as Markdown", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		x, ok := catalog.Find(args[0])
		if !ok {
			return fault.New(fault.Invalid, "There is no connector named %q; `pactloop connector list` names them.", args[0])
		}
		_, err := fmt.Fprint(c.OutOrStdout(), connector.Reference(x))
		return err
	}}, mappingCommand())
	return c
}
