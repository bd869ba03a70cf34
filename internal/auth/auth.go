// Package auth lets people and machines in: local accounts, sessions, API keys.
//
// It owns who a request's actor is, passwords (argon2id), sessions in the store, keys (shown once, kept as hashes), the rate
// limit of signing in, and the first administrator. It does not own what an actor may do (pact.Actor.May, asked by the work
// packages) nor which rows it sees (store). Invariants: an unknown e-mail and a wrong password take the same time and give the
// same answer; neither passwords nor keys nor session tokens are kept in the clear; sessions run on the wall clock.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/alexedwards/scs/v2"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Config of a Gate. All fields are required.
type Config struct {
	Store  store.Store
	Log    *slog.Logger
	Secure bool // cookies only over https
	// Params of argon2id; the zero value means the library's default (64 MiB, 1 pass).
	Params argon2id.Params
}

// Gate knows who somebody is.
type Gate struct {
	cfg      Config
	sessions *scs.SessionManager
	dummy    string // hash checked for unknown e-mails, so that they take as long

	mu     sync.Mutex
	limits map[string]*limit
}

// limit remembers the sign-ins of the last minute: no minute has more than signInsPerMinute, wherever it begins.
type limit struct {
	taken []time.Time
	seen  time.Time
}

func (l *limit) allow(now time.Time) bool {
	l.seen = now
	first := slices.IndexFunc(l.taken, func(at time.Time) bool { return now.Sub(at) < time.Minute })
	if first < 0 {
		first = len(l.taken)
	}
	l.taken = slices.Delete(l.taken, 0, first)
	if len(l.taken) >= signInsPerMinute {
		return false
	}
	l.taken = append(l.taken, now)
	return true
}

// signInsPerMinute for one address and for one account.
const signInsPerMinute = 10

// New makes a Gate.
func New(cfg Config) (*Gate, error) {
	if cfg.Params == (argon2id.Params{}) {
		cfg.Params = *argon2id.DefaultParams
	}
	dummy, err := argon2id.CreateHash("no such account", &cfg.Params)
	if err != nil {
		return nil, fmt.Errorf("hashing: %w", err)
	}
	s := scs.New()
	s.Store = sessionStore{cfg.Store}
	s.HashTokenInStore = true
	s.Lifetime = 12 * time.Hour
	s.IdleTimeout = 2 * time.Hour
	s.Cookie.Name = "pactloop_session"
	s.Cookie.HttpOnly = true
	s.Cookie.Secure = cfg.Secure
	s.Cookie.SameSite = http.SameSiteStrictMode
	s.Cookie.Persist = true
	g := &Gate{cfg: cfg, sessions: s, dummy: dummy, limits: map[string]*limit{}}
	s.ErrorFunc = g.sessionFailed
	return g, nil
}

// sessionFailed answers where a session could not be read or kept. A request that was cancelled is nobody's fault, and has
// nobody to read an answer.
func (g *Gate) sessionFailed(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() == nil {
		g.cfg.Log.Error("reading or keeping a session", "error", err, "correlation_id", w.Header().Get("X-Request-Id"))
	}
	once, ok := w.(*answeredOnce)
	if !ok || !once.answered {
		http.Error(w, "The store does not answer. Try again.", http.StatusServiceUnavailable)
	}
	if ok {
		once.closed = true
	}
}

// answeredOnce drops what a handler goes on to say after its answer was replaced: a session is kept when the answer begins,
// and where that fails the handler does not know.
type answeredOnce struct {
	http.ResponseWriter
	answered, closed bool
}

func (a *answeredOnce) WriteHeader(status int) {
	if !a.closed {
		a.answered = a.answered || status >= http.StatusOK
		a.ResponseWriter.WriteHeader(status)
	}
}

func (a *answeredOnce) Write(b []byte) (int, error) {
	if a.closed {
		return len(b), nil
	}
	a.answered = true
	return a.ResponseWriter.Write(b)
}

func (a *answeredOnce) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// Middleware finds the actor of a request: a bearer key, or the session cookie. Requests without either go on without an
// actor; each operation says whether it needs one. It also gives every request its correlation id.
func (g *Gate) Middleware(next http.Handler) http.Handler {
	inside := g.sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		id := requestID(r)
		w.Header().Set("X-Request-Id", id)
		actor, ok, err := g.actor(ctx, r)
		if err != nil {
			if ctx.Err() == nil { // nobody waits for the answer to a request that was cancelled
				g.cfg.Log.Error("finding the actor of a request", "error", err, "correlation_id", id)
			}
			http.Error(w, "The store does not answer. Try again.", http.StatusServiceUnavailable)
			return
		}
		if ok {
			actor.CorrelationID = id
			ctx = pact.WithActor(ctx, actor)
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(ctx, requestKey{}, id)))
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { inside.ServeHTTP(&answeredOnce{ResponseWriter: w}, r) })
}

type requestKey struct{}

// RequestID gives the correlation id of a request.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// requestID takes over a sane id of a caller, so that traces join up, or makes one.
func requestID(r *http.Request) string {
	if id := r.Header.Get("X-Request-Id"); len(id) >= 8 && len(id) <= 64 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == "" {
		return id
	}
	return "req_" + rand.Text()[:20]
}

func (g *Gate) actor(ctx context.Context, r *http.Request) (pact.Actor, bool, error) {
	if key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return g.byKey(ctx, key)
	}
	if id := g.sessions.GetString(ctx, "user"); id != "" {
		return g.byUser(ctx, id, g.sessions.GetString(ctx, "password"))
	}
	return pact.Actor{}, false, nil
}

func system(ctx context.Context) context.Context { return pact.WithActor(ctx, pact.System("auth")) }

// byUser gives the actor of a session. One that began under another password has ended.
func (g *Gate) byUser(ctx context.Context, id, password string) (pact.Actor, bool, error) {
	u, err := g.cfg.Store.Reads().Users.Get(system(ctx), id)
	if fault.Is(err, fault.NotFound) {
		return pact.Actor{}, false, nil
	}
	if err != nil || u.Disabled || mark(u) != password {
		return pact.Actor{}, false, err
	}
	return pact.Actor{ID: string(u.ID), Kind: "person", Name: u.Name, Role: u.Role, Units: u.Units}, true, nil
}

// mark tells one password of an account from its next, without saying anything about either.
func mark(u pact.User) string { return hashKey(u.PasswordHash)[:16] }

func (g *Gate) byKey(ctx context.Context, key string) (pact.Actor, bool, error) {
	k, err := g.cfg.Store.Reads().Keys.One(system(ctx), store.Where(store.Eq("hash", hashKey(key))))
	if fault.Is(err, fault.NotFound) {
		return pact.Actor{}, false, nil
	}
	if err != nil || !k.RevokedAt.IsZero() {
		return pact.Actor{}, false, err
	}
	if time.Since(k.LastUsedAt) > time.Hour {
		g.used(ctx, k)
	}
	return pact.Actor{ID: string(k.ID), Kind: "key", Name: k.Name, Role: k.Role, Units: k.Units}, true, nil
}

// used keeps when a key was last used, to the hour. Two requests at once may both try: the second changes nothing.
func (g *Gate) used(ctx context.Context, k pact.APIKey) {
	err := g.cfg.Store.Change(system(ctx), store.Act{Name: "key.use", Subject: string(k.ID)}, func(ctx context.Context, tx store.Tx) error {
		now, err := tx.Keys.Lock(ctx, string(k.ID))
		if err != nil || time.Since(now.LastUsedAt) <= time.Hour {
			return err
		}
		now.LastUsedAt = time.Now().UTC()
		return tx.Keys.Update(ctx, &now)
	})
	if err != nil && !fault.Is(err, fault.Conflict) {
		g.cfg.Log.Warn("keeping when a key was last used", "error", err)
	}
}

func hashKey(key string) string {
	h := sha256.Sum256([]byte(key))
	return hex.EncodeToString(h[:])
}

// SignIn checks e-mail and password and begins a session. Too many tries give fault.Unavailable with when to try again.
func (g *Gate) SignIn(ctx context.Context, remote, email, password string) (pact.User, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	if !g.allow("address:"+host) || !g.allow("account:"+email) {
		return pact.User{}, fault.New(fault.Unavailable, "Too many sign-ins. Wait a minute, then try again.")
	}
	u, err := g.cfg.Store.Reads().Users.One(system(ctx), store.Where(store.Eq("email", email)))
	known := err == nil && !u.Disabled
	if err != nil && !fault.Is(err, fault.NotFound) {
		return pact.User{}, err
	}
	hash := g.dummy
	if known {
		hash = u.PasswordHash
	}
	match, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return pact.User{}, fmt.Errorf("checking a password: %w", err)
	}
	if !known || !match {
		g.note(ctx, "session.refuse", email)
		return pact.User{}, fault.New(fault.Denied, "The e-mail or the password is wrong.")
	}
	if err := g.sessions.RenewToken(ctx); err != nil {
		return pact.User{}, fmt.Errorf("renewing the session: %w", err)
	}
	g.sessions.Put(ctx, "user", string(u.ID))
	g.sessions.Put(ctx, "password", mark(u))
	g.note(ctx, "session.begin", string(u.ID))
	u.PasswordHash = ""
	return u, nil
}

// note leaves an audit entry of a sign-in. Failing to write it is logged, not shown: the sign-in itself changed nothing.
func (g *Gate) note(ctx context.Context, act, subject string) {
	sys := pact.System("auth")
	sys.CorrelationID = RequestID(ctx)
	err := g.cfg.Store.Change(pact.WithActor(ctx, sys), store.Act{Name: act, Subject: subject}, func(ctx context.Context, tx store.Tx) error {
		tx.Note(ctx, "subject", subject)
		return nil
	})
	if err != nil {
		g.cfg.Log.Error("writing the audit entry of a sign-in", "error", err)
	}
}

// SignOut ends the session; a caller with a key has none.
func (g *Gate) SignOut(ctx context.Context) error {
	id := g.sessions.GetString(ctx, "user")
	if err := g.sessions.Destroy(ctx); err != nil || id == "" {
		return err
	}
	return g.cfg.Store.Change(ctx, store.Act{Name: "session.end", Subject: id}, func(ctx context.Context, tx store.Tx) error {
		tx.Note(ctx, "subject", id)
		return nil
	})
}

func (g *Gate) allow(key string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if len(g.limits) > 10_000 { // forget who has been quiet, so that a flood of names can not fill the memory
		for k, l := range g.limits {
			if now.Sub(l.seen) > time.Minute {
				delete(g.limits, k)
			}
		}
		if len(g.limits) > 10_000 {
			return false
		}
	}
	l := g.limits[key]
	if l == nil {
		l = &limit{}
		g.limits[key] = l
	}
	return l.allow(now)
}

// NewUser is an account to make.
type NewUser struct {
	Email, Name, Password string
	Role                  pact.Role
	Units                 []string
}

// AddUser makes an account. Needs role admin.
func (g *Gate) AddUser(ctx context.Context, n NewUser) (pact.User, error) {
	if err := needAdmin(ctx); err != nil {
		return pact.User{}, err
	}
	if err := within(ctx, n.Units); err != nil {
		return pact.User{}, err
	}
	hash, err := g.check(&n)
	if err != nil {
		return pact.User{}, err
	}
	u := pact.User{Email: n.Email, Name: n.Name, Role: n.Role, Units: n.Units, PasswordHash: hash}
	err = g.cfg.Store.Change(ctx, store.Act{Name: "user.add", Subject: n.Email}, func(ctx context.Context, tx store.Tx) error {
		u.ID = pact.NewID[pact.UserID]("usr", tx.Now)
		return tx.Users.Insert(ctx, &u)
	})
	if fault.Is(err, fault.Conflict) {
		return pact.User{}, fault.New(fault.Conflict, "There is an account for %s already.", n.Email)
	}
	u.PasswordHash = ""
	return u, err
}

func (g *Gate) check(n *NewUser) (string, error) {
	addr, err := mail.ParseAddress(strings.TrimSpace(n.Email))
	if err != nil {
		return "", fault.New(fault.Invalid, "%q is not an e-mail address.", n.Email)
	}
	n.Email = strings.ToLower(addr.Address)
	if err := checkRole(n.Role); err != nil {
		return "", err
	}
	if len(n.Units) == 0 {
		return "", fault.New(fault.Invalid, "An account needs at least one business unit, or * for all.")
	}
	return g.Hash(n.Password)
}

// Hash gives the argon2id hash of a password of at least 10 characters.
func (g *Gate) Hash(password string) (string, error) {
	if n := len([]rune(password)); n < 10 || len(password) > 1024 {
		return "", fault.New(fault.Invalid, "A password has at least 10 characters and at most 1,024 bytes.")
	}
	return argon2id.CreateHash(password, &g.cfg.Params)
}

func checkRole(r pact.Role) error {
	switch r {
	case pact.Viewer, pact.Reviewer, pact.Approver, pact.Admin, pact.Connector:
		return nil
	}
	return fault.New(fault.Invalid, "%q is no role; use viewer, reviewer, approver, admin or connector.", r)
}

func needAdmin(ctx context.Context) error {
	a, ok := pact.ActorFrom(ctx)
	if !ok || !a.May(pact.Admin) {
		return fault.New(fault.Denied, "Managing people and keys needs the role admin.")
	}
	return nil
}

// Covers tells whether an actor sees every one of the business units: nobody gives, changes or sees more than they have.
func Covers(a pact.Actor, units []string) bool {
	for _, u := range units {
		if !a.Sees(u) {
			return false
		}
	}
	return true
}

// within refuses units that the actor does not see.
func within(ctx context.Context, units []string) error {
	a, _ := pact.ActorFrom(ctx)
	if !Covers(a, units) {
		return fault.New(fault.Denied, "You can give only business units that you see yourself.")
	}
	return nil
}

// UserChange is what an admin changes on an account; nil leaves a part alone.
type UserChange struct {
	Name     *string
	Role     *pact.Role
	Units    []string
	Disabled *bool
	Password *string
	Revision int64
}

// ChangeUser changes an account. Needs role admin. The last enabled admin can not be disabled or demoted.
func (g *Gate) ChangeUser(ctx context.Context, id pact.UserID, ch UserChange) (pact.User, error) {
	if err := needAdmin(ctx); err != nil {
		return pact.User{}, err
	}
	if err := within(ctx, ch.Units); err != nil {
		return pact.User{}, err
	}
	hash := ""
	if ch.Password != nil {
		var err error
		if hash, err = g.Hash(*ch.Password); err != nil {
			return pact.User{}, err
		}
	}
	if ch.Role != nil {
		if err := checkRole(*ch.Role); err != nil {
			return pact.User{}, err
		}
	}
	var u pact.User
	err := g.cfg.Store.Change(ctx, store.Act{Name: "user.change", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		var err error
		others := 0
		if (ch.Role != nil && *ch.Role != pact.Admin) || (ch.Disabled != nil && *ch.Disabled) {
			if others, err = otherAdmins(ctx, tx, id); err != nil {
				return err
			}
		}
		if u, err = tx.Users.Lock(ctx, string(id)); err != nil {
			return err
		}
		if a, _ := pact.ActorFrom(ctx); !Covers(a, u.Units) { // as if it were not there
			return fault.New(fault.NotFound, "There is no such account.")
		}
		if u.Revision != ch.Revision {
			return fault.New(fault.Conflict, "The account changed meanwhile. Look at it again.")
		}
		wasAdmin := u.Role == pact.Admin && !u.Disabled
		apply(&u, ch, hash)
		if wasAdmin && (u.Role != pact.Admin || u.Disabled) && others == 0 {
			return fault.New(fault.Conflict, "This is the last administrator; make another one first.")
		}
		return tx.Users.Update(ctx, &u)
	})
	u.PasswordHash = ""
	return u, err
}

// ChangeOwnPassword gives the account of the caller's session another password. The old one is asked, and may be guessed no
// more often than at the sign-in. Every other session of the account ends; this one goes on.
func (g *Gate) ChangeOwnPassword(ctx context.Context, old, next string) error {
	actor, _ := pact.ActorFrom(ctx)
	id := g.sessions.GetString(ctx, "user")
	if id == "" || actor.ID != id {
		return fault.New(fault.Denied, "Only a person who is signed in has a password to change.")
	}
	hash, err := g.Hash(next)
	if err != nil {
		return err
	}
	if next == old {
		return fault.New(fault.Invalid, "The new password is the old one. Choose another.")
	}
	u, err := g.cfg.Store.Reads().Users.Get(system(ctx), id)
	if err != nil {
		return err
	}
	if !g.allow("account:" + u.Email) {
		return fault.New(fault.Unavailable, "Too many tries. Wait a minute, then try again.")
	}
	match, err := argon2id.ComparePasswordAndHash(old, u.PasswordHash)
	if err != nil {
		return fmt.Errorf("checking a password: %w", err)
	}
	if !match {
		g.note(ctx, "user.refuse_password", id)
		return fault.New(fault.Invalid, "The old password is wrong. Nothing was changed.")
	}
	// The store lets none but administrators at accounts. This is the caller's own, and only its password; the entry names them.
	self := actor
	self.Role, self.Units = pact.Admin, []string{"*"}
	err = g.cfg.Store.Change(pact.WithActor(ctx, self), store.Act{Name: "user.password", Subject: id}, func(ctx context.Context, tx store.Tx) error {
		now, err := tx.Users.Lock(ctx, id)
		if err != nil {
			return err
		}
		if now.PasswordHash != u.PasswordHash || now.Disabled {
			return fault.New(fault.Conflict, "The account changed meanwhile. Sign in again.")
		}
		now.PasswordHash = hash
		u = now
		return tx.Users.Update(ctx, &u)
	})
	if err != nil {
		return err
	}
	if err := g.sessions.RenewToken(ctx); err != nil {
		return fmt.Errorf("renewing the session: %w", err)
	}
	g.sessions.Put(ctx, "password", mark(u)) // sessions that began under the old one have ended with it
	return nil
}

// otherAdmins counts the enabled administrators beside one. They stay locked, always in the same order, so that two can not
// take the right from each other at one instant.
func otherAdmins(ctx context.Context, tx store.Tx, id pact.UserID) (int, error) {
	admins, err := tx.Users.All(ctx, store.Where(store.Eq("role", string(pact.Admin)), store.Eq("disabled", false)).By("id"))
	if err != nil {
		return 0, err
	}
	others := 0
	for _, a := range admins {
		now, err := tx.Users.Lock(ctx, string(a.ID))
		if err != nil {
			return 0, err
		}
		if now.ID != id && now.Role == pact.Admin && !now.Disabled {
			others++
		}
	}
	return others, nil
}

func apply(u *pact.User, ch UserChange, hash string) {
	if ch.Name != nil {
		u.Name = *ch.Name
	}
	if ch.Role != nil {
		u.Role = *ch.Role
	}
	if len(ch.Units) > 0 {
		u.Units = ch.Units
	}
	if ch.Disabled != nil {
		u.Disabled = *ch.Disabled
	}
	if hash != "" {
		u.PasswordHash = hash
	}
}

// AddKey makes an API key; the key itself is given here and never again. Needs role admin.
func (g *Gate) AddKey(ctx context.Context, name string, role pact.Role, units []string) (string, pact.APIKey, error) {
	if err := needAdmin(ctx); err != nil {
		return "", pact.APIKey{}, err
	}
	if err := checkRole(role); err != nil {
		return "", pact.APIKey{}, err
	}
	if strings.TrimSpace(name) == "" || len(units) == 0 {
		return "", pact.APIKey{}, fault.New(fault.Invalid, "A key needs a name and at least one business unit, or * for all.")
	}
	if err := within(ctx, units); err != nil {
		return "", pact.APIKey{}, err
	}
	actor, _ := pact.ActorFrom(ctx)
	key := "plk_" + rand.Text() + rand.Text()
	k := pact.APIKey{Name: name, Hint: key[:10], Hash: hashKey(key), Role: role, Units: units, CreatedBy: actor.ID}
	err := g.cfg.Store.Change(ctx, store.Act{Name: "key.add", Subject: name}, func(ctx context.Context, tx store.Tx) error {
		k.ID = pact.NewID[pact.KeyID]("key", tx.Now)
		return tx.Keys.Insert(ctx, &k)
	})
	k.Hash = ""
	return key, k, err
}

// RevokeKey ends a key at once. Needs role admin.
func (g *Gate) RevokeKey(ctx context.Context, id pact.KeyID) error {
	if err := needAdmin(ctx); err != nil {
		return err
	}
	return g.cfg.Store.Change(ctx, store.Act{Name: "key.revoke", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		k, err := tx.Keys.Lock(ctx, string(id))
		if err != nil {
			return err
		}
		if a, _ := pact.ActorFrom(ctx); !Covers(a, k.Units) { // as if it were not there
			return fault.New(fault.NotFound, "There is no such key.")
		}
		if !k.RevokedAt.IsZero() {
			return nil
		}
		k.RevokedAt = tx.Now
		return tx.Keys.Update(ctx, &k)
	})
}

// EnsureAdmin makes the first administrator where there is no account at all, and gives its password; "" where there is one.
func (g *Gate) EnsureAdmin(ctx context.Context, email, password string) (string, error) {
	ctx = system(ctx)
	n, err := g.cfg.Store.Reads().Users.Count(ctx, store.Query{})
	if err != nil || n > 0 {
		return "", err
	}
	if password == "" {
		password = rand.Text()[:16]
	}
	_, err = g.AddUser(ctx, NewUser{Email: email, Name: "Administrator", Password: password, Role: pact.Admin, Units: []string{"*"}})
	if fault.Is(err, fault.Conflict) { // another node was faster
		return "", nil
	}
	return password, err
}

// sessionStore keeps sessions in the store; tokens come in hashed.
type sessionStore struct{ store store.Store }

// The library's interface wants methods without a context, too; it calls those with one where they are there.

func (s sessionStore) Find(string) ([]byte, bool, error)      { return nil, false, errNoContext }
func (s sessionStore) Delete(string) error                    { return errNoContext }
func (s sessionStore) Commit(string, []byte, time.Time) error { return errNoContext }

var errNoContext = errors.New("sessions are kept with a context only")

// FindCtx gives the data of a session that has not ended.
func (s sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	row, err := s.store.Reads().Sessions.One(system(ctx), store.Where(store.Eq("token", token)))
	if fault.Is(err, fault.NotFound) || (err == nil && time.Now().After(row.ExpiresAt)) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	b, err := base64.StdEncoding.DecodeString(row.Data)
	return b, err == nil, err
}

// CommitCtx keeps the data of a session.
func (s sessionStore) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	data := base64.StdEncoding.EncodeToString(b)
	return s.store.Change(system(ctx), store.Act{Name: "session.keep"}, func(ctx context.Context, tx store.Tx) error {
		row, err := tx.Sessions.One(ctx, store.Where(store.Eq("token", token)))
		if err == nil {
			row.Data, row.ExpiresAt, row.SeenAt = data, expiry.UTC(), time.Now().UTC()
			return tx.Sessions.Update(ctx, &row)
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		now := time.Now().UTC()
		return tx.Sessions.Insert(ctx, &pact.Session{ID: pact.NewID[pact.SessionID]("ses", now), Token: token, Data: data, CreatedAt: now, SeenAt: now, ExpiresAt: expiry.UTC()})
	})
}

// DeleteCtx ends a session; one that is not there is fine.
func (s sessionStore) DeleteCtx(ctx context.Context, token string) error {
	return s.store.Change(system(ctx), store.Act{Name: "session.end"}, func(ctx context.Context, tx store.Tx) error {
		row, err := tx.Sessions.One(ctx, store.Where(store.Eq("token", token)))
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return tx.Sessions.Delete(ctx, string(row.ID))
	})
}
