package pact

import "time"

// User is a person with a local account. Password is an argon2id hash and never leaves the server.
type User struct {
	ID           UserID    `json:"id"`
	Email        string    `json:"email"`
	Name         string    `json:"name"`
	Role         Role      `json:"role"`
	Units        []string  `json:"units"`
	PasswordHash string    `json:"password_hash,omitempty"`
	Disabled     bool      `json:"disabled"`
	Revision     int64     `json:"revision"`
	CreatedAt    time.Time `json:"created_at"`
	UpdatedAt    time.Time `json:"updated_at"`
}

// APIKey lets a machine in. The key itself is shown once; Hash is its SHA-256.
type APIKey struct {
	ID         KeyID     `json:"id"`
	Name       string    `json:"name"`
	Hint       string    `json:"hint"` // first characters, to recognise it
	Hash       string    `json:"hash,omitempty"`
	Role       Role      `json:"role"`
	Units      []string  `json:"units"`
	CreatedBy  string    `json:"created_by"`
	RevokedAt  time.Time `json:"revoked_at,omitzero"`
	LastUsedAt time.Time `json:"last_used_at,omitzero"`
	Revision   int64     `json:"revision"`
	CreatedAt  time.Time `json:"created_at"`
}

// Session is a signed-in browser. Token is the SHA-256 of the cookie's value.
type Session struct {
	ID        SessionID `json:"id"`
	UserID    UserID    `json:"user_id"`
	Token     string    `json:"token,omitempty"`
	Data      string    `json:"data,omitempty"` // what the session library keeps, base64
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
	ExpiresAt time.Time `json:"expires_at"`
}

// IdempotencyKey remembers the answer to a write, so that a repeat gets the same answer and no second effect.
type IdempotencyKey struct {
	ID          string    `json:"id"` // actor id + "/" + key
	RequestHash string    `json:"request_hash"`
	Status      int       `json:"status"` // 0 while under way
	Body        string    `json:"body"`
	CreatedAt   time.Time `json:"created_at"`
}
