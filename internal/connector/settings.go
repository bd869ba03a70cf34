package connector

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/fault"
)

// Kinds of setting. Secret and PEM values are encrypted at rest and never shown again.
const (
	KindText   = "text"
	KindURL    = "url"
	KindSecret = "secret"
	KindNumber = "number"
	KindFlag   = "flag"
	KindChoice = "choice"
	KindPEM    = "pem"
)

// Mask stands where a secret is set. Sent back unchanged it means "keep what is there"; the API resolves that before
// Validate sees the values.
const Mask = "••••••••"

// longestSetting bounds a value: the longest real one is a PEM chain.
const longestSetting = 32 << 10

// Secret tells whether the value must be encrypted at rest and masked.
func (s Setting) Secret() bool { return s.Kind == KindSecret || s.Kind == KindPEM }

// Applies tells whether the setting counts, given the other values.
func (s Setting) Applies(v Values) bool {
	name, want, ok := strings.Cut(s.When, "=")
	return !ok || v[name] == want
}

// Setting finds a setting by name.
func (c Connector) Setting(name string) (Setting, bool) {
	i := slices.IndexFunc(c.Settings, func(s Setting) bool { return s.Name == name })
	if i < 0 {
		return Setting{}, false
	}
	return c.Settings[i], true
}

// Stream finds a stream by name.
func (c Connector) Stream(name string) (Stream, bool) {
	i := slices.IndexFunc(c.Streams, func(s Stream) bool { return s.Name == name })
	if i < 0 {
		return Stream{}, false
	}
	return c.Streams[i], true
}

// Validate checks values against the description and gives them with defaults filled in and surroundings trimmed. All
// faults come at once, one detail per setting, and none repeats a value: it may be a secret in the wrong field.
func (c Connector) Validate(in Values) (Values, error) {
	out := Values{}
	for _, s := range c.Settings {
		value := strings.TrimSpace(in[s.Name])
		if value == "" {
			value = s.Default
		}
		if value != "" {
			out[s.Name] = value
		}
	}
	var details []fault.Detail
	for _, s := range c.Settings {
		if !s.Applies(out) {
			delete(out, s.Name)
			continue
		}
		if message := s.check(out[s.Name]); message != "" {
			details = append(details, fault.Detail{Field: s.Name, Message: message})
		}
	}
	for name := range in {
		if _, known := c.Setting(name); !known {
			details = append(details, fault.Detail{Field: short(name), Message: "This connector has no such setting."})
		}
	}
	if len(details) == 0 {
		return out, nil
	}
	slices.SortStableFunc(details, func(a, b fault.Detail) int { return strings.Compare(a.Field, b.Field) })
	f := fault.New(fault.Invalid, "The settings of the %s connection are not complete: %s", c.Title, details[0].Field+": "+details[0].Message)
	f.Details = details
	return nil, f
}

// Masked gives the values as they may be shown: a secret that is set becomes Mask.
func (c Connector) Masked(v Values) Values {
	out := make(Values, len(v))
	for name, value := range v {
		s, known := c.Setting(name)
		if known && !s.Secret() {
			out[name] = value
			continue
		}
		if value != "" {
			out[name] = Mask
		}
	}
	return out
}

// Split parts plain settings from secrets, for storing the latter sealed. What the description does not know counts as
// secret.
func (c Connector) Split(v Values) (plain, secret Values) {
	plain, secret = Values{}, Values{}
	for name, value := range v {
		if s, known := c.Setting(name); known && !s.Secret() {
			plain[name] = value
			continue
		}
		secret[name] = value
	}
	return plain, secret
}

// Secrets gives the secret values, for redaction.
func (c Connector) Secrets(v Values) []string {
	_, secret := c.Split(v)
	out := make([]string, 0, len(secret))
	for _, value := range secret {
		out = append(out, value)
	}
	return out
}

func (s Setting) check(value string) string {
	switch {
	case value == "" && s.Required:
		return "A value is required."
	case value == "":
		return ""
	case len(value) > longestSetting:
		return fmt.Sprintf("The value is longer than %d bytes.", longestSetting)
	case !utf8.ValidString(value):
		return "The value is not valid UTF-8 text."
	case strings.ContainsFunc(value, func(r rune) bool { return unicode.IsControl(r) && (s.Kind != KindPEM || r != '\n' && r != '\r') }):
		return "The value holds control characters or line breaks."
	case value == Mask:
		return "Enter the value itself; the dots only show that one is set."
	}
	if message := s.checkKind(value); message != "" {
		return message
	}
	if s.Pattern == "" {
		return ""
	}
	whole, err := regexp.Compile(`^(?:` + s.Pattern + `)$`)
	if err != nil {
		return "The connector's description has a pattern that can not be read."
	}
	if !whole.MatchString(value) {
		return "The value does not have the expected form. " + s.Help
	}
	return ""
}

func (s Setting) checkKind(value string) string {
	switch s.Kind {
	case KindURL:
		return checkURL(value)
	case KindNumber:
		if _, err := strconv.ParseInt(value, 10, 64); err != nil {
			return "A whole number is expected."
		}
	case KindFlag:
		if value != "true" && value != "false" {
			return "true or false is expected."
		}
	case KindChoice:
		if !slices.Contains(s.Choices, value) {
			return "One of " + strings.Join(s.Choices, ", ") + " is expected."
		}
	case KindPEM:
		if !strings.HasPrefix(value, "-----BEGIN ") {
			return "A PEM block is expected; it starts with -----BEGIN."
		}
	}
	return ""
}

func checkURL(value string) string {
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "":
		return "A full address such as https://example.com is expected."
	case u.Scheme != "https" && u.Scheme != "http":
		return "The address must start with https://."
	case u.User != nil:
		return "The address must not hold a user name or password."
	case u.Fragment != "" || u.RawQuery != "":
		return "The address must not hold a query or a fragment."
	}
	return ""
}

func short(s string) string {
	if len(s) > 64 {
		return s[:64] + "…"
	}
	return s
}
