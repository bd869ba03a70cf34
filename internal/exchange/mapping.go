package exchange

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// mapping gives the active mapping of a connection, or the one its connector ships.
func (o *Office) mapping(ctx context.Context, c pact.Connection) (pact.Mapping, error) {
	m, err := o.Store.Reads().Mappings.One(ctx, store.Where(store.Eq("connection_id", c.ID), store.Eq("active", true)).By("-version"))
	if !fault.Is(err, fault.NotFound) {
		return m, err
	}
	spec, err := o.Connections.Connector(c.Connector)
	if err != nil {
		return m, err
	}
	return pact.Mapping{BusinessUnit: c.BusinessUnit, ConnectionID: c.ID, Active: true, Objects: spec.Mapping}, nil
}

// Mapping gives the objects of the mapping that holds for a connection.
func (o *Office) Mapping(ctx context.Context, c pact.Connection) ([]pact.ObjectMapping, error) {
	m, err := o.mapping(ctx, c)
	return m.Objects, err
}

// MappingProblem is a field of the mapping that the other system does not take.
type MappingProblem struct {
	Object  string `json:"object"`
	Field   string `json:"field"`
	Problem string `json:"problem"`
}

// MappingCheck is a mapping beside what the other system describes.
type MappingCheck struct {
	Problems    []MappingProblem
	Undescribed []string // objects whose fields that system does not describe, so that they were not compared
}

// CheckMapping compares the mapping with what the other system describes.
func (o *Office) CheckMapping(ctx context.Context, id pact.ConnectionID) (pact.Mapping, MappingCheck, error) {
	c, err := o.Store.Reads().Connections.Get(ctx, string(id))
	if err != nil {
		return pact.Mapping{}, MappingCheck{}, err
	}
	m, err := o.mapping(ctx, c)
	if err != nil {
		return m, MappingCheck{}, err
	}
	conn, err := o.Connections.Open(ctx, c)
	if err != nil {
		return m, MappingCheck{}, err
	}
	wrong, check := compare(ctx, conn, m.Objects)
	check.Problems = append(wrong, check.Problems...)
	return m, check, nil
}

// compare tells what the other system says it does not take, and, apart from that, what it could not be asked about.
func compare(ctx context.Context, conn connector.Connection, objects []pact.ObjectMapping) (wrong []MappingProblem, unasked MappingCheck) {
	d, ok := conn.(connector.Describer)
	if !ok {
		return nil, unasked
	}
	for _, om := range objects {
		schema, err := d.Describe(ctx, om.Object)
		if err != nil {
			p := MappingProblem{Object: om.Object, Problem: message(err)}
			switch class, _, _ := classify(err); {
			case fault.Is(err, fault.Unsupported):
				if !slices.Contains(unasked.Undescribed, om.Object) {
					unasked.Undescribed = append(unasked.Undescribed, om.Object)
				}
			case class == connector.FailUnmapped:
				wrong = append(wrong, p)
			default:
				unasked.Problems = append(unasked.Problems, p)
			}
			continue
		}
		for _, f := range om.Fields {
			for _, name := range []string{f.Field, f.Source} {
				if p := checkField(schema, name); p != "" {
					wrong = append(wrong, MappingProblem{Object: om.Object, Field: name, Problem: p})
				}
			}
		}
	}
	return wrong, unasked
}

// SetMapping replaces the mapping of a connection: the one before stays, with its version. shown is the version the caller
// replaces, 0 where none was set yet. Fields the other system says it does not take are refused; where it can not be asked,
// the mapping is kept and the problems are given back. Published contracts follow at once (ApplyMapping); a value that only
// the mapping before wrote stays there as it is.
func (o *Office) SetMapping(ctx context.Context, id pact.ConnectionID, objects []pact.ObjectMapping, shown int) (pact.Mapping, MappingCheck, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Admin) {
		return pact.Mapping{}, MappingCheck{}, fault.New(fault.Denied, "Replacing a mapping needs the role admin.")
	}
	c, err := o.Store.Reads().Connections.Get(ctx, string(id))
	if err != nil {
		return pact.Mapping{}, MappingCheck{}, err
	}
	spec, err := o.Connections.Connector(c.Connector)
	if err != nil {
		return pact.Mapping{}, MappingCheck{}, err
	}
	if lines := spec.CheckMapping(objects); len(lines) > 0 {
		return pact.Mapping{}, MappingCheck{}, fault.New(fault.Invalid, "The mapping was not taken; the one before stands. %s.", strings.Join(lines, "; "))
	}
	var unasked MappingCheck
	if conn, err := o.Connections.Open(ctx, c); err != nil {
		unasked.Problems = []MappingProblem{{Problem: "the fields were not compared with the other system: " + message(err)}}
	} else {
		var wrong []MappingProblem
		if wrong, unasked = compare(ctx, conn, objects); len(wrong) > 0 {
			var lines []string
			for _, p := range wrong {
				lines = append(lines, fmt.Sprintf("%s.%s: %s", p.Object, p.Field, p.Problem))
			}
			return pact.Mapping{}, MappingCheck{Problems: wrong}, fault.New(fault.Invalid, "The mapping was not taken; the one before stands. %s.", strings.Join(lines, "; "))
		}
	}
	for i := range objects {
		if objects[i].Fields == nil {
			objects[i].Fields = []pact.FieldMapping{}
		}
	}
	var m pact.Mapping
	err = o.Store.Change(ctx, store.Act{Name: "mapping.set", Subject: string(id), Unit: c.BusinessUnit}, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Connections.Lock(ctx, string(id)); err != nil { // one at a time
			return err
		}
		last, err := lastMapping(ctx, tx.Mappings, id)
		if err != nil {
			return err
		}
		if last.Version != shown {
			return fault.New(fault.Conflict, "The mapping was changed meanwhile: version %d is in force. Look at it again.", last.Version)
		}
		if last.Active {
			last.Active = false
			if err := tx.Mappings.Update(ctx, &last); err != nil {
				return err
			}
		}
		m = pact.Mapping{ID: pact.NewID[pact.MappingID]("map", tx.Now), BusinessUnit: c.BusinessUnit, ConnectionID: id, Version: last.Version + 1, Active: true, Objects: objects}
		if err := tx.Mappings.Insert(ctx, &m); err != nil {
			return err
		}
		return tx.EnqueueWith(ctx, job.Queued{Args: job.ApplyMapping{ConnectionID: id, Version: m.Version}, Options: job.Options{Queue: "exchange"}})
	})
	return m, unasked, err
}

// lastMapping gives the newest mapping that was set for a connection; version 0 where none was.
func lastMapping(ctx context.Context, mappings store.Reading[pact.Mapping], id pact.ConnectionID) (pact.Mapping, error) {
	m, err := mappings.One(ctx, store.Where(store.Eq("connection_id", id)).By("-version"))
	if fault.Is(err, fault.NotFound) {
		return pact.Mapping{}, nil
	}
	return m, err
}

// ApplyMapping has the writes of every published contract of the connection's business unit planned again, a job for each,
// so that one that fails holds up no other. Twice is harmless: an effect that is planned already has its key. A mapping that
// was replaced since is left alone; its successor has a job of its own.
func (o *Office) ApplyMapping(ctx context.Context, args job.ApplyMapping) error {
	c, err := o.Store.Reads().Connections.Get(ctx, string(args.ConnectionID))
	if err != nil {
		return fmt.Errorf("reading connection %s: %w", args.ConnectionID, err)
	}
	if m, err := o.mapping(ctx, c); err != nil || m.Version != args.Version || !c.Enabled {
		return err
	}
	q := store.Query{Where: []store.Cond{store.Eq("business_unit", c.BusinessUnit), store.Is("current_version", ">", 0)}, Order: []string{"id"}, Limit: 200}
	for {
		page, err := o.Store.Reads().Contracts.List(ctx, q)
		if err != nil {
			return err
		}
		err = o.Store.Change(ctx, store.Act{Name: "mapping.apply", Subject: string(c.ID), Unit: c.BusinessUnit}, func(ctx context.Context, tx store.Tx) error {
			for _, con := range page.Items {
				plan := job.PlanWrites{ContractID: con.ID, Version: con.CurrentVersion, ConnectionID: c.ID}
				if err := tx.EnqueueWith(ctx, job.Queued{Args: plan, Options: job.Options{Unique: true}}); err != nil {
					return err
				}
			}
			if len(page.Items) > 0 {
				tx.Note(ctx, "mapping_version", args.Version)
				tx.Note(ctx, "contracts", len(page.Items))
			}
			return nil
		})
		if err != nil || page.Next == "" {
			return err
		}
		q.After = page.Next
	}
}

// since gives, for each target of a mapping, the version of the mapping that made it what it is; 0 is the shipped one. Only
// what a version changed is written anew.
func (o *Office) since(ctx context.Context, c pact.Connection, m pact.Mapping) (map[string]int, error) {
	out := map[string]int{}
	if m.Version == 0 {
		return out, nil
	}
	spec, err := o.Connections.Connector(c.Connector)
	if err != nil {
		return nil, err
	}
	// Whoever goes back to an earlier mapping wants its values written again, so versions are walked in their order.
	versions, err := o.Store.Reads().Mappings.All(ctx, store.Where(store.Eq("connection_id", c.ID), store.Is("version", "<=", m.Version)).By("version"))
	if err != nil {
		return nil, err
	}
	before := spec.Mapping
	for _, v := range versions {
		for _, om := range v.Objects {
			target := targetOf(om)
			if i := slices.IndexFunc(before, func(b pact.ObjectMapping) bool { return targetOf(b) == target }); i < 0 || !same(before[i], om) {
				out[target] = v.Version
			}
		}
		before = v.Objects
	}
	return out, nil
}

// targetOf names what an object of a mapping writes to; a mapping has each once.
func targetOf(om pact.ObjectMapping) string { return om.For + "\x00" + om.Object }

func checkField(s connector.Schema, name string) string {
	if name == "" {
		return ""
	}
	i := slices.IndexFunc(s.Fields, func(f connector.SchemaField) bool { return f.Name == name })
	if i < 0 {
		return "the other system has no such field"
	}
	if s.Fields[i].ReadOnly {
		return "the field can not be written there"
	}
	return ""
}
