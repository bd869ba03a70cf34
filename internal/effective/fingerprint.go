package effective

import "encoding/json"

// fingerprint is what an entry says, without who says it: two documents that fix the same value do not conflict.
func fingerprint(e Entry) string {
	var said any
	if e.Term != nil {
		said = e.Term.Value
	} else if e.Obligation != nil {
		var params any
		if err := json.Unmarshal(e.Obligation.Params, &params); err != nil {
			params = string(e.Obligation.Params)
		}
		said = []any{e.Obligation.Kind, params}
	}
	raw, err := json.Marshal(said)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}
