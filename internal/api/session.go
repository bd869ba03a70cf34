package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

type signIn struct {
	Email    string `json:"email" maxLength:"320"`
	Password string `json:"password" maxLength:"1024"`
}

type newPassword struct {
	Old string `json:"old" maxLength:"1024"`
	New string `json:"new" maxLength:"1024"`
}

type whoami struct {
	Actor  pact.Actor `json:"actor"`
	Email  string     `json:"email,omitempty"`
	Server serverInfo `json:"server"`
}

type serverInfo struct {
	Version      string    `json:"version"`
	Now          time.Time `json:"now" doc:"The product's clock; it stands apart from the wall clock only in a demo."`
	MovableClock bool      `json:"movable_clock"`
	PolicyNote   string    `json:"policy_note,omitempty"`
}

func (s *Server) sessionRoutes() {
	enter := op(http.MethodPost, "/session", "signIn", "Sign in", "Session", "")
	enter.MaxBodyBytes = 64 << 10 // nobody is known yet: an address and a password are all there is to say
	huma.Register(s.api, enter, func(ctx context.Context, in *struct {
		Body signIn
		Remote
	},
	) (*answer[whoami], error) {
		u, err := s.Gate.SignIn(ctx, in.addr, in.Body.Email, in.Body.Password)
		if err != nil {
			if f := fault.Of(err); f != nil && f.Kind == fault.Denied {
				return nil, huma.Error401Unauthorized(f.Message)
			}
			return nil, s.tooMany(ctx, err)
		}
		return s.whoami(ctx, pact.Actor{ID: string(u.ID), Kind: "person", Name: u.Name, Role: u.Role, Units: u.Units}, u.Email), nil
	})
	huma.Register(s.api, op(http.MethodGet, "/session", "whoAmI", "Who is signed in", "Session", anyone), func(ctx context.Context, _ *struct{}) (*answer[whoami], error) {
		actor, _ := pact.ActorFrom(ctx)
		email := ""
		if u, err := s.Store.Reads().Users.Get(s.system(ctx), actor.ID); err == nil {
			email = u.Email
		}
		return s.whoami(ctx, actor, email), nil
	})
	own := op(http.MethodPut, "/session/password", "changeOwnPassword", "Change one's own password; one's other sessions end", "Session", anyone)
	own.MaxBodyBytes = 64 << 10
	huma.Register(s.api, own, func(ctx context.Context, in *struct {
		Body newPassword
	},
	) (*struct{}, error) {
		return nil, s.tooMany(ctx, s.Gate.ChangeOwnPassword(ctx, in.Body.Old, in.Body.New))
	})
	huma.Register(s.api, op(http.MethodDelete, "/session", "signOut", "Sign out", "Session", anyone), func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		return nil, s.fails(ctx, s.Gate.SignOut(ctx))
	})
}

// tooMany answers tries that come too fast with 429 and when to come again; everything else as fail does.
func (s *Server) tooMany(ctx context.Context, err error) error {
	if f := fault.Of(err); f != nil && f.Kind == fault.Unavailable {
		return huma.ErrorWithHeaders(huma.Error429TooManyRequests(f.Message), http.Header{"Retry-After": []string{"60"}})
	}
	return s.fails(ctx, err)
}

// Remote takes the address of the caller.
type Remote struct{ addr string }

// Resolve is called by huma before the handler.
func (r *Remote) Resolve(ctx huma.Context) []error {
	r.addr = ctx.RemoteAddr()
	return nil
}

func (s *Server) whoami(ctx context.Context, a pact.Actor, email string) *answer[whoami] {
	info := serverInfo{Version: s.Version, Now: s.Now().UTC(), MovableClock: s.Movable}
	if row, _, err := s.Review.ActivePolicy(ctx); err == nil {
		info.PolicyNote = row.Note
	}
	return &answer[whoami]{Body: whoami{Actor: a, Email: email, Server: info}}
}

// fails is fail for a plain error; nil stays nil.
func (s *Server) fails(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	return s.fail(ctx, err)
}

// system is the API acting by itself within a request.
func (s *Server) system(ctx context.Context) context.Context {
	a := pact.System("api")
	if asker, ok := pact.ActorFrom(ctx); ok {
		a.CorrelationID = asker.CorrelationID
	}
	return pact.WithActor(ctx, a)
}
