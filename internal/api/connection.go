package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/exchange"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

type connectorView struct {
	Name     string           `json:"name"`
	Title    string           `json:"title"`
	Category string           `json:"category"`
	Guide    string           `json:"guide" doc:"Markdown."`
	Settings []settingView    `json:"settings"`
	Streams  []streamView     `json:"streams"`
	Actions  []actionSpecView `json:"actions"`
	Webhooks bool             `json:"webhooks"`
}

type settingView struct {
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	Help     string   `json:"help"`
	Kind     string   `json:"kind"`
	Required bool     `json:"required"`
	Default  string   `json:"default,omitempty"`
	Choices  []string `json:"choices,omitempty"`
}

type streamView struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	Object string `json:"object"`
	Every  string `json:"every"`
}

type actionSpecView struct {
	Kind   string `json:"kind"`
	Title  string `json:"title"`
	Object string `json:"object"`
}

type connectionView struct {
	Connection pact.Connection `json:"connection" doc:"Secrets show as \"set\"."`
	Title      string          `json:"title"`
	WebhookURL string          `json:"webhook_url,omitempty"`
	Actions    map[string]int  `json:"actions" doc:"Actions by state."`
}

// webhookView is the webhook of a connection: what the other system says, and what came.
type webhookView struct {
	Address      string         `json:"address,omitempty" doc:"Where the other system sends its events; absent where it sends none."`
	Registrable  bool           `json:"registrable" doc:"We can register it there; otherwise it is set up there by hand."`
	State        string         `json:"state" enum:"registered,disabled,missing,unknown" doc:"As the other system said just now."`
	Problem      string         `json:"problem,omitempty" doc:"Why it is unknown."`
	Events       []string       `json:"events" doc:"Events it sends."`
	Lacks        []string       `json:"lacks" doc:"Events we read and it does not send."`
	KeyFetchedAt time.Time      `json:"key_fetched_at,omitzero" doc:"When the key that verifies its events was fetched."`
	RegisteredAt time.Time      `json:"registered_at,omitzero" doc:"When it was last registered from here, by the audit trail."`
	RegisteredBy string         `json:"registered_by,omitempty"`
	LastEventAt  time.Time      `json:"last_event_at,omitzero"`
	LastEvent    string         `json:"last_event_state,omitempty"`
	Deliveries   map[string]int `json:"deliveries" doc:"Events that came, by state."`
}

type connectionBody struct {
	Connector    string            `json:"connector" maxLength:"60"`
	Name         string            `json:"name" minLength:"1" maxLength:"120"`
	BusinessUnit string            `json:"business_unit,omitempty" maxLength:"120"`
	Enabled      bool              `json:"enabled"`
	Settings     map[string]string `json:"settings" doc:"All settings; a secret that is \"set\" or absent keeps its value."`
	AllowHosts   []string          `json:"allow_hosts,omitempty" doc:"Internal hosts or networks this connection may reach. Empty by default."`
	Revision     int64             `json:"revision,omitempty" doc:"With PUT: settings_revision as it was shown."`
}

type dryRun struct {
	Items    []exchange.Difference `json:"items"`
	Problems []string              `json:"problems"`
}

type mappingView struct {
	Mapping     pact.Mapping              `json:"mapping"`
	Problems    []exchange.MappingProblem `json:"problems"`
	Undescribed []string                  `json:"undescribed,omitempty" doc:"Objects whose fields the other system does not describe, so that they were not compared."`
}

func viewMapping(m pact.Mapping, check exchange.MappingCheck) mappingView {
	if check.Problems == nil {
		check.Problems = []exchange.MappingProblem{}
	}
	if m.Objects == nil {
		m.Objects = []pact.ObjectMapping{}
	}
	return mappingView{Mapping: m, Problems: check.Problems, Undescribed: check.Undescribed}
}

// mappingBody is pact.ObjectMapping as people write it: what is empty may be absent.
type mappingBody struct {
	Version int           `json:"version" minimum:"0" doc:"The version it replaces, as it was shown; 0 where the shipped mapping holds."`
	Objects []objectLines `json:"objects" minItems:"1" maxItems:"50"`
}

type objectLines struct {
	Object string      `json:"object" minLength:"1" maxLength:"120"`
	For    string      `json:"for" enum:"contract,obligation,renewal_task,risk_task,review_flag,comment"`
	Action string      `json:"action" maxLength:"60"`
	Phase  string      `json:"phase,omitempty" maxLength:"20"`
	Fields []fieldLine `json:"fields" maxItems:"500"`
}

type fieldLine struct {
	Term     string `json:"term,omitempty" maxLength:"120"`
	Field    string `json:"field" maxLength:"120"`
	Convert  string `json:"convert,omitempty" maxLength:"40"`
	Risk     string `json:"risk,omitempty" maxLength:"20"`
	Const    string `json:"const,omitempty" maxLength:"500"`
	Source   string `json:"source,omitempty" maxLength:"120"`
	Conflict string `json:"conflict,omitempty" maxLength:"20"`
	Length   int    `json:"length,omitempty" minimum:"0" doc:"Characters that the field takes; a longer text is cut at a word and ends in …."`
}

func (b mappingBody) objects() []pact.ObjectMapping {
	var out []pact.ObjectMapping
	for _, o := range b.Objects {
		m := pact.ObjectMapping{Object: o.Object, For: o.For, Action: o.Action, Phase: o.Phase, Fields: []pact.FieldMapping{}}
		for _, f := range o.Fields {
			m.Fields = append(m.Fields, pact.FieldMapping(f))
		}
		out = append(out, m)
	}
	return out
}

func (s *Server) connectionRoutes() {
	huma.Register(s.api, op(http.MethodGet, "/connectors", "listConnectors", "Systems this build can speak to", "Connections", pact.Viewer), func(_ context.Context, _ *struct{}) (*answer[items[connectorView]], error) {
		var out []connectorView
		for _, c := range s.Board.Connectors() {
			out = append(out, viewConnector(c))
		}
		return list(out), nil
	})
	huma.Register(s.api, op(http.MethodGet, "/connections", "listConnections", "Connections with their health", "Connections", pact.Viewer), func(ctx context.Context, _ *struct{}) (*answer[items[connectionView]], error) {
		rows, err := s.Store.Reads().Connections.All(ctx, store.Query{Order: []string{"name"}})
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		var out []connectionView
		for _, c := range rows {
			v, err := s.viewConnection(ctx, c)
			if err != nil {
				return nil, s.fail(ctx, err)
			}
			out = append(out, v)
		}
		return list(out), nil
	})
	add := op(http.MethodPost, "/connections", "addConnection", "Set up a connection", "Connections", pact.Admin)
	add.DefaultStatus = http.StatusCreated
	huma.Register(s.api, add, func(ctx context.Context, in *struct{ Body connectionBody }) (*answer[connectionView], error) {
		v, err := s.saveConnection(ctx, "", in.Body)
		return respondWith(ctx, s, v, err)
	})
	huma.Register(s.api, op(http.MethodGet, "/connections/{id}", "getConnection", "A connection", "Connections", pact.Viewer), func(ctx context.Context, in *ByID) (*answer[connectionView], error) {
		c, err := s.Store.Reads().Connections.Get(ctx, in.ID)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		v, err := s.viewConnection(ctx, c)
		return respondWith(ctx, s, v, err)
	})
	huma.Register(s.api, op(http.MethodPut, "/connections/{id}", "changeConnection", "Change a connection", "Connections", pact.Admin), func(ctx context.Context, in *struct {
		ByID
		Body connectionBody
	},
	) (*answer[connectionView], error) {
		v, err := s.saveConnection(ctx, pact.ConnectionID(in.ID), in.Body)
		return respondWith(ctx, s, v, err)
	})
	huma.Register(s.api, op(http.MethodPost, "/connections/{id}/check", "checkConnection", "Ask a connection whether it works", "Connections", pact.Reviewer), func(ctx context.Context, in *ByID) (*answer[connectionView], error) {
		if err := s.Exchange.CheckConnection(ctx, job.CheckConnection{ConnectionID: pact.ConnectionID(in.ID)}); err != nil {
			return nil, s.fail(ctx, err)
		}
		c, err := s.Store.Reads().Connections.Get(ctx, in.ID)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		v, err := s.viewConnection(ctx, c)
		return respondWith(ctx, s, v, err)
	})
	huma.Register(s.api, op(http.MethodPost, "/connections/{id}/sync", "syncConnection", "Read every stream now", "Connections", pact.Reviewer), func(ctx context.Context, in *ByID) (*answer[items[string]], error) {
		names, err := s.syncNow(ctx, in.ID)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return list(names), nil
	})
	huma.Register(s.api, op(http.MethodGet, "/connections/{id}/webhook", "webhookState", "How the other system stands to our webhook, asked now", "Connections", pact.Viewer), func(ctx context.Context, in *ByID) (*answer[webhookView], error) {
		v, err := s.webhook(ctx, in.ID)
		return respondWith(ctx, s, v, err)
	})
	huma.Register(s.api, op(http.MethodPost, "/connections/{id}/register-webhook", "registerWebhook", "Ask the other system to send its events here", "Connections", pact.Admin), func(ctx context.Context, in *ByID) (*answer[connectionView], error) {
		v, err := s.registerWebhook(ctx, in.ID)
		return respondWith(ctx, s, v, err)
	})
	huma.Register(s.api, op(http.MethodGet, "/connections/{id}/actions", "listActions", "The outbox of a connection", "Connections", pact.Viewer), func(ctx context.Context, in *struct {
		ByID
		Paging
		State      []string `query:"state" enum:"pending,done,denied,unmapped,invalid,conflict,unavailable,needs_check,withdrawn" doc:"States, separated by commas."`
		ContractID string   `query:"contract_id"`
	},
	) (*answer[page[pact.Action]], error) {
		if _, err := s.Store.Reads().Connections.Get(ctx, in.ID); err != nil {
			return nil, s.fail(ctx, err)
		}
		p, err := s.Store.Reads().Actions.List(ctx, storeQuery(in.Paging, "-created_at", "connection_id", in.ID, "state", listed(in.State), "contract_id", in.ContractID))
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return pageOf(p, same[pact.Action]), nil
	})
	huma.Register(s.api, op(http.MethodPost, "/actions/{id}/replay", "replayAction", "Try a failed action again", "Connections", pact.Reviewer), func(ctx context.Context, in *ByID) (*answer[pact.Action], error) {
		a, err := s.Exchange.Replay(ctx, pact.ActionID(in.ID))
		return respondWith(ctx, s, a, err)
	})
	huma.Register(s.api, op(http.MethodPost, "/connections/{id}/dry-run", "dryRun", "What would be written, beside what stands there", "Connections", pact.Viewer), func(ctx context.Context, in *struct {
		ByID
		Body struct {
			ContractID pact.ContractID `json:"contract_id"`
		}
	},
	) (*answer[dryRun], error) {
		diffs, problems, err := s.Exchange.DryRun(ctx, pact.ConnectionID(in.ID), in.Body.ContractID)
		if diffs == nil {
			diffs = []exchange.Difference{}
		}
		if problems == nil {
			problems = []string{}
		}
		return respondWith(ctx, s, dryRun{Items: diffs, Problems: problems}, err)
	})
	huma.Register(s.api, op(http.MethodGet, "/connections/{id}/mapping", "getMapping", "The mapping, checked against the other system", "Connections", pact.Viewer), func(ctx context.Context, in *ByID) (*answer[mappingView], error) {
		m, check, err := s.Exchange.CheckMapping(ctx, pact.ConnectionID(in.ID))
		return respondWith(ctx, s, viewMapping(m, check), err)
	})
	huma.Register(s.api, op(http.MethodPut, "/connections/{id}/mapping", "setMapping", "Replace the mapping; the versions before are kept", "Connections", pact.Admin), func(ctx context.Context, in *struct {
		ByID
		Body mappingBody
	},
	) (*answer[mappingView], error) {
		m, check, err := s.Exchange.SetMapping(ctx, pact.ConnectionID(in.ID), in.Body.objects(), in.Body.Version)
		return respondWith(ctx, s, viewMapping(m, check), err)
	})
	huma.Register(s.api, op(http.MethodGet, "/connections/{id}/deliveries", "listDeliveries", "Webhooks that came", "Connections", pact.Viewer), func(ctx context.Context, in *struct {
		ByID
		Paging
		State []string `query:"state" enum:"received,processed,ignored,failed" doc:"States, separated by commas."`
	},
	) (*answer[page[pact.Delivery]], error) {
		if _, err := s.Store.Reads().Connections.Get(ctx, in.ID); err != nil {
			return nil, s.fail(ctx, err)
		}
		p, err := s.Store.Reads().Deliveries.List(ctx, storeQuery(in.Paging, "-received_at", "connection_id", in.ID, "state", listed(in.State)))
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return pageOf(p, same[pact.Delivery]), nil
	})
	huma.Register(s.api, op(http.MethodPost, "/deliveries/{id}/replay", "replayDelivery", "Process a webhook again", "Connections", pact.Reviewer), func(ctx context.Context, in *ByID) (*answer[pact.Delivery], error) {
		d, err := s.Intake.Replay(ctx, pact.DeliveryID(in.ID))
		return respondWith(ctx, s, d, err)
	})
	huma.Register(s.api, op(http.MethodGet, "/links", "listLinks", "Which record there a contract is", "Connections", pact.Viewer), func(ctx context.Context, in *struct {
		Paging
		State      []string `query:"state" enum:"matched,ambiguous,not_found,confirmed" doc:"States, separated by commas."`
		ContractID string   `query:"contract_id"`
	},
	) (*answer[page[pact.Link]], error) {
		p, err := s.Store.Reads().Links.List(ctx, storeQuery(in.Paging, "-created_at", "state", listed(in.State), "contract_id", in.ContractID))
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return pageOf(p, same[pact.Link]), nil
	})
	huma.Register(s.api, op(http.MethodPost, "/links/{id}/decision", "confirmLink", "Settle which record it is", "Connections", pact.Reviewer), func(ctx context.Context, in *struct {
		ByID
		Body struct {
			ExternalID string `json:"external_id" maxLength:"200"`
			Revision   int64  `json:"revision"`
		}
	},
	) (*answer[pact.Link], error) {
		l, err := s.Exchange.ConfirmLink(ctx, pact.LinkID(in.ID), in.Body.ExternalID, in.Body.Revision)
		return respondWith(ctx, s, l, err)
	})
}

func (s *Server) registerWebhook(ctx context.Context, id string) (connectionView, error) {
	c, err := s.Store.Reads().Connections.Get(ctx, id)
	if err != nil {
		return connectionView{}, err
	}
	conn, err := s.Board.Open(ctx, c)
	if err != nil {
		return connectionView{}, err
	}
	r, ok := conn.(connector.Registrar)
	if !ok {
		return connectionView{}, fault.New(fault.Unsupported, "This system does not let us register a webhook; set it up there by hand.")
	}
	v, err := s.viewConnection(ctx, c)
	if err != nil {
		return v, err
	}
	if err := r.RegisterWebhook(ctx, v.WebhookURL); err != nil {
		return v, err
	}
	return v, s.Store.Change(ctx, store.Act{Name: registerAct, Subject: id, Unit: c.BusinessUnit}, func(ctx context.Context, tx store.Tx) error {
		tx.Note(ctx, "address", v.WebhookURL)
		return nil
	})
}

// webhook gathers the state of a connection's webhook. That the other system does not answer is part of the state: what we
// know ourselves is shown all the same.
func (s *Server) webhook(ctx context.Context, id string) (webhookView, error) {
	reads := s.Store.Reads()
	c, err := reads.Connections.Get(ctx, id)
	if err != nil {
		return webhookView{}, err
	}
	row, err := s.viewConnection(ctx, c)
	if err != nil {
		return webhookView{}, err
	}
	v := webhookView{Address: row.WebhookURL, State: "unknown", Events: []string{}, Lacks: []string{}}
	if v.Deliveries, err = reads.Deliveries.CountBy(ctx, store.Where(store.Eq("connection_id", id)), "state"); err != nil {
		return v, err
	}
	last, err := reads.Deliveries.One(ctx, store.Where(store.Eq("connection_id", id)).By("-received_at"))
	if err == nil {
		v.LastEventAt, v.LastEvent = last.ReceivedAt, last.State
	} else if !fault.Is(err, fault.NotFound) {
		return v, err
	}
	trail, err := s.Store.Audit().List(ctx, store.AuditQuery{Subject: id, Act: registerAct, Limit: 1})
	if err != nil {
		return v, err
	}
	for _, e := range trail.Items {
		v.RegisteredAt, v.RegisteredBy = e.At, e.ActorName
	}
	if v.Address == "" {
		return v, nil
	}
	conn, err := s.Board.Open(ctx, c)
	if err != nil {
		v.Problem = told(err)
		return v, nil
	}
	r, ok := conn.(connector.Registrar)
	if v.Registrable = ok; !ok {
		return v, nil
	}
	there, err := r.WebhookState(ctx, v.Address)
	if err != nil {
		v.Problem = told(err)
	}
	if there.State != "" {
		v.State = there.State
	}
	v.Events, v.Lacks, v.KeyFetchedAt = append(v.Events, there.Events...), append(v.Lacks, there.Lacks...), there.KeyAt
	return v, nil
}

const registerAct = "connection.register_webhook"

// told is the part of an error that may be shown.
func told(err error) string {
	if f := fault.Of(err); f != nil {
		return f.Message
	}
	if e := (*connector.Error)(nil); errors.As(err, &e) {
		return "The other system said: " + e.Message
	}
	return "The other system could not be asked."
}

func viewConnector(c connector.Connector) connectorView {
	v := connectorView{Name: c.Name, Title: c.Title, Category: c.Category, Guide: c.Guide, Webhooks: c.Webhooks, Settings: []settingView{}, Streams: []streamView{}, Actions: []actionSpecView{}}
	for _, x := range c.Settings {
		v.Settings = append(v.Settings, settingView{Name: x.Name, Title: x.Title, Help: x.Help, Kind: x.Kind, Required: x.Required, Default: x.Default, Choices: x.Choices})
	}
	for _, x := range c.Streams {
		v.Streams = append(v.Streams, streamView{Name: x.Name, Title: x.Title, Object: x.Object, Every: x.Every.String()})
	}
	for _, x := range c.Actions {
		v.Actions = append(v.Actions, actionSpecView{Kind: x.Kind, Title: x.Title, Object: x.Object})
	}
	return v
}

func (s *Server) viewConnection(ctx context.Context, c pact.Connection) (connectionView, error) {
	counts, err := s.Store.Reads().Actions.CountBy(ctx, store.Where(store.Eq("connection_id", c.ID)), "state")
	if err != nil {
		return connectionView{}, err
	}
	masked := map[string]string{}
	for name := range c.Secrets {
		masked[name] = "set"
	}
	c.Secrets = masked
	v := connectionView{Connection: c, Title: c.Connector, Actions: counts}
	if spec, err := s.Board.Connector(c.Connector); err == nil {
		v.Title = spec.Title
		if spec.Webhooks {
			v.WebhookURL = s.BaseURL + "/hooks/" + string(c.ID)
		}
	}
	return v, nil
}

// saveConnection makes or changes a connection. Secrets are sealed before they reach the store; one that comes as "set" or
// not at all keeps its value.
func (s *Server) saveConnection(ctx context.Context, id pact.ConnectionID, b connectionBody) (connectionView, error) {
	spec, err := s.Board.Connector(b.Connector)
	if err != nil {
		return connectionView{}, err
	}
	unit := b.BusinessUnit
	if unit == "" {
		unit = "default"
	}
	isNew := id == ""
	var c pact.Connection
	if isNew {
		id = pact.NewID[pact.ConnectionID]("cnn", s.Now())
	} else if c, err = s.Store.Reads().Connections.Get(ctx, string(id)); err != nil {
		return connectionView{}, err
	}
	settings, secrets, err := s.sealed(id, spec, c, b)
	if err != nil {
		return connectionView{}, err
	}
	name := "connection.change"
	if isNew {
		name = "connection.add"
	}
	if !isNew {
		unit = c.BusinessUnit
	}
	err = s.Store.Change(ctx, store.Act{Name: name, Subject: string(id), Unit: unit}, func(ctx context.Context, tx store.Tx) error {
		if isNew {
			c = pact.Connection{ID: id, BusinessUnit: unit, Connector: b.Connector, Health: pact.Health{State: "unknown"}, Streams: map[string]pact.StreamState{}}
		} else if c, err = tx.Connections.Lock(ctx, string(id)); err != nil {
			return err
		}
		if !isNew && c.SettingsRevision != b.Revision {
			return fault.New(fault.Conflict, "The connection was changed meanwhile. Look at it again.")
		}
		if !isNew && c.Connector != b.Connector {
			return fault.New(fault.Invalid, "A connection keeps its system; make another one for %s.", spec.Title)
		}
		c.Name, c.Enabled, c.Settings, c.Secrets, c.AllowHosts = b.Name, b.Enabled, settings, secrets, b.AllowHosts
		if c.AllowHosts == nil {
			c.AllowHosts = []string{}
		}
		c.SettingsRevision++
		if _, err := s.Client(c); err != nil {
			return fault.Wrap(fault.Invalid, err, "The list of internal hosts is not usable: %v.", err)
		}
		if isNew {
			err = tx.Connections.Insert(ctx, &c)
		} else {
			err = tx.Connections.Update(ctx, &c)
		}
		if err != nil || !c.Enabled {
			return err
		}
		return armStreams(ctx, tx, c, spec)
	})
	if err != nil {
		return connectionView{}, err
	}
	return s.viewConnection(ctx, c)
}

func armStreams(ctx context.Context, tx store.Tx, c pact.Connection, spec connector.Connector) error {
	if err := tx.Enqueue(ctx, job.CheckConnection{ConnectionID: c.ID}); err != nil {
		return err
	}
	for _, st := range spec.Streams {
		if err := tx.SetTimer(ctx, "poll", string(c.ID)+"/"+st.Name, tx.Now.Add(st.Every)); err != nil {
			return err
		}
	}
	return nil
}

// sealed checks all settings together and parts them into plain ones and sealed secrets. A secret that comes as the mask, or
// not at all, keeps its value.
func (s *Server) sealed(id pact.ConnectionID, spec connector.Connector, old pact.Connection, b connectionBody) (settings, secrets map[string]string, err error) {
	check := connector.Values{}
	kept := map[string]bool{}
	for name, v := range b.Settings {
		if v != connector.Mask && v != "set" {
			check[name] = v
		}
	}
	for name := range old.Secrets {
		if check[name] == "" {
			plain, err := s.Unseal(string(id)+"/"+name, old.Secrets[name])
			if err != nil {
				return nil, nil, err
			}
			check[name], kept[name] = plain, true
		}
	}
	full, err := spec.Validate(check)
	if err != nil {
		return nil, nil, below("body.settings", err)
	}
	plain, secret := spec.Split(full)
	for name, before := range old.Settings {
		if setting, ok := spec.Setting(name); ok && setting.Kind == connector.KindURL && len(kept) > 0 && before != plain[name] {
			return nil, nil, fault.New(fault.Invalid, "%s changed, so enter the secrets again: they are not sent to another address than the one they were entered for.", setting.Title)
		}
	}
	secrets = map[string]string{}
	for name, v := range secret {
		if kept[name] {
			secrets[name] = old.Secrets[name]
			continue
		}
		if secrets[name], err = s.Seal(string(id)+"/"+name, v); err != nil {
			return nil, nil, err
		}
	}
	return plain, secrets, nil
}

func (s *Server) syncNow(ctx context.Context, id string) ([]string, error) {
	c, err := s.Store.Reads().Connections.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	spec, err := s.Board.Connector(c.Connector)
	if err != nil {
		return nil, err
	}
	if !c.Enabled {
		return nil, fault.New(fault.Conflict, "The connection is switched off.")
	}
	names := []string{}
	err = s.Store.Change(ctx, store.Act{Name: "connection.sync", Subject: id, Unit: c.BusinessUnit}, func(ctx context.Context, tx store.Tx) error {
		names = names[:0]
		for _, st := range spec.Streams {
			names = append(names, st.Name)
			if err := tx.EnqueueWith(ctx, exchange.PollJob(id+"/"+st.Name)); err != nil {
				return err
			}
		}
		tx.Note(ctx, "streams", names)
		return nil
	})
	return names, err
}
