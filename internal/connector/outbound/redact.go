package outbound

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// shortestSecret keeps a secret such as "1" from blanking out half of every message.
const shortestSecret = 4

// Redactor takes secrets out of text before it becomes an error or a log line. Tokens got at run time are added to it.
type Redactor struct {
	mu      sync.RWMutex
	secrets []string
}

// NewRedactor knows the secrets, and their URL-escaped and base64 forms.
func NewRedactor(secrets ...string) *Redactor {
	r := &Redactor{}
	r.Add(secrets...)
	return r
}

// Add makes further secrets known.
func (r *Redactor) Add(secrets ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range secrets {
		if len(s) < shortestSecret {
			continue
		}
		for _, form := range []string{s, url.QueryEscape(s), url.PathEscape(s), base64.StdEncoding.EncodeToString([]byte(s))} {
			if !slices.Contains(r.secrets, form) {
				r.secrets = append(r.secrets, form)
			}
		}
	}
	// Longest first, so that a secret inside another leaves no remainder.
	slices.SortFunc(r.secrets, func(a, b string) int { return len(b) - len(a) })
}

// Text gives the text without secrets.
func (r *Redactor) Text(s string) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, secret := range r.secrets {
		s = strings.ReplaceAll(s, secret, "[secret]")
	}
	return s
}

// Excerpt makes text of another system fit for a message: without secrets and control characters, on one line, short.
func (r *Redactor) Excerpt(s string) string {
	s = r.Text(s)
	s = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || c == unicode.ReplacementChar {
			return ' '
		}
		return c
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > 300 {
		return string(runes[:300]) + "…"
	}
	return s
}

// cause makes an error of net/http fit for a message. url.Error holds the whole address with its query, which may hold
// names of customers; only the innermost reason stays.
func (r *Redactor) cause(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	text := r.Excerpt(err.Error())
	if text == err.Error() {
		return err
	}
	return &redacted{text: text, err: err}
}

// redacted shows the clean text; the original is reachable by errors.Is only for sentinel errors, never printed.
type redacted struct {
	text string
	err  error
}

func (e *redacted) Error() string        { return e.text }
func (e *redacted) Is(target error) bool { return errors.Is(e.err, target) }

// Format keeps %+v and %#v from printing what is inside.
func (e *redacted) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(e.text)) }
