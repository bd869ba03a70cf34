package outbound

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/pactloop/pactloop/internal/connector"
)

// Bearer is a fixed token.
type Bearer string

// Authorize sets the header.
func (b Bearer) Authorize(_ context.Context, h http.Header) (string, error) {
	h.Set("Authorization", "Bearer "+string(b))
	return "", nil
}

// Expired is never worth another try: there is no other token.
func (b Bearer) Expired(string) bool { return false }

// Basic is a user and a password.
type Basic struct{ User, Password string }

// Authorize sets the header.
func (b Basic) Authorize(_ context.Context, h http.Header) (string, error) {
	h.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(b.User+":"+b.Password)))
	return "", nil
}

// Expired is never worth another try.
func (b Basic) Expired(string) bool { return false }

// OAuthConfig of an OAuth client. HTTP, System, TokenURL and Form are required.
type OAuthConfig struct {
	HTTP     *http.Client
	System   string
	TokenURL string
	// Form gives the fields of the token request (grant type, client, assertion); called for each request, because an
	// assertion holds a time.
	Form    func() (url.Values, error)
	Secrets *Redactor
	Wait    func(ctx context.Context, d time.Duration) error
}

// OAuth gets tokens, keeps one until shortly before it ends, and renews it once when it is refused. Tokens live on the
// wall clock, whatever clock the product runs on.
type OAuth struct {
	config OAuthConfig
	api    *API
	mu     sync.Mutex
	token  string
	until  time.Time
	extra  map[string]string
}

// NewOAuth makes a client; nothing is sent yet.
func NewOAuth(c OAuthConfig) *OAuth {
	if c.Secrets == nil {
		c.Secrets = NewRedactor()
	}
	api := NewAPI(APIConfig{HTTP: c.HTTP, System: c.System, Base: c.TokenURL, Secrets: c.Secrets, Explain: explainToken, Wait: c.Wait})
	return &OAuth{config: c, api: api}
}

// ClientCredentials is the form of the grant for machines.
func ClientCredentials(id, secret, scope string) func() (url.Values, error) {
	return func() (url.Values, error) {
		form := url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}}
		if scope != "" {
			form.Set("scope", scope)
		}
		return form, nil
	}
}

// JWTBearer is the form of the grant by a signed assertion (RS256). The assertion lives three minutes.
func JWTBearer(clientID, subject, audience, keyPEM string) func() (url.Values, error) {
	return func() (url.Values, error) {
		key, err := rsaKey(keyPEM)
		if err != nil {
			return nil, err
		}
		claims, err := json.Marshal(map[string]any{"iss": clientID, "sub": subject, "aud": audience, "exp": time.Now().Add(3 * time.Minute).Unix()})
		if err != nil {
			return nil, err
		}
		signing := encodeSegment([]byte(`{"alg":"RS256","typ":"JWT"}`)) + "." + encodeSegment(claims)
		digest := sha256.Sum256([]byte(signing))
		signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
		if err != nil {
			return nil, err
		}
		assertion := signing + "." + encodeSegment(signature)
		return url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion}}, nil
	}
}

// Authorize sets the header, getting a token first where none is valid. Callers at once wait for one request.
func (o *OAuth) Authorize(ctx context.Context, h http.Header) (string, error) {
	token, err := o.current(ctx)
	if err != nil {
		return "", err
	}
	h.Set("Authorization", "Bearer "+token)
	return token, nil
}

// Expired drops the token, unless another caller has renewed it already.
func (o *OAuth) Expired(token string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.token == token {
		o.token = ""
	}
	return true
}

// Extra gives a further member of the last token answer, such as Salesforce's instance_url.
func (o *OAuth) Extra(ctx context.Context, name string) (string, error) {
	if _, err := o.current(ctx); err != nil {
		return "", err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.extra[name], nil
}

func (o *OAuth) current(ctx context.Context) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.token != "" && time.Now().Before(o.until) {
		return o.token, nil
	}
	form, err := o.config.Form()
	if err != nil {
		e := connector.Fail(connector.FailDenied, "The credentials for %s can not be used.", o.config.System)
		e.Err = o.config.Secrets.cause(err)
		return "", e
	}
	answer := map[string]any{}
	if _, err := o.api.JSON(ctx, Call{Method: http.MethodPost, Form: form, Repeatable: true}, &answer); err != nil {
		return "", err
	}
	token, _ := answer["access_token"].(string)
	if token == "" {
		return "", connector.Fail(connector.FailDenied, "%s answered the sign-in without a token.", o.config.System)
	}
	o.config.Secrets.Add(token)
	o.token, o.until, o.extra = token, time.Now().Add(lifetime(answer["expires_in"])), map[string]string{}
	for name, value := range answer {
		if s, ok := value.(string); ok && name != "access_token" && name != "refresh_token" {
			o.extra[name] = s
		}
	}
	return token, nil
}

// lifetime leaves a margin, so that a token does not end on its way. Some systems say nothing: an hour then, and the
// renewal on 401 covers the rest.
func lifetime(v any) time.Duration {
	seconds := int64(3600)
	switch n := v.(type) {
	case json.Number:
		if i, err := n.Int64(); err == nil && i > 0 {
			seconds = i
		}
	case string:
		if i, err := json.Number(n).Int64(); err == nil && i > 0 {
			seconds = i
		}
	}
	d := time.Duration(min(seconds, 86_400)) * time.Second
	return d - min(d/10, time.Minute)
}

// explainToken reads {"error","error_description"} (RFC 6749). A refused client is a matter of rights, not of values.
func explainToken(status int, body []byte) (connector.Failure, string) {
	var e struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	_ = json.Unmarshal(body, &e)
	message := strings.TrimSpace(e.Error + " " + e.Description)
	if status >= 400 && status < 500 && status != http.StatusTooManyRequests && status != http.StatusRequestTimeout {
		return connector.FailDenied, message
	}
	return "", message
}

func rsaKey(text string) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("the private key is not in PEM form")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("the private key can not be read")
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("an RSA key is needed")
	}
	return key, nil
}

func encodeSegment(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
