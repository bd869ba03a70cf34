package ironclad

import (
	"maps"
	"net/http"

	"github.com/pactloop/pactloop/simulator/stage"
)

// statusAfter is the contract status each action leads to. Ironclad computes finer ones from the dates; this is the direct effect only.
func statusAfter(action string) (base, enhanced string, ok bool) {
	switch action {
	case "activate":
		return "active", "active", true
	case "terminate":
		return "active", "terminating", true
	case "supersede":
		return "active", "superseding", true
	case "extend":
		return "active", "extending", true
	case "cancelAutoRenewal":
		return "active", "expiring", true
	case "editRenewal":
		return "active", "active", true
	case "undo":
		return "", "", true
	}
	return "", "", false
}

// requiredFor are the properties an action cannot do without.
func requiredFor(action string) []string {
	switch action {
	case "activate", "editRenewal":
		return []string{"standard_renewalType"}
	case "terminate":
		return []string{"standard_terminatedDate", "standard_terminationEffectiveDate"}
	case "supersede":
		return []string{"standard_supersededDate", "standard_supersessionEffectiveDate"}
	case "undo":
		return []string{"standard_undoObligationAction"}
	}
	return nil
}

func (s *Simulator) runAction(r *http.Request, body []byte) (reply, error) {
	o, err := s.record(r.PathValue("id"), http.StatusNotFound)
	if err != nil {
		return reply{}, err
	}
	var in stage.Object
	if err := strict(body, &in, "type", "properties"); err != nil {
		return reply{}, err
	}
	action := text(in["type"])
	base, enhanced, ok := statusAfter(action)
	if !ok {
		return reply{}, invalid("type", "unknown action %s", action)
	}
	props, _ := in["properties"].(stage.Object)
	for _, name := range requiredFor(action) {
		if props[name] == nil {
			return reply{}, missing("properties." + name)
		}
	}
	if err := s.checkProperties(props, "properties", true); err != nil {
		return reply{}, err
	}
	if action == "undo" {
		if !s.undo(o) {
			return reply{}, failure{status: http.StatusBadRequest, Code: "INVALID_STATE", Message: "there is no action to undo", Param: "type"}
		}
	} else {
		id := text(o["id"])
		s.history[id] = append(s.history[id], stage.Clone(stage.Object{"properties": o["properties"], "contractStatus": o["contractStatus"]}))
		have, _ := o["properties"].(stage.Object)
		maps.Copy(have, props)
		o["contractStatus"] = stage.Object{"status": base, "enhancedStatus": enhanced}
	}
	s.touch(o)
	s.effect(r, "record", o, "action "+action)
	s.emit(stage.Object{"event": "record_contract_status_changed", "recordID": o["id"]})
	return reply{http.StatusOK, in}, nil
}

func (s *Simulator) undo(o stage.Object) bool {
	id := text(o["id"])
	past := s.history[id]
	if len(past) == 0 {
		return false
	}
	last := past[len(past)-1]
	s.history[id] = past[:len(past)-1]
	o["properties"] = last["properties"]
	delete(o, "contractStatus")
	if last["contractStatus"] != nil {
		o["contractStatus"] = last["contractStatus"]
	}
	return true
}
