package api

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pactloop/pactloop/internal/auth"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/privacy"
	"github.com/pactloop/pactloop/internal/read"
	"github.com/pactloop/pactloop/internal/respond"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
)

type newUser struct {
	Email    string    `json:"email" maxLength:"320"`
	Name     string    `json:"name" maxLength:"200"`
	Role     pact.Role `json:"role" enum:"viewer,reviewer,approver,admin,connector"`
	Units    []string  `json:"units" minItems:"1"`
	Password string    `json:"password" minLength:"10" maxLength:"1024"`
}

type userChange struct {
	Name     *string    `json:"name,omitempty" maxLength:"200"`
	Role     *pact.Role `json:"role,omitempty" enum:"viewer,reviewer,approver,admin,connector"`
	Units    []string   `json:"units,omitempty"`
	Disabled *bool      `json:"disabled,omitempty"`
	Password *string    `json:"password,omitempty" maxLength:"1024"`
	Revision int64      `json:"revision"`
}

type newKey struct {
	Name  string    `json:"name" minLength:"1" maxLength:"120"`
	Role  pact.Role `json:"role" enum:"viewer,reviewer,approver,admin,connector"`
	Units []string  `json:"units" minItems:"1"`
}

type madeKey struct {
	Key    string      `json:"key" doc:"Shown once; only its hash is kept."`
	APIKey pact.APIKey `json:"api_key"`
}

type newPolicy struct {
	Kind string          `json:"kind" enum:"review,approval,privacy,escalation" doc:"Which engines read is promoted with pactloop engines promote, after a comparison."`
	Body json.RawMessage `json:"body"`
	Note string          `json:"note" maxLength:"500" doc:"Why; at least ten characters for a privacy policy, which is in force at once."`
}

type policyDecision struct {
	Kind     string `json:"kind" enum:"approve,refuse"`
	Reason   string `json:"reason,omitempty" maxLength:"500"`
	Revision int64  `json:"revision"`
}

func (s *Server) settingsRoutes() {
	huma.Register(s.api, op(http.MethodGet, "/people", "listPeople", "Names of the people one works with, by id", "Settings", pact.Viewer), func(ctx context.Context, _ *struct{}) (*answer[items[personName]], error) {
		out, err := s.people(ctx)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return list(out), nil
	})
	huma.Register(s.api, op(http.MethodGet, "/users", "listUsers", "People", "Settings", pact.Admin), func(ctx context.Context, _ *struct{}) (*answer[items[pact.User]], error) {
		us, err := s.Store.Reads().Users.All(ctx, store.Query{Order: []string{"email"}})
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		actor, _ := pact.ActorFrom(ctx)
		us = slices.DeleteFunc(us, func(u pact.User) bool { return !auth.Covers(actor, u.Units) })
		for i := range us {
			us[i].PasswordHash = ""
		}
		return list(us), nil
	})
	add := op(http.MethodPost, "/users", "addUser", "Add a person", "Settings", pact.Admin)
	add.DefaultStatus = http.StatusCreated
	huma.Register(s.api, add, func(ctx context.Context, in *struct{ Body newUser }) (*answer[pact.User], error) {
		b := in.Body
		u, err := s.Gate.AddUser(ctx, auth.NewUser{Email: b.Email, Name: b.Name, Role: b.Role, Units: b.Units, Password: b.Password})
		return respondWith(ctx, s, u, err)
	})
	huma.Register(s.api, op(http.MethodPut, "/users/{id}", "changeUser", "Change a person", "Settings", pact.Admin), func(ctx context.Context, in *struct {
		ByID
		Body userChange
	},
	) (*answer[pact.User], error) {
		b := in.Body
		u, err := s.Gate.ChangeUser(ctx, pact.UserID(in.ID), auth.UserChange{Name: b.Name, Role: b.Role, Units: b.Units, Disabled: b.Disabled, Password: b.Password, Revision: b.Revision})
		return respondWith(ctx, s, u, err)
	})
	huma.Register(s.api, op(http.MethodGet, "/keys", "listKeys", "API keys", "Settings", pact.Admin), func(ctx context.Context, _ *struct{}) (*answer[items[pact.APIKey]], error) {
		ks, err := s.Store.Reads().Keys.All(ctx, store.Query{Order: []string{"created_at"}})
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		actor, _ := pact.ActorFrom(ctx)
		ks = slices.DeleteFunc(ks, func(k pact.APIKey) bool { return !auth.Covers(actor, k.Units) })
		for i := range ks {
			ks[i].Hash = ""
		}
		return list(ks), nil
	})
	key := op(http.MethodPost, "/keys", "addKey", "Make an API key", "Settings", pact.Admin)
	key.DefaultStatus = http.StatusCreated
	huma.Register(s.api, key, func(ctx context.Context, in *struct{ Body newKey }) (*answer[madeKey], error) {
		k, row, err := s.Gate.AddKey(ctx, in.Body.Name, in.Body.Role, in.Body.Units)
		return respondWith(ctx, s, madeKey{Key: k, APIKey: row}, err)
	})
	huma.Register(s.api, op(http.MethodDelete, "/keys/{id}", "revokeKey", "Revoke an API key", "Settings", pact.Admin), func(ctx context.Context, in *ByID) (*struct{}, error) {
		return nil, s.fails(ctx, s.Gate.RevokeKey(ctx, pact.KeyID(in.ID)))
	})
	huma.Register(s.api, op(http.MethodGet, "/policies", "listPolicies", "Policies with all their versions", "Settings", pact.Viewer), func(ctx context.Context, _ *struct{}) (*answer[items[pact.Policy]], error) {
		ps, err := s.policies(ctx)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return list(ps), nil
	})
	pol := op(http.MethodPost, "/policies", "setPolicy", "Make a new version of a policy: a review policy is in force at once, an approval policy once a second administrator confirmed it", "Settings", pact.Admin)
	pol.DefaultStatus = http.StatusCreated
	huma.Register(s.api, pol, func(ctx context.Context, in *struct{ Body newPolicy }) (*answer[pact.Policy], error) {
		if err := s.checkPolicy(ctx, in.Body.Kind, in.Body.Body); err != nil {
			return nil, s.fail(ctx, below("body.body", err))
		}
		p, err := s.Review.SetPolicy(ctx, in.Body.Kind, in.Body.Body, in.Body.Note)
		return respondWith(ctx, s, p, err)
	})
	huma.Register(s.api, op(http.MethodPost, "/policies/{id}/decision", "decidePolicy", "Confirm a proposed version of a policy, or refuse it; not by who proposed it", "Settings", pact.Admin), func(ctx context.Context, in *struct {
		ByID
		Body policyDecision
	},
	) (*answer[pact.Policy], error) {
		p, err := s.Review.DecidePolicy(ctx, pact.PolicyID(in.ID), in.Body.Kind, in.Body.Reason, in.Body.Revision)
		return respondWith(ctx, s, p, err)
	})
}

// checkPolicy holds a version against the rules of its kind, each of which stands with the package that follows the policy.
func (s *Server) checkPolicy(ctx context.Context, kind string, body json.RawMessage) error {
	var err error
	switch kind {
	case "review":
		_, err = review.ParsePolicy(body)
	case "approval":
		_, err = pact.ParseLimits(body)
	case "escalation":
		err = s.Respond.CheckPath(ctx, body)
	case "privacy":
		_, err = privacy.ParsePolicy(body)
	}
	return err
}

func standing(active bool) pact.PolicyState {
	if active {
		return pact.PolicyActive
	}
	return pact.PolicyReplaced
}

// policies lists the stored versions, and the shipped default of a kind that was never changed.
func (s *Server) policies(ctx context.Context) ([]pact.Policy, error) {
	ps, err := s.Store.Reads().Policies.All(s.system(ctx), store.Query{Order: []string{"kind", "-version"}})
	if err != nil {
		return nil, err
	}
	for _, kind := range []string{"review", "approval", "engines", "privacy", "escalation"} {
		active := false
		for _, p := range ps {
			active = active || (p.Kind == kind && p.Active)
		}
		body, err := shippedPolicy(kind)
		if err != nil {
			return nil, err
		}
		ps = append(ps, pact.Policy{Kind: kind, Version: 0, Active: !active, State: standing(!active), Body: body, Note: "shipped default"})
	}
	return ps, nil
}

// personName is who an id is. Decisions and versions keep ids, which stay when a name changes.
type personName struct {
	ID   pact.UserID `json:"id"`
	Name string      `json:"name"`
}

// people gives the names of those who share a business unit with the asker, and nothing else of them.
func (s *Server) people(ctx context.Context) ([]personName, error) {
	actor, _ := pact.ActorFrom(ctx)
	users, err := s.Store.Reads().Users.All(s.system(ctx), store.Query{Only: []string{"id", "name", "units"}})
	if err != nil {
		return nil, err
	}
	var out []personName
	for _, u := range users {
		shared := actor.SeesAll() || slices.ContainsFunc(u.Units, func(unit string) bool { return unit == "*" || slices.Contains(actor.Units, unit) })
		if shared && u.Name != "" {
			out = append(out, personName{ID: u.ID, Name: u.Name})
		}
	}
	return out, nil
}

// shippedPolicy is the body of a policy before anybody changed it.
func shippedPolicy(kind string) (json.RawMessage, error) {
	defaults := map[string]any{"review": review.DefaultPolicy(), "approval": pact.DefaultLimits(), "engines": read.DefaultEngines(), "privacy": privacy.DefaultPolicy(), "escalation": respond.Path{Levels: []respond.Level{}}}
	body, err := json.Marshal(defaults[kind])
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The default policy can not be shown.")
	}
	return body, nil
}
