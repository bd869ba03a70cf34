package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Image is a row as its JSON members, before any rule is applied. Members the JSON form leaves out are absent.
type Image map[string]json.RawMessage

// ImageOf takes the image of a row of package pact. Later changes of the row do not reach it.
func ImageOf(row any) (Image, error) {
	b, err := json.Marshal(row)
	if err != nil {
		return nil, fmt.Errorf("taking the image of a row: %w", err)
	}
	var image Image
	if err := json.Unmarshal(b, &image); err != nil {
		return nil, fmt.Errorf("taking the image of a row: %w", err)
	}
	return image, nil
}

// Canonical is JSON with sorted members and nothing escaped that need not be: equal values give equal bytes.
func Canonical(v any) (json.RawMessage, error) {
	first, err := encode(v)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(first))
	decoder.UseNumber() // 12345678901234567.123456 must not pass through a float
	var plain any
	if err := decoder.Decode(&plain); err != nil {
		return nil, fmt.Errorf("reading back JSON: %w", err)
	}
	return encode(plain)
}

func encode(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("writing JSON: %w", err)
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// Diff gives before and after of the tracked fields of a noun that differ. before is nil for a new row, after for a
// deleted one; ok is false where nothing tracked changed.
func Diff(noun, id string, before, after Image) (c Change, ok bool) {
	c = Change{Noun: noun, ID: id}
	if !Worth(noun, before, after) {
		return c, false
	}
	for field, rule := range Rules()[noun] {
		if rule == Ignore || bytes.Equal(before[field], after[field]) {
			continue
		}
		if v := shown(rule, before[field]); v != nil || (before != nil && after[field] != nil) { // null says that it was empty
			c.Before = with(c.Before, field, v)
		}
		v := shown(rule, after[field])
		if rule == Secret && before[field] != nil && v != nil {
			v = "changed"
		}
		if v != nil || (after != nil && before[field] != nil) {
			c.After = with(c.After, field, v)
		}
	}
	return c, c.Before != nil || c.After != nil
}

// shown is what the trail keeps of a value.
func shown(rule Rule, raw json.RawMessage) any {
	switch {
	case raw == nil:
		return nil
	case rule == Secret:
		return "set"
	case rule == Digest:
		sum := sha256.Sum256(raw)
		return map[string]any{"sha256": hex.EncodeToString(sum[:]), "bytes": len(raw)}
	}
	return raw
}

func with(m map[string]any, key string, v any) map[string]any {
	if m == nil {
		m = map[string]any{}
	}
	m[key] = v
	return m
}

func amountOf(i Image) string {
	var a struct {
		Amount      json.RawMessage `json:"amount"`
		AmountState string          `json:"amount_state"`
	}
	if json.Unmarshal(i["assessment"], &a) != nil {
		return ""
	}
	return string(a.Amount) + a.AmountState
}
