package exchange

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/fault"
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

// CheckMapping compares the mapping with what the other system describes.
func (o *Office) CheckMapping(ctx context.Context, id pact.ConnectionID) (pact.Mapping, []MappingProblem, error) {
	c, err := o.Store.Reads().Connections.Get(ctx, string(id))
	if err != nil {
		return pact.Mapping{}, nil, err
	}
	m, err := o.mapping(ctx, c)
	if err != nil {
		return m, nil, err
	}
	conn, err := o.Connections.Open(ctx, c)
	if err != nil {
		return m, nil, err
	}
	wrong, unasked := compare(ctx, conn, m.Objects)
	return m, append(wrong, unasked...), nil
}

// compare tells what the other system says it does not take, and, apart from that, what it could not be asked about.
func compare(ctx context.Context, conn connector.Connection, objects []pact.ObjectMapping) (wrong, unasked []MappingProblem) {
	d, ok := conn.(connector.Describer)
	if !ok {
		return nil, nil
	}
	for _, om := range objects {
		schema, err := d.Describe(ctx, om.Object)
		if err != nil {
			p := MappingProblem{Object: om.Object, Problem: message(err)}
			if class, _, _ := classify(err); class == connector.FailUnmapped && !fault.Is(err, fault.Unsupported) {
				wrong = append(wrong, p)
			} else {
				unasked = append(unasked, p)
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
// the mapping is kept and the problems are given back. What was written stays as it is: contracts follow with their next
// version.
func (o *Office) SetMapping(ctx context.Context, id pact.ConnectionID, objects []pact.ObjectMapping, shown int) (pact.Mapping, []MappingProblem, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Admin) {
		return pact.Mapping{}, nil, fault.New(fault.Denied, "Replacing a mapping needs the role admin.")
	}
	c, err := o.Store.Reads().Connections.Get(ctx, string(id))
	if err != nil {
		return pact.Mapping{}, nil, err
	}
	spec, err := o.Connections.Connector(c.Connector)
	if err != nil {
		return pact.Mapping{}, nil, err
	}
	if lines := spec.CheckMapping(objects); len(lines) > 0 {
		return pact.Mapping{}, nil, fault.New(fault.Invalid, "The mapping was not taken; the one before stands. %s.", strings.Join(lines, "; "))
	}
	var unasked []MappingProblem
	if conn, err := o.Connections.Open(ctx, c); err != nil {
		unasked = []MappingProblem{{Problem: "the fields were not compared with the other system: " + message(err)}}
	} else {
		var wrong []MappingProblem
		if wrong, unasked = compare(ctx, conn, objects); len(wrong) > 0 {
			var lines []string
			for _, p := range wrong {
				lines = append(lines, fmt.Sprintf("%s.%s: %s", p.Object, p.Field, p.Problem))
			}
			return pact.Mapping{}, wrong, fault.New(fault.Invalid, "The mapping was not taken; the one before stands. %s.", strings.Join(lines, "; "))
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
		last, err := tx.Mappings.One(ctx, store.Where(store.Eq("connection_id", id)).By("-version"))
		if err != nil && !fault.Is(err, fault.NotFound) {
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
		return tx.Mappings.Insert(ctx, &m)
	})
	return m, unasked, err
}

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
