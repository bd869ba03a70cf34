package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/strict"
)

// unread is a body that fits its schema and can not be read all the same: a day such as 2026-02-30. The framework passes its text on
// and no place, so the text begins with the place; placed takes it off again.
type unread fault.Detail

func (u unread) Error() string { return inBody(u.Field) + ": " + u.Message }

// readBody reads a body. What it says of a body that it can not read, a person can act on.
func readBody(raw []byte, into any) error {
	if json.Unmarshal(raw, into) == nil {
		return nil
	}
	wrong := strict.Unfit(raw, reflect.TypeOf(into).Elem())
	if len(wrong) == 0 {
		wrong = []fault.Detail{{Message: "This can not be read."}}
	}
	return unread(wrong[0])
}

// inBody is the place of a member of the body.
func inBody(field string) string {
	if field == "" {
		return "body"
	}
	return "body." + field
}

// below moves the places of a fault below a member of the body.
func below(at string, err error) error {
	f := fault.Of(err)
	if f == nil {
		return err
	}
	moved := *f
	moved.Details = slices.Clone(f.Details)
	for i := range moved.Details {
		moved.Details[i].Field = strings.TrimSuffix(at+"."+moved.Details[i].Field, ".")
	}
	return &moved
}

// said are the sentences for what the framework finds wrong with a value. What follows a text that ends in a space is kept.
var said = []struct{ theirs, ours string }{
	{"unexpected property", "This is not known here."},
	{"expected string to be RFC 3339 date-time", "This must be an instant such as 2026-03-31T09:00:00Z."},
	{"expected string", "This must be a text."},
	{"expected boolean", "This must be true or false."},
	{"expected integer", "This must be a whole number."},
	{"expected number >= ", "This must be at least "},
	{"expected number <= ", "This must be at most "},
	{"expected number", "This must be a number."},
	{"expected array length >= ", "The fewest entries are "},
	{"expected array length <= ", "The most entries are "},
	{"expected array", "This must be a list."},
	{"expected object", "This must be an object."},
	{"expected length >= 1", "This must not be empty."},
	{"expected length >= ", "The fewest characters are "},
	{"expected length <= ", "The most characters are "},
	{"expected value to be one of ", "Choose one of "},
	{"invalid integer", "This must be a whole number."},
	{"invalid float", "This must be a number."},
	{"invalid boolean", "This must be true or false."},
	{"invalid value: ", ""},
	{"cannot read multipart form", "The form can not be read: send multipart/form-data with the file in it."},
}

var absentMember = regexp.MustCompile(`^expected (?:required )?property (.+?) to be present`)

// placed says in our words what the framework found, and where: what is missing at the place where it is missed, what can not be read
// at the member that can not.
func placed(d huma.ErrorDetail) fault.Detail {
	at, message := d.Location, d.Message
	if m := absentMember.FindStringSubmatch(message); m != nil {
		return fault.Detail{Field: strings.TrimPrefix(at+"."+m[1], "."), Message: "This is needed."}
	}
	if place, rest, ok := strings.Cut(message, ": "); ok && at == "body" && (place == at || strings.HasPrefix(place, "body.") || strings.HasPrefix(place, "body[")) {
		return fault.Detail{Field: place, Message: rest}
	}
	for _, s := range said {
		rest, ok := strings.CutPrefix(message, s.theirs)
		if !ok {
			continue
		}
		if !strings.HasSuffix(s.theirs, " ") {
			if rest != "" && rest[0] != ':' { // "expected length >= 1" is not the beginning of "expected length >= 10"
				continue
			}
			return fault.Detail{Field: at, Message: s.ours}
		}
		message = s.ours + strings.TrimSuffix(rest, ".") + "."
		break
	}
	return fault.Detail{Field: at, Message: message}
}

// places makes a list of what is wrong fit to be shown: each thing once, with its place from the top of the request, and
// a place without a member ("body", "changes.") is none.
func places(wrong []fault.Detail) []*huma.ErrorDetail {
	seen := map[fault.Detail]bool{}
	var out []*huma.ErrorDetail
	for _, d := range wrong {
		d.Field = strings.TrimSuffix(d.Field, ".")
		if d.Field == "body" {
			d.Field = ""
		}
		if d.Field != "" && unprefixed(d.Field) == d.Field {
			d.Field = inBody(d.Field)
		}
		if d.Message == "" || seen[d] {
			continue
		}
		seen[d] = true
		out = append(out, &huma.ErrorDetail{Location: d.Field, Message: d.Message})
	}
	return out[:min(len(out), mostDetails)]
}

// refusal is the answer to a request that did not come as far as a handler. A place that is wrong is named and never quoted: each of
// many unexpected members would be answered with the whole object around it, and a wrong password with the password.
func refusal(m huma.ErrorModel) huma.ErrorModel {
	wrong := make([]fault.Detail, 0, len(m.Errors))
	whole := ""
	for _, e := range m.Errors[:min(len(m.Errors), mostDetails)] {
		d := placed(*e)
		if d.Field == "body" && whole == "" {
			whole = d.Message
		}
		wrong = append(wrong, d)
	}
	m.Errors = slices.DeleteFunc(places(wrong), func(d *huma.ErrorDetail) bool { return d.Location == "" })
	switch {
	case whole != "":
		m.Detail = "The body can not be used: " + whole + " Nothing was changed."
	case len(m.Errors) == 1:
		m.Detail = fmt.Sprintf("The request can not be used: %s: %s", unprefixed(m.Errors[0].Location), m.Errors[0].Message)
	case len(m.Errors) > 1:
		m.Detail = fmt.Sprintf("The request can not be used: %s: %s There is more that is wrong (%d places).", unprefixed(m.Errors[0].Location), m.Errors[0].Message, len(m.Errors)-1)
	case m.Detail == "request body is required":
		m.Detail = "The request needs a body, as JSON. Nothing was changed."
	case m.Status == http.StatusRequestEntityTooLarge:
		m.Detail = "The body is too large: " + strings.Replace(strings.TrimPrefix(m.Detail, "request body is too large "), "limit=", "at most ", 1) + ". Nothing was changed."
	}
	return m
}

func unprefixed(at string) string {
	for _, in := range []string{"body", "query", "path", "header"} {
		if rest, ok := strings.CutPrefix(at, in); ok && (strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "[")) {
			return strings.TrimPrefix(rest, ".")
		}
	}
	return at
}
