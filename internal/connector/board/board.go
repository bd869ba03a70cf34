// Package board opens configured connections and keeps them open while their settings stand.
//
// It owns the step from a stored connection (encrypted secrets) to a live one (values in memory, outbound client of its
// own). It does not own connectors (catalog gives them) nor when they are used (intake, exchange). Invariant: a changed
// connection is opened anew; plain secrets never leave memory.
package board

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"sync"
	"time"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// Config of a Board. All fields are required.
type Config struct {
	Catalog []connector.Connector
	Unseal  func(context, sealed string) (string, error) // context binds a secret to its connection and name
	Client  func(pact.Connection) (*http.Client, error)  // the shared outbound stack, bounded by the connection's allow-list
	Now     func() time.Time
	Log     *slog.Logger
	BaseURL string
}

// Board opens connections.
type Board struct {
	cfg  Config
	mu   sync.Mutex
	open map[pact.ConnectionID]opened
}

type opened struct {
	revision int64
	conn     connector.Connection
}

// New makes a Board.
func New(cfg Config) *Board {
	return &Board{cfg: cfg, open: map[pact.ConnectionID]opened{}}
}

// Connectors gives the catalog.
func (b *Board) Connectors() []connector.Connector { return b.cfg.Catalog }

// Connector gives the description of a connector, or fault.Unsupported.
func (b *Board) Connector(name string) (connector.Connector, error) {
	for _, c := range b.cfg.Catalog {
		if c.Name == name {
			return c, nil
		}
	}
	return connector.Connector{}, fault.New(fault.Unsupported, "This build has no connector named %q.", name)
}

// Open gives the live connection. A disabled one gives fault.Unavailable.
func (b *Board) Open(ctx context.Context, c pact.Connection) (connector.Connection, error) {
	if !c.Enabled {
		return nil, fault.New(fault.Unavailable, "The connection %q is switched off. Switch it on under Connections.", c.Name)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if o, ok := b.open[c.ID]; ok {
		if o.revision == settingsRevision(c) {
			return o.conn, nil
		}
		_ = o.conn.Close()
		delete(b.open, c.ID)
	}
	conn, err := b.dial(ctx, c)
	if err != nil {
		return nil, err
	}
	b.open[c.ID] = opened{revision: settingsRevision(c), conn: conn}
	return conn, nil
}

func (b *Board) dial(ctx context.Context, c pact.Connection) (connector.Connection, error) {
	spec, err := b.Connector(c.Connector)
	if err != nil {
		return nil, err
	}
	values := connector.Values(maps.Clone(c.Settings))
	if values == nil {
		values = connector.Values{}
	}
	for name, sealed := range c.Secrets {
		plain, err := b.cfg.Unseal(string(c.ID)+"/"+name, sealed)
		if err != nil {
			return nil, fmt.Errorf("reading the secret %q of connection %s: %w", name, c.ID, err)
		}
		values[name] = plain
	}
	client, err := b.cfg.Client(c)
	if err != nil {
		return nil, err
	}
	return spec.Open(ctx, values, connector.Env{
		ConnectionID: c.ID, HTTP: client, Log: b.cfg.Log.With("connection", c.ID), Now: b.cfg.Now, BaseURL: b.cfg.BaseURL,
	})
}

// Close closes every connection.
func (b *Board) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, o := range b.open {
		_ = o.conn.Close()
		delete(b.open, id)
	}
	return nil
}

// settingsRevision changes only when the settings do: health and cursors move the row's revision all the time.
func settingsRevision(c pact.Connection) int64 { return c.SettingsRevision }
