package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/catalog"
	"github.com/pactloop/pactloop/internal/exchange"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

func mappingCommand() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use: "mapping CONNECTION", Short: "Print the mapping of a connection (its id or name), or replace it by a file", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			cfg, log, err := settings(c)
			if err != nil {
				return err
			}
			s, err := openStore(c.Context(), cfg, log)
			if err != nil {
				return err
			}
			defer s.Close()
			// whoever may open the database may do this; the trail names the command line
			return runMapping(pact.WithActor(c.Context(), pact.System("command line")), s, args[0], file, c.OutOrStdout())
		},
	}
	c.Flags().StringVar(&file, "file", "", "JSON as this command prints it, to put in the place of the mapping")
	return c
}

func runMapping(ctx context.Context, s store.Store, name, file string, out io.Writer) error {
	con, err := connectionNamed(ctx, s, name)
	if err != nil {
		return err
	}
	office := exchange.New(exchange.Config{Store: s, Connections: unplugged{}, Now: time.Now})
	if file == "" {
		objects, err := office.Mapping(ctx, con)
		if err != nil {
			return err
		}
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(objects)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "The mapping %s can not be read: %v.", file, err)
	}
	objects, err := connector.ParseMapping(raw)
	if err != nil {
		return err
	}
	shown := 0
	last, err := s.Reads().Mappings.One(ctx, store.Where(store.Eq("connection_id", con.ID)).By("-version"))
	if err == nil {
		shown = last.Version
	} else if !fault.Is(err, fault.NotFound) {
		return err
	}
	m, _, err := office.SetMapping(ctx, con.ID, objects, shown)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Version %d of the mapping of %s holds from now on. Its fields were not compared with the other system: Connections, Mapping does that.\n", m.Version, con.Name)
	return err
}

func connectionNamed(ctx context.Context, s store.Store, name string) (pact.Connection, error) {
	c, err := s.Reads().Connections.Get(ctx, name)
	if !fault.Is(err, fault.NotFound) {
		return c, err
	}
	rows, err := s.Reads().Connections.All(ctx, store.Where(store.Eq("name", name)))
	if err != nil {
		return c, err
	}
	if len(rows) == 0 {
		return c, fault.New(fault.NotFound, "There is no connection named %q; use its name, or its id as the address of its page shows it.", name)
	}
	if len(rows) > 1 {
		return c, fault.New(fault.Invalid, "There are %d connections named %q; use an id, as the address of its page shows it.", len(rows), name)
	}
	return rows[0], nil
}

// unplugged knows the catalog and opens nothing: the command line does not speak to other systems beside a running server.
type unplugged struct{}

// Connector gives the description of a connector.
func (unplugged) Connector(name string) (connector.Connector, error) {
	c, ok := catalog.Find(name)
	if !ok {
		return c, fault.New(fault.Unsupported, "This build has no connector named %q.", name)
	}
	return c, nil
}

// Open refuses.
func (unplugged) Open(context.Context, pact.Connection) (connector.Connection, error) {
	return nil, fault.New(fault.Unavailable, "The command line opens no connection.")
}
