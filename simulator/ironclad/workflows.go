package ironclad

import (
	"net/http"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/simulator/stage"
)

func (s *Simulator) workflow(id string, missingStatus int) (stage.Object, error) {
	if o := find(s.workflows, id); o != nil {
		return o, nil
	}
	return nil, notFound(missingStatus, "couldn't find a workflow matching the id %s", id)
}

// renderWorkflow fills in the described members that a hand-written seed leaves out.
func renderWorkflow(o stage.Object) stage.Object {
	out := stage.Clone(o)
	status := or(text(out["status"]), "active")
	for k, v := range map[string]any{
		"title": "", "template": "", "step": "Review", "schema": stage.Object{}, "attributes": stage.Object{}, "status": status,
		"isCancelled": status == "cancelled", "isComplete": status == "completed", "created": out["lastUpdated"], "lastUpdated": "", "roles": []any{},
		"creator":   stage.Object{"id": "63d415e0dd0d828c3a878548", "displayName": "Demo User", "email": "demo.user@example.com", "title": "", "username": "demo.user", "metadata": stage.Object{}},
		"approvals": stage.Object{"state": "not_started"}, "signatures": stage.Object{"state": "not_started"}, "isRevertibleToReview": false, "recordIds": []any{},
	} {
		if out[k] == nil {
			out[k] = v
		}
	}
	if out["created"] == nil {
		out["created"] = ""
	}
	return out
}

func (s *Simulator) listWorkflows(r *http.Request, _ []byte) (reply, error) {
	page, size, err := paging(r)
	if err != nil {
		return reply{}, err
	}
	from, err := since(r)
	if err != nil {
		return reply{}, err
	}
	q := r.URL.Query()
	want := []string{"active"}
	if q.Has("status") {
		want = nil
		for _, v := range q["status"] {
			want = append(want, strings.Split(v, ",")...)
		}
	}
	for _, st := range want {
		if !slices.Contains([]string{"active", "paused", "completed", "cancelled"}, st) {
			return reply{}, invalid("status", "unknown status %s", st)
		}
	}
	found := []stage.Object{}
	for _, o := range s.workflows {
		updated, _ := parseTime(text(o["lastUpdated"]))
		if !slices.Contains(want, or(text(o["status"]), "active")) || updated.Before(from) {
			continue
		}
		if t := q.Get("template"); t != "" && text(o["template"]) != t {
			continue
		}
		found = append(found, renderWorkflow(o))
	}
	return reply{http.StatusOK, map[string]any{"page": page, "pageSize": size, "count": len(found), "list": pageOf(found, page, size)}}, nil
}

func (s *Simulator) getWorkflow(r *http.Request, _ []byte) (reply, error) {
	o, err := s.workflow(r.PathValue("id"), http.StatusBadRequest)
	if err != nil {
		return reply{}, err
	}
	return reply{http.StatusOK, renderWorkflow(o)}, nil
}

func (s *Simulator) patchAttributes(r *http.Request, body []byte) (reply, error) {
	o, err := s.workflow(r.PathValue("id"), http.StatusNotFound)
	if err != nil {
		return reply{}, err
	}
	var in struct {
		Updates []struct {
			Action string `json:"action"`
			Path   string `json:"path"`
			Value  any    `json:"value"`
		} `json:"updates"`
		Comment string `json:"comment"`
	}
	if err := stage.Decode(body, &in); err != nil {
		return reply{}, err
	}
	if len(in.Updates) == 0 {
		return reply{}, missing("updates")
	}
	if or(text(o["step"]), "Review") != "Review" || or(text(o["status"]), "active") != "active" {
		return reply{}, failure{status: http.StatusBadRequest, Code: "INVALID_STATE", Message: "workflow must be in the Review step to be updated", Param: "step"}
	}
	schema, _ := o["schema"].(stage.Object)
	attributes := stage.Object{}
	if have, ok := o["attributes"].(stage.Object); ok {
		attributes = stage.Clone(have)
	}
	for _, u := range in.Updates {
		name, _, nested := strings.Cut(u.Path, ".")
		if _, ok := schema[name]; !ok || nested {
			return reply{}, invalid("attributes", "non-existent attribute(s) specified: %s", u.Path)
		}
		switch u.Action {
		case "set":
			attributes[name] = u.Value
		case "remove":
			delete(attributes, name)
		default:
			return reply{}, invalid("updates", "action must be set or remove")
		}
	}
	o["attributes"] = attributes
	s.touch(o)
	s.effect(r, "workflow", o, "update")
	s.emit(workflowEvent("workflow_attribute_updated", o))
	if in.Comment != "" {
		s.addComment(r, text(o["id"]), in.Comment, "")
	}
	return reply{http.StatusOK, renderWorkflow(o)}, nil
}

func workflowEvent(event string, o stage.Object) stage.Object {
	return stage.Object{"event": event, "templateID": text(o["template"]), "workflowID": text(o["id"])}
}

func (s *Simulator) listComments(r *http.Request, _ []byte) (reply, error) {
	o, err := s.workflow(r.PathValue("id"), http.StatusNotFound)
	if err != nil {
		return reply{}, err
	}
	page, size, err := paging(r)
	if err != nil {
		return reply{}, err
	}
	all := s.comments[text(o["id"])]
	return reply{http.StatusOK, map[string]any{"page": page, "pageSize": size, "count": len(all), "list": stage.Clone(pageOf(all, page, size))}}, nil
}

func (s *Simulator) getComment(r *http.Request, _ []byte) (reply, error) {
	o, err := s.workflow(r.PathValue("id"), http.StatusNotFound)
	if err != nil {
		return reply{}, err
	}
	c := find(s.comments[text(o["id"])], r.PathValue("comment"))
	if c == nil {
		return reply{}, notFound(http.StatusNotFound, "couldn't find a comment matching the id %s", r.PathValue("comment"))
	}
	return reply{http.StatusOK, stage.Clone(c)}, nil
}

func (s *Simulator) postComment(r *http.Request, body []byte) (reply, error) {
	o, err := s.workflow(r.PathValue("id"), http.StatusBadRequest)
	if err != nil {
		return reply{}, err
	}
	var in struct {
		Comment   string `json:"comment"`
		RepliedTo string `json:"repliedToActivityFeedMessageId"`
	}
	if err := stage.Decode(body, &in); err != nil {
		return reply{}, err
	}
	if strings.TrimSpace(in.Comment) == "" {
		return reply{}, missing("comment")
	}
	return reply{http.StatusOK, s.addComment(r, text(o["id"]), in.Comment, in.RepliedTo)}, nil
}

func (s *Simulator) addComment(r *http.Request, id, message, repliedTo string) stage.Object {
	who := actor(r)
	author := stage.Object{"type": "internalUser", "companyName": "Demo Company", "displayName": displayName(who), "email": who, "userId": who}
	c := stage.Object{
		"id": newID(), "commentMessage": message, "timestamp": stamp(s.cfg.Clock), "isExternal": false, "author": author,
		"mentionedUserDetails": []any{}, "addedParticipants": []any{}, "reactions": []any{},
	}
	if repliedTo != "" {
		c["repliedTo"] = stage.Object{"item": repliedTo, "itemAuthor": author}
	}
	s.comments[id] = append(s.comments[id], c)
	stage.Applied(r.Context(), stage.Effect{Object: "workflow comment", RecordID: id, Kind: "create", Detail: message})
	if o := find(s.workflows, id); o != nil {
		s.emit(workflowEvent("workflow_comment_added", o))
	}
	return stage.Clone(c)
}

// listDocuments answers the files kept for a workflow; everything here is in the signature packet.
func (s *Simulator) listDocuments(r *http.Request, _ []byte) (reply, error) {
	o, err := s.workflow(r.PathValue("id"), http.StatusNotFound)
	if err != nil {
		return reply{}, err
	}
	id := text(o["id"])
	docs := []stage.Object{}
	for key, f := range s.files[id] {
		docs = append(docs, stage.Object{"version": "1", "versionNumber": 1, "filename": f.name, "key": key, "download": Base + "/workflows/" + id + "/document/" + key + "/download"})
	}
	slices.SortFunc(docs, func(a, b stage.Object) int { return strings.Compare(text(a["key"]), text(b["key"])) })
	return reply{http.StatusOK, map[string]any{"signaturePacketDocuments": docs, "excludedFromSignaturePacketDocuments": []stage.Object{}}}, nil
}
