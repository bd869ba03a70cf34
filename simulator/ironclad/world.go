package ironclad

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"mime"
	"path"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/simulator/stage"
)

// world is the state; Simulator.mu guards it.
type world struct {
	workflows   []stage.Object
	records     []stage.Object
	obligations []stage.Object
	comments    map[string][]stage.Object // by workflow id
	files       map[string]map[string]file
	webhooks    []*webhook
	deliveries  []*Delivery
	properties  map[string]property
	types       map[string]string // record type -> display name
	history     map[string][]stage.Object
	nextIC      int
	nextOB      int
}

type file struct {
	name, contentType string
	data              []byte
}

type property struct {
	DisplayName string `json:"displayName"`
	Type        string `json:"type"`
	Visible     bool   `json:"visible"`
}

func (w *world) reset() {
	*w = world{
		comments: map[string][]stage.Object{}, files: map[string]map[string]file{}, history: map[string][]stage.Object{},
		properties: maps.Clone(defaultProperties()), types: map[string]string{"contract": "Contract", "nda": "NDA", "msa": "Master Services Agreement", "sow": "Statement of Work", "amendment": "Amendment"},
		nextIC: 1, nextOB: 1,
	}
}

// defaultProperties are Ironclad's own lifecycle properties and the custom ones an administrator of the demo company made.
func defaultProperties() map[string]property {
	out := map[string]property{}
	add := func(kind string, names ...string) {
		for _, n := range names {
			out[n] = property{DisplayName: n, Type: kind, Visible: true}
		}
	}
	add("date", "agreementDate", "effectiveDate", "expirationDate", "renewalDate", "terminationDate", "standard_renewalOptOutDate", "standard_terminatedDate", "standard_terminationEffectiveDate",
		"standard_supersededDate", "standard_supersessionEffectiveDate", "effective_date", "termination_date", "renewal_date", "expiration_date", "agreement_date", "notice_deadline", "noticeDeadline", "pactloopReviewedAt")
	add("string", "counterpartyName", "additionalNotes", "workflowId", "governingLaw", "paymentTerms", "standard_renewalType", "otherRenewalType", "standard_terminatingRecordId", "standard_supersedingRecordId",
		"contract_id", "contractNumber", "customer_name", "key_obligations", "key_contacts", "service_level_agreement", "governing_law", "payment_terms", "title", "parties", "creditTable",
		"pactloopKey", "pactloopContractId", "pactloopStatus", "pactloopUrl", "pactloopReview", "performanceStatus")
	add("number", "standard_renewalsRemaining", "termination_notice_days", "terminationNoticeDays", "noticeDays")
	add("boolean", "autoRenewal", "auto_renewal", "pactloopBreach", "breachFlag")
	add("duration", "standard_initialTermLength", "standard_renewalTermLength", "standard_renewalOptOutPeriod", "standard_terminationNoticePeriod", "notice_period", "noticePeriod", "termLength", "renewalTermLength")
	add("monetary_amount", "contractValue", "totalContractValue", "annualContractValue", "total_contract_value", "annual_contract_value", "liabilityCap", "liability_cap")
	add("email", "counterpartySignerEmail", "ownerEmail", "owner_email")
	add("address", "counterpartyAddress")
	add("array", "tags")
	add("reference", "counterparty")
	return out
}

// state shows the simulator to the stage.
type state Simulator

type seedFile struct {
	Workflows   []stage.Object `json:"workflows"`
	Records     []stage.Object `json:"records"`
	Obligations []stage.Object `json:"obligations"`
	Attachments []struct {
		RecordID    string `json:"record_id"` // a record, or a workflow for its documents
		Key         string `json:"key"`
		File        string `json:"file"`
		Filename    string `json:"filename"`
		ContentType string `json:"content_type"`
		Content     string `json:"content_base64"`
	} `json:"attachments"`
	Metadata struct {
		RecordTypes map[string]string   `json:"recordTypes"`
		Properties  map[string]property `json:"properties"`
	} `json:"metadata"`
	// What only a state that was shown has, for a town that goes on after a stop.
	Comments   map[string][]stage.Object `json:"comments"`
	Webhooks   []*webhook                `json:"webhooks"`
	Deliveries []*Delivery               `json:"deliveries"`
}

func (s *state) Seed(_ context.Context, raw []byte, files fs.FS) error {
	var in seedFile
	if err := stage.Decode(raw, &in); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.Copy(s.types, in.Metadata.RecordTypes)
	for name, p := range in.Metadata.Properties {
		p.DisplayName, p.Visible = or(p.DisplayName, name), true
		s.properties[name] = p
	}
	for _, list := range [][]stage.Object{in.Workflows, in.Records, in.Obligations} {
		for _, o := range list {
			if text(o["id"]) == "" {
				return errors.New("a seeded object has no id")
			}
		}
	}
	for _, o := range in.Workflows {
		s.workflows = put(s.workflows, o)
	}
	for _, o := range in.Records {
		s.seedRecord(o)
	}
	for _, o := range in.Obligations {
		s.obligations = put(s.obligations, o)
		s.nextOB = max(s.nextOB, number(o["ironcladId"])+1)
	}
	for _, a := range in.Attachments {
		data, err := content(a.Content, a.File, files)
		if err != nil {
			return fmt.Errorf("attachment %s of %s: %w", a.Key, a.RecordID, err)
		}
		name := or(a.Filename, path.Base(a.File))
		s.attach(a.RecordID, a.Key, file{name: name, contentType: or(a.ContentType, or(mime.TypeByExtension(path.Ext(name)), "application/octet-stream")), data: data})
	}
	maps.Copy(s.comments, in.Comments)
	s.webhooks = append(s.webhooks, in.Webhooks...)
	s.deliveries = append(s.deliveries, in.Deliveries...)
	return nil
}

// seedRecord fills in what a hand-written seed leaves out and learns property and record types from it.
func (s *state) seedRecord(o stage.Object) {
	for k, fallback := range map[string]any{"type": "contract", "name": "", "lastUpdated": stamp(s.cfg.Clock), "properties": stage.Object{}, "links": []any{}, "attachments": stage.Object{}, "childIds": []any{}} {
		if o[k] == nil {
			o[k] = fallback
		}
	}
	if text(o["ironcladId"]) == "" {
		o["ironcladId"] = fmt.Sprintf("IC-%d", s.nextIC)
	}
	s.nextIC = max(s.nextIC, number(o["ironcladId"])+1)
	if _, ok := s.types[text(o["type"])]; !ok {
		s.types[text(o["type"])] = text(o["type"])
	}
	props, _ := o["properties"].(stage.Object)
	for name, v := range props {
		if p, ok := v.(stage.Object); ok {
			if _, known := s.properties[name]; !known {
				s.properties[name] = property{DisplayName: name, Type: text(p["type"]), Visible: true}
			}
		}
	}
	s.records = put(s.records, o)
}

func content(inline, name string, files fs.FS) ([]byte, error) {
	if inline != "" {
		return base64.StdEncoding.DecodeString(inline)
	}
	if files == nil {
		return nil, errors.New("the seed names a file, and no folder was given")
	}
	return fs.ReadFile(files, name)
}

func (w *world) attach(id, key string, f file) {
	if w.files[id] == nil {
		w.files[id] = map[string]file{}
	}
	w.files[id][key] = f
}

func (s *state) State() any {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]any{
		"workflows": s.workflows, "records": s.renderAll(s.records, ""), "obligations": s.obligations, "comments": s.comments,
		"webhooks": s.webhooks, "deliveries": s.deliveries,
	}
	return stage.Clone(out)
}

func (s *state) renderAll(list []stage.Object, host string) []stage.Object {
	out := make([]stage.Object, 0, len(list))
	for _, o := range list {
		out = append(out, (*Simulator)(s).render(o, host))
	}
	return out
}

func (s *state) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world.reset()
}

func (s *state) Tables() []stage.Table {
	s.mu.Lock()
	defer s.mu.Unlock()
	records := make([]stage.Object, 0, len(s.records))
	for _, r := range s.records {
		row := stage.Object{"ironcladId": r["ironcladId"], "type": r["type"], "name": r["name"], "lastUpdated": r["lastUpdated"], "parentId": r["parentId"]}
		if cs, ok := r["contractStatus"].(stage.Object); ok {
			row["contractStatus"] = cs["status"]
		}
		if !s.published(r) {
			row["name"] = text(r["name"]) + " (not yet: its workflow is not completed)"
		}
		props, _ := r["properties"].(stage.Object)
		for k, v := range props {
			if p, ok := v.(stage.Object); ok {
				row[k] = p["value"]
			}
		}
		row["attachments"] = strings.Join(slices.Sorted(maps.Keys(s.files[text(r["id"])])), ", ")
		records = append(records, row)
	}
	obligations := make([]stage.Object, 0, len(s.obligations))
	for _, o := range s.obligations {
		row := stage.Object{"ironcladId": o["ironcladId"], "name": o["name"], "types": o["namedTypeIds"], "parent": o["parentReadableId"], "lastUpdated": o["lastUpdated"]}
		props, _ := o["properties"].(stage.Object)
		for k, v := range props {
			if p, ok := v.(stage.Object); ok {
				row[k] = p["value"]
			}
		}
		obligations = append(obligations, row)
	}
	workflows := make([]stage.Object, 0, len(s.workflows))
	for _, w := range s.workflows {
		workflows = append(workflows, stage.Object{"id": w["id"], "title": w["title"], "step": w["step"], "status": w["status"], "recordIds": w["recordIds"], "lastUpdated": w["lastUpdated"]})
	}
	var comments, hooks, sent []stage.Object
	for _, id := range slices.Sorted(maps.Keys(s.comments)) {
		for _, c := range s.comments[id] {
			comments = append(comments, stage.Object{"workflow": id, "comment": c["commentMessage"], "at": c["timestamp"]})
		}
	}
	for _, h := range s.webhooks {
		hooks = append(hooks, stage.Object{"id": h.ID, "target": h.TargetURL, "events": strings.Join(h.Events, ", "), "status": h.Status, "failures": h.Failures})
	}
	for _, d := range s.deliveries {
		sent = append(sent, stage.Object{"event": d.Event, "eventId": d.EventID, "attempts": len(d.Attempts), "state": d.State})
	}
	slices.SortStableFunc(records, func(a, b stage.Object) int { return cmp.Compare(number(a["ironcladId"]), number(b["ironcladId"])) })
	return []stage.Table{
		stage.TableOf("Records", records, "ironcladId", "type", "name", "contractStatus", "lastUpdated"),
		stage.TableOf("Obligations", obligations, "ironcladId", "name", "types", "parent"),
		stage.TableOf("Workflows", workflows, "id", "title", "step", "status"),
		stage.TableOf("Comments", comments, "workflow", "at", "comment"),
		stage.TableOf("Webhooks", hooks, "id", "target", "events", "status"),
		stage.TableOf("Deliveries", sent, "event", "eventId", "state"),
	}
}

// put replaces the object with the same id or appends it.
func put(list []stage.Object, o stage.Object) []stage.Object {
	for i := range list {
		if text(list[i]["id"]) == text(o["id"]) {
			list[i] = o
			return list
		}
	}
	return append(list, o)
}

// find looks an object up by its id or its readable id.
func find(list []stage.Object, id string) stage.Object {
	for _, o := range list {
		if id != "" && (text(o["id"]) == id || text(o["ironcladId"]) == id) {
			return o
		}
	}
	return nil
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// number is the digits at the end of a readable id.
func number(v any) int {
	n := 0
	_, digits, _ := strings.Cut(text(v), "-")
	for _, c := range digits {
		if c < '0' || c > '9' || n > 1e8 {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

func stamp(c *stage.Clock) string { return c.Now().Format("2006-01-02T15:04:05.000Z") }

func newID() string {
	h := stage.NewHex(16)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
}
