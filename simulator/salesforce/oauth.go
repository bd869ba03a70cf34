package salesforce

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/pactloop/pactloop/simulator/stage"
)

const organization = "00D5g000000Demo" + "EAA"

func (s *Simulator) issueToken(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	refuse := func(code, text string) {
		stage.WriteJSON(w, http.StatusBadRequest, map[string]string{"error": code, "error_description": text})
	}
	form, err := stage.TokenForm(r, body)
	if err != nil {
		refuse("invalid_request", err.Error())
		return
	}
	switch form.Get("grant_type") {
	case "client_credentials":
		if !stage.Same(form.Get("client_id"), s.cfg.ClientID) {
			refuse("invalid_client_id", "client identifier invalid")
			return
		}
		if !stage.Same(form.Get("client_secret"), s.cfg.ClientSecret) {
			refuse("invalid_client", "invalid client credentials")
			return
		}
	case "urn:ietf:params:oauth:grant-type:jwt-bearer":
		if err := s.checkAssertion(form.Get("assertion"), r.Host); err != nil {
			refuse("invalid_grant", err.Error())
			return
		}
	default:
		refuse("unsupported_grant_type", "grant type not supported")
		return
	}
	host := "http://" + r.Host
	stage.WriteJSON(w, http.StatusOK, map[string]any{
		"access_token": s.tokens.Issue(IntegrationUser, s.cfg.TokenLife), "instance_url": host, "id": host + "/id/" + organization + "/" + IntegrationUser,
		"token_type": "Bearer", "issued_at": strconv.FormatInt(time.Now().UnixMilli(), 10), "signature": "simulated", "scope": "api",
	})
}

// checkAssertion looks at an RS256 JWT: issuer, audience, a life of at most a few minutes, and the signature when a certificate is configured.
func (s *Simulator) checkAssertion(assertion, host string) error {
	parts := strings.Split(assertion, ".")
	if len(parts) != 3 {
		return errors.New("invalid assertion")
	}
	var header struct{ Alg string }
	var claims struct {
		Iss string          `json:"iss"`
		Sub string          `json:"sub"`
		Aud json.RawMessage `json:"aud"`
		Exp float64         `json:"exp"`
	}
	for i, into := range []any{&header, &claims} {
		raw, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil || json.Unmarshal(raw, into) != nil {
			return errors.New("invalid assertion")
		}
	}
	left := time.Until(time.Unix(int64(claims.Exp), 0))
	aud := strings.Trim(string(claims.Aud), `[]" `)
	switch {
	case header.Alg != "RS256":
		return errors.New("invalid assertion: the algorithm must be RS256")
	case !stage.Same(claims.Iss, s.cfg.ClientID):
		return errors.New("client identifier invalid")
	case claims.Sub == "":
		return errors.New("user hasn't approved this consumer")
	case aud != "https://login.salesforce.com" && aud != "https://test.salesforce.com" && aud != "http://"+host && aud != "https://"+host:
		return errors.New("audience is invalid")
	case left <= 0 || left > 5*time.Minute:
		return errors.New("assertion is not valid now: exp must lie within minutes")
	case s.cfg.Certificate == nil:
		return nil
	}
	key, err := publicKey(s.cfg.Certificate)
	if err != nil {
		return err
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return errors.New("invalid assertion")
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) != nil {
		return errors.New("invalid assertion: the signature does not hold")
	}
	return nil
}

func publicKey(raw []byte) (*rsa.PublicKey, error) {
	block, _ := pem.Decode(raw)
	if block == nil {
		return nil, errors.New("the configured certificate is not PEM")
	}
	var parsed any
	var err error
	if block.Type == "CERTIFICATE" {
		var cert *x509.Certificate
		if cert, err = x509.ParseCertificate(block.Bytes); err == nil {
			parsed = cert.PublicKey
		}
	} else {
		parsed, err = x509.ParsePKIXPublicKey(block.Bytes)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the configured certificate: %w", err)
	}
	key, ok := parsed.(*rsa.PublicKey)
	if !ok {
		return nil, errors.New("the configured certificate holds no RSA key")
	}
	return key, nil
}

func (s *Simulator) identity(w http.ResponseWriter, r *http.Request) {
	host := "http://" + r.Host
	stage.WriteJSON(w, http.StatusOK, map[string]any{
		"id": host + "/id/" + organization + "/" + IntegrationUser, "user_id": IntegrationUser, "organization_id": organization, "username": "integration@pactloop.example",
		"display_name": "Pactloop Integration", "email": "integration@pactloop.example", "active": true,
		"urls": map[string]string{"rest": host + "/services/data/v{version}/", "sobjects": host + "/services/data/v{version}/sobjects/", "query": host + "/services/data/v{version}/query/"},
	})
}
