package ironclad

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/simulator/stage"
)

// published says whether a record exists for callers: one that comes from a workflow does so when that workflow is completed.
func (w *world) published(o stage.Object) bool {
	source, _ := o["source"].(stage.Object)
	id := text(source["workflowId"])
	if id == "" {
		return true
	}
	flow := find(w.workflows, id)
	return flow == nil || text(flow["status"]) == "completed"
}

func (s *Simulator) record(id string, missingStatus int) (stage.Object, error) {
	if o := find(s.records, id); o != nil && s.published(o) {
		return o, nil
	}
	return nil, notFound(missingStatus, "couldn't find a record matching the id %s", id)
}

// render is a record as it is answered: attachments with their address on this host.
func (s *Simulator) render(o stage.Object, host string) stage.Object {
	out := stage.Clone(o)
	attachments := stage.Object{}
	id := text(o["id"])
	for _, key := range slices.Sorted(maps.Keys(s.files[id])) {
		f := s.files[id][key]
		attachments[key] = stage.Object{"filename": f.name, "contentType": f.contentType, "href": host + Base + "/records/" + id + "/attachments/" + key}
	}
	out["attachments"] = attachments
	return out
}

func hostOf(r *http.Request) string { return "http://" + r.Host }

func (s *Simulator) listRecords(r *http.Request, _ []byte) (reply, error) {
	page, size, err := paging(r)
	if err != nil {
		return reply{}, err
	}
	from, err := since(r)
	if err != nil {
		return reply{}, err
	}
	keep, err := s.filterOf(r)
	if err != nil {
		return reply{}, err
	}
	var types []string
	if t := r.URL.Query().Get("types"); t != "" {
		types = strings.Split(t, ",")
	}
	list := []stage.Object{}
	for _, o := range s.records {
		updated, _ := parseTime(text(o["lastUpdated"]))
		if s.published(o) && !updated.Before(from) && keep(o) && (types == nil || slices.Contains(types, text(o["type"]))) {
			list = append(list, o)
		}
	}
	if err := sortBy(list, r, []string{"agreementDate", "name", "lastUpdated"}); err != nil {
		return reply{}, err
	}
	rendered := []stage.Object{}
	for _, o := range pageOf(list, page, size) {
		rendered = append(rendered, s.render(o, hostOf(r)))
	}
	return reply{http.StatusOK, map[string]any{"page": page, "pageSize": size, "count": len(list), "list": rendered}}, nil
}

func (s *Simulator) filterOf(r *http.Request) (filter, error) {
	src := r.URL.Query().Get("filter")
	if src == "" {
		return func(stage.Object) bool { return true }, nil
	}
	return parseFilter(src, s.knows, s.cfg.Clock.Now())
}

func (s *Simulator) knows(name string) bool {
	_, ok := s.properties[name]
	return ok || slices.Contains([]string{"name", "type", "ironcladId", "lastUpdated", "id", "parentReadableId"}, name)
}

// sortBy orders by the first allowed field unless another is asked for, newest or last first unless ASC is asked for; equal keys keep a fixed order.
func sortBy(list []stage.Object, r *http.Request, fields []string) error {
	q := r.URL.Query()
	field := or(q.Get("sortField"), fields[0])
	if !slices.Contains(fields, field) {
		return invalid("sortField", "sortField must be one of %s", strings.Join(fields, ", "))
	}
	direction := or(q.Get("sortDirection"), "DESC")
	if direction != "ASC" && direction != "DESC" {
		return invalid("sortDirection", "sortDirection must be ASC or DESC")
	}
	slices.SortStableFunc(list, func(a, b stage.Object) int {
		c := cmp.Or(strings.Compare(sortKey(a, field), sortKey(b, field)), cmp.Compare(number(a["ironcladId"]), number(b["ironcladId"])))
		if direction == "DESC" {
			return -c
		}
		return c
	})
	return nil
}

func sortKey(o stage.Object, field string) string {
	v := text(valueOf(o, field))
	if t, ok := parseTime(v); ok {
		return t.Format("2006-01-02T15:04:05.000000000")
	}
	return strings.ToLower(v)
}

func (s *Simulator) getRecord(r *http.Request, _ []byte) (reply, error) {
	o, err := s.record(r.PathValue("id"), http.StatusBadRequest)
	if err != nil {
		return reply{}, err
	}
	return reply{http.StatusOK, s.render(o, hostOf(r))}, nil
}

func (s *Simulator) recordMetadata(*http.Request, []byte) (reply, error) {
	types := map[string]any{}
	for k, v := range s.types {
		types[k] = map[string]string{"displayName": v}
	}
	attachments := map[string]any{"signedCopy": map[string]string{"displayName": "Signed Copy"}}
	for _, files := range s.files {
		for key := range files {
			attachments[key] = map[string]string{"displayName": key}
		}
	}
	return reply{http.StatusOK, map[string]any{"recordTypes": types, "properties": maps.Clone(s.properties), "attachments": attachments, "links": map[string]any{}}}, nil
}

type recordBody struct {
	Type              *string      `json:"type"`
	Name              *string      `json:"name"`
	Properties        stage.Object `json:"properties"`
	Links             []link       `json:"links"`
	Parent            *parent      `json:"parent"`
	PropertiesToAmend stage.Object `json:"propertiesToAmend"`
	Children          []link       `json:"children"`
}

type link struct {
	RecordID string `json:"recordId"`
}

type parent struct {
	RecordID string `json:"recordId"`
	LinkType string `json:"parentLinkType"`
}

func (s *Simulator) readRecord(body []byte) (recordBody, error) {
	var in recordBody
	if err := stage.Decode(body, &in); err != nil {
		return in, err
	}
	if in.Type == nil {
		return in, missing("type")
	}
	if in.Name == nil || *in.Name == "" {
		return in, missing("name")
	}
	if in.Properties == nil {
		return in, missing("properties")
	}
	if _, ok := s.types[*in.Type]; !ok {
		return in, invalid("type", "unknown record type %s", *in.Type)
	}
	if err := s.checkProperties(in.Properties, "properties", false); err != nil {
		return in, err
	}
	for _, l := range append(slices.Clone(in.Links), in.Children...) {
		if _, err := s.record(l.RecordID, http.StatusBadRequest); err != nil {
			return in, err
		}
	}
	return in, s.checkParent(in.Parent)
}

func (s *Simulator) checkParent(p *parent) error {
	if p == nil {
		return nil
	}
	if p.LinkType != "" && p.LinkType != "amendment" && p.LinkType != "obligation" {
		return invalid("parentLinkType", "parentLinkType must be amendment or obligation")
	}
	_, err := s.record(p.RecordID, http.StatusBadRequest)
	return err
}

func (s *Simulator) createRecord(r *http.Request, body []byte) (reply, error) {
	in, err := s.readRecord(body)
	if err != nil {
		return reply{}, err
	}
	o := stage.Object{
		"id": newID(), "ironcladId": fmt.Sprintf("IC-%d", s.nextIC), "type": *in.Type, "name": *in.Name, "properties": in.Properties,
		"links": []any{}, "childIds": []any{}, "source": stage.Object{"type": "integration", "integrationName": "public_api"},
	}
	s.nextIC++
	s.records = append(s.records, o)
	s.relate(o, in)
	s.touch(o)
	s.effect(r, "record", o, "create")
	return reply{http.StatusOK, s.render(o, hostOf(r))}, nil
}

func (s *Simulator) replaceRecord(r *http.Request, body []byte) (reply, error) {
	o, err := s.record(r.PathValue("id"), http.StatusBadRequest)
	if err != nil {
		return reply{}, err
	}
	in, err := s.readRecord(body)
	if err != nil {
		return reply{}, err
	}
	o["type"], o["name"], o["properties"] = *in.Type, *in.Name, in.Properties
	s.relate(o, in)
	s.touch(o)
	s.effect(r, "record", o, "replace")
	return reply{http.StatusOK, s.render(o, hostOf(r))}, nil
}

func (s *Simulator) relate(o stage.Object, in recordBody) {
	for _, l := range in.Links {
		addLink(o, text(find(s.records, l.RecordID)["id"]))
	}
	if in.Parent != nil {
		s.setParent(o, *in.Parent)
	}
	for _, c := range in.Children {
		s.setParent(find(s.records, c.RecordID), parent{RecordID: text(o["id"])})
	}
	if in.PropertiesToAmend != nil {
		o["propertiesToAmend"] = in.PropertiesToAmend
	}
}

func (s *Simulator) setParent(o stage.Object, p parent) {
	s.removeParent(o)
	up := find(s.records, p.RecordID)
	o["parentId"] = up["id"]
	if p.LinkType != "" {
		o["parentLinkType"] = p.LinkType
	}
	up["childIds"] = append(list(up["childIds"]), o["id"])
	s.touch(up)
}

func (s *Simulator) removeParent(o stage.Object) {
	if up := find(s.records, text(o["parentId"])); up != nil {
		up["childIds"] = slices.DeleteFunc(list(up["childIds"]), func(v any) bool { return v == o["id"] })
		s.touch(up)
	}
	delete(o, "parentId")
	delete(o, "parentLinkType")
}

func addLink(o stage.Object, id string) {
	for _, l := range list(o["links"]) {
		if have, ok := l.(stage.Object); ok && have["recordId"] == id {
			return
		}
	}
	o["links"] = append(list(o["links"]), stage.Object{"recordId": id})
}

func list(v any) []any {
	out, _ := v.([]any)
	if out == nil {
		return []any{}
	}
	return out
}

func (s *Simulator) touch(o stage.Object) { o["lastUpdated"] = stamp(s.cfg.Clock) }

// effect counts a write under the caller's own key when the record carries one.
func (s *Simulator) effect(r *http.Request, object string, o stage.Object, kind string) {
	stage.Applied(r.Context(), stage.Effect{Object: object, RecordID: text(o["id"]), ExternalID: text(valueOf(o, "pactloopKey")), Kind: kind})
}

func (s *Simulator) deleteRecord(r *http.Request, _ []byte) (reply, error) {
	o, err := s.record(r.PathValue("id"), http.StatusBadRequest)
	if err != nil {
		return reply{}, err
	}
	s.removeParent(o)
	s.records = slices.DeleteFunc(s.records, func(x stage.Object) bool { return x["id"] == o["id"] })
	delete(s.files, text(o["id"]))
	s.effect(r, "record", o, "delete")
	return reply{status: http.StatusNoContent}, nil
}

type recordPatch struct {
	Type                    *string      `json:"type"`
	Name                    *string      `json:"name"`
	AddProperties           stage.Object `json:"addProperties"`
	RemoveProperties        []string     `json:"removeProperties"`
	AddLinks                []link       `json:"addLinks"`
	RemoveLinks             []link       `json:"removeLinks"`
	SetParent               *parent      `json:"setParent"`
	AddChildren             []link       `json:"addChildren"`
	RemoveParent            bool         `json:"removeParent"`
	RemoveChildren          []link       `json:"removeChildren"`
	AddPropertiesToAmend    stage.Object `json:"addPropertiesToAmend"`
	RemovePropertiesToAmend []string     `json:"removePropertiesToAmend"`
}

// strict decodes and refuses unknown parameters, as additionalProperties:false demands. encoding/json would accept a name in another case.
func strict(body []byte, into any, allowed ...string) error {
	var raw stage.Object
	if err := stage.Decode(body, &raw); err != nil {
		return err
	}
	for k := range raw {
		if !slices.Contains(allowed, k) {
			return invalid(k, "unknown parameter %s", k)
		}
	}
	return stage.Decode(body, into)
}

func (s *Simulator) patchRecord(r *http.Request, body []byte) (reply, error) {
	o, err := s.record(r.PathValue("id"), http.StatusNotFound)
	if err != nil {
		return reply{}, err
	}
	var in recordPatch
	if err := strict(body, &in, "type", "name", "addProperties", "removeProperties", "addLinks", "removeLinks", "setParent", "addChildren", "removeParent", "removeChildren",
		"addPropertiesToAmend", "removePropertiesToAmend"); err != nil {
		return reply{}, err
	}
	if err := s.checkPatch(o, in); err != nil {
		return reply{}, err
	}
	s.applyPatch(o, in)
	s.touch(o)
	s.effect(r, "record", o, "update")
	return reply{http.StatusOK, s.render(o, hostOf(r))}, nil
}

func (s *Simulator) checkPatch(o stage.Object, in recordPatch) error {
	if in.Type != nil {
		if _, ok := s.types[*in.Type]; !ok {
			return invalid("type", "unknown record type %s", *in.Type)
		}
	}
	if in.Name != nil && *in.Name == "" {
		return invalid("name", "name must not be empty")
	}
	if err := s.checkProperties(in.AddProperties, "addProperties", false); err != nil {
		return err
	}
	for _, name := range in.RemoveProperties {
		if _, ok := s.properties[name]; !ok {
			return invalid("removeProperties", "unknown property %s", name)
		}
	}
	for _, l := range slices.Concat(in.AddLinks, in.RemoveLinks, in.AddChildren, in.RemoveChildren) {
		if _, err := s.record(l.RecordID, http.StatusBadRequest); err != nil {
			return err
		}
	}
	if in.SetParent != nil && find(s.records, in.SetParent.RecordID) != nil && find(s.records, in.SetParent.RecordID)["id"] == o["id"] {
		return invalid("setParent", "a record cannot be its own parent")
	}
	return s.checkParent(in.SetParent)
}

func (s *Simulator) applyPatch(o stage.Object, in recordPatch) {
	if in.Type != nil {
		o["type"] = *in.Type
	}
	if in.Name != nil {
		o["name"] = *in.Name
	}
	props, _ := o["properties"].(stage.Object)
	maps.Copy(props, in.AddProperties)
	for _, name := range in.RemoveProperties {
		delete(props, name)
	}
	for _, l := range in.AddLinks {
		addLink(o, text(find(s.records, l.RecordID)["id"]))
	}
	for _, l := range in.RemoveLinks {
		id := find(s.records, l.RecordID)["id"]
		o["links"] = slices.DeleteFunc(list(o["links"]), func(v any) bool { have, _ := v.(stage.Object); return have["recordId"] == id })
	}
	if in.RemoveParent {
		s.removeParent(o)
	}
	if in.SetParent != nil {
		s.setParent(o, *in.SetParent)
	}
	for _, c := range in.AddChildren {
		s.setParent(find(s.records, c.RecordID), parent{RecordID: text(o["id"])})
	}
	for _, c := range in.RemoveChildren {
		if child := find(s.records, c.RecordID); child["parentId"] == o["id"] {
			s.removeParent(child)
		}
	}
	amend, _ := o["propertiesToAmend"].(stage.Object)
	if amend == nil && in.AddPropertiesToAmend != nil {
		amend = stage.Object{}
		o["propertiesToAmend"] = amend
	}
	maps.Copy(amend, in.AddPropertiesToAmend)
	for _, name := range in.RemovePropertiesToAmend {
		delete(amend, name)
	}
}
