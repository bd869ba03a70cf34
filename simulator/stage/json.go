package stage

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// Object is a record as the other system knows it. Numbers are json.Number, so amounts keep their digits.
type Object = map[string]any

// Decode reads JSON with exact numbers and refuses anything after the first value.
func Decode(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("reading JSON: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("reading JSON: something follows the first value")
	}
	return nil
}

// Clone copies a value through JSON, so that what leaves a simulator cannot change its state.
func Clone[T any](v T) T {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("stage: state that is not JSON: %v", err)) // state only ever comes from JSON
	}
	var out T
	if err := Decode(raw, &out); err != nil {
		panic(fmt.Sprintf("stage: state that does not come back: %v", err))
	}
	return out
}

// WriteJSON answers with v.
func WriteJSON(w http.ResponseWriter, status int, v any) {
	raw, err := encode(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(raw)
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("writing JSON: %w", err)
	}
	return b.Bytes(), nil
}

func problem(message string) map[string]string { return map[string]string{"error": message} }
