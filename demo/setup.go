package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/pactloop/pactloop/simulator"
)

type named struct {
	ID string `json:"id"`
}

// Setup makes people, policies and connections, once. The end of ctx does not interrupt it: half of it would be made again.
func (d *Demo) Setup(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stepLimit)
	defer cancel()
	if len(d.State.Connections) == 3 {
		return d.register(ctx)
	}
	for _, p := range []struct{ email, name, role string }{
		{ReviewerEmail, "Renata Solis", "reviewer"}, {ApproverEmail, "Dario Venn", "approver"}, {"viewer@halden.example", "Vera Lindqvist", "viewer"},
	} {
		err := d.Admin.Do(ctx, http.MethodPost, "/users", map[string]any{"email": p.email, "name": p.name, "role": p.role, "units": []string{"*"}, "password": Password}, nil)
		var refused *Problem
		if err != nil && (!errors.As(err, &refused) || refused.Status != http.StatusConflict) {
			return err
		}
	}
	var key struct {
		Key string `json:"key"`
	}
	if err := d.Admin.Do(ctx, http.MethodPost, "/keys", map[string]any{"name": "Billing and monitoring", "role": "connector", "units": []string{"default"}}, &key); err != nil {
		return err
	}
	d.State.EventKey = key.Key
	if err := d.policies(ctx); err != nil {
		return err
	}
	if err := d.connections(ctx); err != nil {
		return err
	}
	return d.save()
}

// policies: the brief's, with the first N set to 10 so that a visitor sees obligations pass, and write-back in full for the
// types whose review is shown. The note is on the screen.
func (d *Demo) policies(ctx context.Context) error {
	named := []string{"auto_renewal", "notice_period", "liability_cap", "total_contract_value", "annual_contract_value", "uptime_target", "service_credits"}
	phases := map[string]string{"default": "assisted", "nda": "conditional"}
	for _, t := range []string{"msa", "sow", "amendment", "support", "services", "hosting", "professional_services", "sla", "subscription", "supply"} {
		phases[t] = "full"
	}
	body := map[string]any{
		"threshold": "0.85", "first_n": 10, "named_fields": named, "phases": phases,
		"value_limits": []map[string]string{{"value": "100000", "currency": "USD"}, {"value": "100000", "currency": "EUR"}},
	}
	note := "Demo policy: the first 10 obligations of each type are reviewed instead of the first 100, and reviewed contracts are written in full."
	return d.Admin.Do(ctx, http.MethodPost, "/policies", map[string]any{"kind": "review", "body": body, "note": note}, nil)
}

func (d *Demo) connections(ctx context.Context) error {
	u := d.Town.URLs
	ic, sf, sn := simulator.IroncladCredentials(), simulator.SalesforceCredentials(), simulator.ServiceNowCredentials()
	for _, c := range []struct {
		connector, name string
		settings        map[string]string
	}{
		{"ironclad", "Ironclad", map[string]string{"base_url": u.Ironclad + "/public/api/v1", "auth": "oauth", "client_id": ic.ClientID, "client_secret": ic.ClientSecret, "as_user_email": "integration@halden.example"}},
		{"salesforce", "Salesforce", map[string]string{"base_url": u.Salesforce, "auth": "client_credentials", "client_id": sf.ClientID, "client_secret": sf.ClientSecret, "number_field": "Contract_Number__c"}},
		{"servicenow", "ServiceNow", map[string]string{"base_url": u.ServiceNow, "auth": "basic", "username": sn.Username, "password": sn.Password}},
	} {
		var made struct {
			Connection named `json:"connection"`
		}
		err := d.Admin.Do(ctx, http.MethodPost, "/connections", map[string]any{
			"connector": c.connector, "name": c.name, "enabled": true, "settings": c.settings, "allow_hosts": []string{"127.0.0.1"},
		}, &made)
		if err != nil {
			return fmt.Errorf("connecting %s: %w", c.name, err)
		}
		d.State.Connections[c.connector] = made.Connection.ID
	}
	return d.register(ctx)
}

func (d *Demo) register(ctx context.Context) error {
	return d.Admin.Do(ctx, http.MethodPost, "/connections/"+d.State.Connections["ironclad"]+"/register-webhook", nil, nil)
}

// Sync reads every stream of a connection now.
func (d *Demo) Sync(ctx context.Context, connector string) error {
	return d.Admin.Do(ctx, http.MethodPost, "/connections/"+d.State.Connections[connector]+"/sync", nil, nil)
}
