package ironclad

import (
	"fmt"
	"maps"
	"net/http"

	"github.com/pactloop/pactloop/simulator/stage"
)

func (s *Simulator) obligation(id string) (stage.Object, error) {
	if o := find(s.obligations, id); o != nil {
		return o, nil
	}
	return nil, notFound(http.StatusNotFound, "couldn't find an obligation matching the id %s", id)
}

func (s *Simulator) listObligations(r *http.Request, _ []byte) (reply, error) {
	page, size, err := paging(r)
	if err != nil {
		return reply{}, err
	}
	keep := filter(func(stage.Object) bool { return true })
	if src := r.URL.Query().Get("filter"); src != "" {
		// Obligation types define their own properties, so every name may be asked for.
		if keep, err = parseFilter(src, func(string) bool { return true }, s.cfg.Clock.Now()); err != nil {
			return reply{}, err
		}
	}
	found := []stage.Object{}
	for _, o := range s.obligations {
		if keep(o) {
			found = append(found, o)
		}
	}
	if err := sortBy(found, r, []string{"name", "lastUpdated"}); err != nil {
		return reply{}, err
	}
	return reply{http.StatusOK, map[string]any{"page": page, "pageSize": size, "count": len(found), "list": stage.Clone(pageOf(found, page, size))}}, nil
}

func (s *Simulator) createObligation(r *http.Request, body []byte) (reply, error) {
	var in struct {
		Name       *string      `json:"name"`
		Properties stage.Object `json:"properties"`
		TypeKey    []string     `json:"obligationTypeKey"`
		ParentID   string       `json:"parentId"`
	}
	if err := stage.Decode(body, &in); err != nil {
		return reply{}, err
	}
	switch {
	case in.Name == nil || *in.Name == "":
		return reply{}, missing("name")
	case in.TypeKey == nil:
		return reply{}, missing("obligationTypeKey")
	case len(in.TypeKey) != 1 || in.TypeKey[0] == "":
		return reply{}, invalid("obligationTypeKey", "obligationTypeKey must hold exactly one key")
	case in.ParentID == "":
		return reply{}, missing("parentId")
	}
	up, err := s.record(in.ParentID, http.StatusBadRequest)
	if err != nil {
		return reply{}, invalid("parentId", "couldn't find a record matching the id %s", in.ParentID)
	}
	if err := s.checkProperties(in.Properties, "properties", true); err != nil {
		return reply{}, err
	}
	if in.Properties == nil {
		in.Properties = stage.Object{}
	}
	o := stage.Object{
		"id": newID(), "ironcladId": fmt.Sprintf("OB-%d", s.nextOB), "name": *in.Name, "properties": in.Properties, "namedTypeIds": []any{in.TypeKey[0]},
		"parentReadableId": up["ironcladId"], "parentRecordName": up["name"],
	}
	s.nextOB++
	s.touch(o)
	s.obligations = append(s.obligations, o)
	s.effect(r, "obligation", o, "create")
	return reply{http.StatusCreated, stage.Clone(o)}, nil
}

func (s *Simulator) getObligation(r *http.Request, _ []byte) (reply, error) {
	o, err := s.obligation(r.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	return reply{http.StatusOK, stage.Clone(o)}, nil
}

func (s *Simulator) patchObligation(r *http.Request, body []byte) (reply, error) {
	o, err := s.obligation(r.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	var in struct {
		Name             *string      `json:"name"`
		AddProperties    stage.Object `json:"addProperties"`
		RemoveProperties []string     `json:"removeProperties"`
		TypeKey          []string     `json:"obligationTypeKey"`
	}
	if err := strict(body, &in, "name", "addProperties", "removeProperties", "obligationTypeKey"); err != nil {
		return reply{}, err
	}
	if in.Name != nil && *in.Name == "" {
		return reply{}, invalid("name", "name must not be empty")
	}
	if in.TypeKey != nil && (len(in.TypeKey) != 1 || in.TypeKey[0] == "") {
		return reply{}, invalid("obligationTypeKey", "obligationTypeKey must hold exactly one key")
	}
	if err := s.checkProperties(in.AddProperties, "addProperties", true); err != nil {
		return reply{}, err
	}
	if in.Name != nil {
		o["name"] = *in.Name
	}
	if in.TypeKey != nil {
		o["namedTypeIds"] = []any{in.TypeKey[0]}
	}
	props, _ := o["properties"].(stage.Object)
	maps.Copy(props, in.AddProperties)
	for _, name := range in.RemoveProperties {
		delete(props, name)
	}
	s.touch(o)
	s.effect(r, "obligation", o, "update")
	return reply{http.StatusOK, stage.Clone(o)}, nil
}
