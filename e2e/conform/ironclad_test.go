//go:build conform

package conform_test

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/samples"
	"github.com/pactloop/pactloop/simulator"
	"github.com/pactloop/pactloop/simulator/conform"
)

// Acme's master agreement in the seed.
const (
	acmeWorkflow = "65e215f69f94e69a010b8227"
	acmeRecord   = "76c93353-5ee8-4b00-afd2-c5de5db3a609"
	acmeFile     = "contracts/acme-master-subscription-agreement.pdf"
)

// delivery is a webhook as it arrived.
type delivery struct {
	header http.Header
	body   []byte
}

func ironcladSettings(town *simulator.Town, more connector.Values) connector.Values {
	c := simulator.IroncladCredentials()
	v := connector.Values{"base_url": town.URLs.Ironclad + "/public/api/v1", "auth": "oauth", "client_id": c.ClientID, "client_secret": c.ClientSecret, "as_user_email": "integration@halden.example"}
	maps.Copy(v, more)
	return v
}

func TestConformIroncladConnectorAndSimulatorKeepTheDescription(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	checker, err := conform.Ironclad(shared(t))
	if err != nil {
		t.Fatal(err)
	}
	town := start(t, story(t))
	conn := open(t, "ironclad", town, checker, ironcladSettings(town, nil))
	if err := conn.Check(ctx); err != nil {
		t.Fatal(err)
	}
	ironcladSchema(ctx, t, conn)
	ironcladWebhooks(ctx, t, town, conn)
	ironcladRecords(ctx, t, town, conn, checker)
	ironcladWrites(ctx, t, town, conn, checker)
	ironcladRefusals(ctx, t, town, conn, checker)
	finish(t, checker, []string{
		"GET /records/metadata", "GET /webhooks", "POST /webhooks", "PATCH /webhooks/{id}", "GET /webhooks/verification-key",
		"GET /workflows/{id}", "GET /records", "GET /records/{id}", "PATCH /records/{id}", "GET /records/{id}/attachments/{key}",
		"GET /obligations", "POST /obligations", "GET /obligations/{id}", "PATCH /obligations/{id}",
	}, []string{"POST /oauth/token"}) // signing in has a description of its own
}

func ironcladSchema(ctx context.Context, t *testing.T, conn full) {
	t.Helper()
	schema, err := conn.(connector.Describer).Describe(ctx, "record")
	if err != nil || len(schema.Fields) < 7 {
		t.Errorf("the fields of records: %+v, %v", schema, err)
	}
}

// ironcladWebhooks registers, lets the vendor disable the webhook, registers again, and takes what a signed contract
// delivers: each is verified, read, and followed to the bytes of the contract.
func ironcladWebhooks(ctx context.Context, t *testing.T, town *simulator.Town, conn full) {
	t.Helper()
	arrived := make(chan delivery, 16)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			arrived <- delivery{r.Header.Clone(), body}
		}
	}))
	defer receiver.Close()
	registrar := conn.(connector.Registrar)
	for range 2 {
		if err := registrar.RegisterWebhook(ctx, receiver.URL); err != nil {
			t.Fatal(err)
		}
	}
	disable(ctx, t, town)
	if err := registrar.RegisterWebhook(ctx, receiver.URL); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Ironclad.Complete(acmeWorkflow, false); err != nil {
		t.Fatal(err)
	}
	for range 2 { // all signatures are there; the workflow is completed
		select {
		case d := <-arrived:
			follow(ctx, t, conn, d)
		case <-ctx.Done():
			t.Fatal("the webhook did not arrive")
		}
	}
}

// disable is what Ironclad does after too many failures.
func disable(ctx context.Context, t *testing.T, town *simulator.Town) {
	t.Helper()
	sign := func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer ironclad-legacy-token")
		r.Header.Set("x-as-user-email", "admin@halden.example")
	}
	base := town.URLs.Ironclad + "/public/api/v1/webhooks"
	var hooks struct {
		List []struct {
			ID string `json:"id"`
		} `json:"list"`
	}
	as(ctx, t, sign, http.MethodGet, base, nil, &hooks)
	if len(hooks.List) != 1 {
		t.Fatalf("registered twice there are %d webhooks", len(hooks.List))
	}
	var changed map[string]any
	as(ctx, t, sign, http.MethodPatch, base+"/"+hooks.List[0].ID, map[string]any{"status": "disabled"}, &changed)
}

func follow(ctx context.Context, t *testing.T, conn full, d delivery) {
	t.Helper()
	listener := conn.(connector.Listener)
	key, err := listener.Verify(ctx, d.header, d.body)
	if err != nil || key == "" {
		t.Fatalf("a signed webhook: %q, %v", key, err)
	}
	if _, err := listener.Verify(ctx, d.header, append(bytes.Clone(d.body), ' ')); !fault.Is(err, fault.Denied) {
		t.Errorf("a webhook with another body: %v", err)
	}
	refs, err := listener.Parse(ctx, nil, d.body)
	if err != nil || len(refs) != 1 || refs[0].ExternalID != acmeWorkflow {
		t.Fatalf("the webhook tells of %v, %v", refs, err)
	}
	flow, err := conn.Fetch(ctx, refs[0])
	if err != nil || len(flow.Refs) != 1 || flow.Refs[0].ExternalID != acmeRecord {
		t.Fatalf("the workflow leads to %v, %v", flow.Refs, err)
	}
	record, err := conn.Fetch(ctx, flow.Refs[0])
	if err != nil || record.Contract == nil || record.Contract.Number != "SA-2023-789" || len(record.Files) != 1 {
		t.Fatalf("the record: %+v, %v", record, err)
	}
	want, err := samples.Files.ReadFile(acmeFile)
	if err != nil {
		t.Fatal(err)
	}
	got, err := conn.File(ctx, flow.Refs[0], record.Files[0].Key, 1<<20)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("the file has %d bytes, want %d: %v", len(got), len(want), err)
	}
	if _, err := conn.File(ctx, flow.Refs[0], record.Files[0].Key, 100); err == nil {
		t.Error("a file over the limit is given")
	}
}

// ironcladRecords polls: what is there, nothing new, what was signed without a webhook, and some types only.
func ironcladRecords(ctx context.Context, t *testing.T, town *simulator.Town, conn full, checker *conform.Checker) {
	t.Helper()
	seen, at := readAll(ctx, t, conn, "records", "")
	if len(seen) != 3 {
		t.Errorf("%d records are read, want the two of the older import and the signed one", len(seen))
	}
	if more, _ := readAll(ctx, t, conn, "records", at); len(more) > 0 {
		t.Errorf("%d records are read again without a change", len(more))
	}
	for _, s := range story(t).Steps {
		if s.Do == "ironclad.complete" || s.Do == "ironclad.lose" {
			if _, err := town.Ironclad.Complete(s.Workflow, true); err != nil {
				t.Fatal(err)
			}
		}
	}
	more, _ := readAll(ctx, t, conn, "records", at)
	if all, _ := readAll(ctx, t, conn, "records", ""); len(all) != 15 || len(more) != 12 {
		t.Errorf("after the last signature %d records are new and %d are there, want 12 and 15", len(more), len(all))
	}
	some, _ := readAll(ctx, t, open(t, "ironclad", town, checker, ironcladSettings(town, connector.Values{"record_types": "amendment,sow"})), "records", "")
	for _, r := range some {
		if r.Contract.Type != "amendment" && r.Contract.Type != "sow" {
			t.Errorf("asked for amendments and statements of work, %s is given", r.Contract.Type)
		}
	}
	if len(some) == 0 {
		t.Error("no amendment and no statement of work is given")
	}
}

// ironcladWrites writes every kind of property, takes them off, and makes and changes obligations under each way of
// keeping our key.
func ironcladWrites(ctx context.Context, t *testing.T, town *simulator.Town, conn full, checker *conform.Checker) {
	t.Helper()
	fields := map[string]any{
		"effectiveDate": "2026-03-01", "expirationDate": "2029-02-28", "renewalTerm": "P12M", "noticePeriod": "P90D", "autoRenewal": true,
		"contractValue": map[string]any{"amount": "240000", "currency": "USD"}, "governingLaw": "Ohio",
	}
	write(ctx, t, conn, pact.Action{Kind: "update_record", Object: "record", ExternalID: acmeRecord, Key: "act_record", Fields: fields})
	if changed, _ := readAll(ctx, t, conn, "records", ""); !slices.ContainsFunc(changed, func(r pact.Record) bool {
		return r.ExternalID == acmeRecord && r.Contract.Fields["governingLaw"] == "Ohio"
	}) {
		t.Error("the poll does not show what was written")
	}
	write(ctx, t, conn, pact.Action{Kind: "update_record", Object: "record", ExternalID: acmeRecord, Key: "act_off", Fields: map[string]any{"governingLaw": nil, "noticePeriod": "P60D"}})
	ironcladObligations(ctx, t, conn, "property")
	ironcladObligations(ctx, t, open(t, "ironclad", town, checker, ironcladSettings(town, connector.Values{"key_property": "none"})), "name")
}

func ironcladObligations(ctx context.Context, t *testing.T, conn full, way string) {
	t.Helper()
	risk := pact.Action{Kind: "create_obligation", Object: "obligation", Key: "fnd_risk_" + way, Fields: map[string]any{
		"name": "SLA risk: INC0010001", "parent_id": acmeRecord, "description": "Resolution is due in 40 minutes.", "severity": "warning", "status": "open",
	}}
	made := write(ctx, t, conn, risk)
	write(ctx, t, conn, pact.Action{Kind: "update_obligation", Object: "obligation", ExternalID: made.ExternalID, Key: "act_close_" + way, Fields: map[string]any{
		"status": "closed", "creditDue": map[string]any{"amount": "1250.50", "currency": "USD"}, "dueDate": "2026-04-30", "breaches": 2, "claimed": false,
	}})
	write(ctx, t, conn, pact.Action{Kind: "update_obligation", Object: "obligation", Key: "act_reopen_" + way, Fields: map[string]any{"obligation_key": risk.Key, "status": "reopened"}})
	duty := pact.Action{Kind: "upsert_obligation", Object: "obligation", Key: "act_duty_1_" + way, TargetKey: "obl_duty_" + way, Fields: map[string]any{
		"name": "Quarterly service report", "parent_id": acmeRecord, "obligation_type": "contract_obligation", "description": "Report within 10 business days.", "responsibleParty": "Halden Systems, Inc.", "status": "pending",
	}}
	first := write(ctx, t, conn, duty)
	duty.Key, duty.Fields = "act_duty_2_"+way, maps.Clone(duty.Fields)
	duty.Fields["status"] = "met"
	if second := write(ctx, t, conn, duty); second.ExternalID != first.ExternalID {
		t.Errorf("the same obligation became another one: %s, %s", first.ExternalID, second.ExternalID)
	}
}

// ironcladRefusals: the answers to what is wrong are described too.
func ironcladRefusals(ctx context.Context, t *testing.T, town *simulator.Town, conn full, checker *conform.Checker) {
	t.Helper()
	_, err := conn.Fetch(ctx, pact.RecordRef{Object: "record", ExternalID: "00000000-0000-4000-8000-000000000000"})
	absent(t, "a record that does not exist", err)
	_, err = conn.Fetch(ctx, pact.RecordRef{Object: "workflow", ExternalID: "000000000000000000000000"})
	absent(t, "a workflow that does not exist", err)
	_, err = conn.File(ctx, pact.RecordRef{Object: "record", ExternalID: acmeRecord}, "none", 1<<20)
	absent(t, "a file that does not exist", err)
	_, err = conn.Write(ctx, pact.Action{Kind: "update_record", ExternalID: acmeRecord, Key: "act_x", Fields: map[string]any{"nope": "x"}})
	refused(t, "a property that does not exist", err, connector.FailUnmapped)
	_, err = conn.Write(ctx, pact.Action{Kind: "create_obligation", Key: "act_y", Fields: map[string]any{"name": "x", "parent_id": "00000000-0000-4000-8000-000000000000"}})
	if err == nil {
		t.Error("an obligation of a record that does not exist is made")
	}
	// Of what the connector calls, only obligations have an answer to a wrong token in the description.
	bearer := open(t, "ironclad", town, checker, connector.Values{"base_url": town.URLs.Ironclad + "/public/api/v1", "auth": "bearer", "token": "wrong", "as_user_email": "a@halden.example"})
	_, err = bearer.Current(ctx, pact.Action{Kind: "create_obligation", Key: "act_z"})
	refused(t, "a wrong token", err, connector.FailDenied)
}
