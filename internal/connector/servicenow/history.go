package servicenow

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/pact"
)

// history is what is known of one incident, and turns into events. It is a pure function of what was read: the same rows
// give the same events under the same ids.
type history struct {
	incident                     record
	told                         *memory
	base, self                   string
	lead                         user
	responseField, contractField string
	changes                      []change
	entries                      []entry

	priority string
	out      []pact.Event
}

// The states of an incident, by value and by the label some exports carry instead.
const (
	stateNew        = "1"
	stateInProgress = "2"
	stateOnHold     = "3"
	stateResolved   = "6"
	stateClosed     = "7"
	stateCancelled  = "8"
)

func stateOf(s string) string {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "new":
		return stateNew
	case "in progress", "work in progress", "active":
		return stateInProgress
	case "on hold", "awaiting user info", "awaiting problem", "awaiting evidence", "4", "5":
		return stateOnHold // 4 and 5 are kinds of waiting in older instances
	case "resolved":
		return stateResolved
	case "closed":
		return stateClosed
	case "canceled", "cancelled":
		return stateCancelled
	}
	return strings.TrimSpace(s)
}

// priorityOf makes "1" of "1 - Critical".
func priorityOf(s string) string {
	before, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	return before
}

func ended(state string) bool { return state == stateResolved || state == stateClosed }
func stopped(state string) bool {
	return ended(state) || state == stateCancelled
}

func (h *history) events() []pact.Event {
	h.priority = h.firstPriority()
	h.opened()
	h.responded()
	if len(h.changes) == 0 {
		h.fromSnapshot()
	} else {
		h.fromHistory()
	}
	// In order of time, but what replaces an event comes after it, though it may be dated earlier: whoever takes the
	// events in one by one must know an event before it is replaced.
	slices.SortStableFunc(h.out, func(a, b pact.Event) int {
		if ra, rb := a.ReplacesExternal != "", b.ReplacesExternal != ""; ra != rb {
			if ra {
				return 1
			}
			return -1
		} else if ra {
			return 0 // chains stay as they were made
		}
		return a.OccurredAt.Compare(b.OccurredAt)
	})
	return h.out
}

// add appends an event with what every event of the incident carries.
func (h *history) add(kind, id string, at time.Time, change func(*pact.Event)) {
	r := h.incident
	e := pact.Event{
		ExternalID: r.id() + "/" + kind + id, Kind: kind, Subject: r.value("number"), OccurredAt: at,
		Data: pact.EventData{
			Priority: h.priority, Title: r.value("short_description"), Customer: r.show("company"), CustomerID: r.value("company"),
			Service: r.show("business_service"), Lead: h.lead.Name, LeadEmail: h.lead.Email, RecordID: r.id(),
			Contract: r.show(h.contractField), URL: h.base + "/incident.do?sys_id=" + r.id(),
		},
	}
	if e.Subject == "" {
		e.Subject = r.id()
	}
	if e.Data.Service == "" {
		e.Data.Service = r.show("cmdb_ci")
	}
	if change != nil {
		change(&e)
	}
	h.out = append(h.out, e)
}

// firstPriority is the priority the incident was opened with: what the first change took away.
func (h *history) firstPriority() string {
	for _, c := range h.changes {
		if c.Field != "priority" {
			continue
		}
		if c.Old != "" {
			return priorityOf(c.Old)
		}
		return priorityOf(c.New)
	}
	return priorityOf(h.incident.value("priority"))
}

// opened gives the opening, and each correction of its time as an event that replaces the one before.
func (h *history) opened() {
	now := h.incident.time("opened_at")
	if now.IsZero() {
		now = h.incident.time("sys_created_on")
	}
	h.dated("ticket_opened", "opened_at", now, "")
}

// dated gives an event for a field that holds a time, and one more for each correction of it.
func (h *history) dated(kind, fieldName string, now time.Time, id string) {
	first, corrections := now, []change(nil)
	for _, c := range h.changes {
		if c.Field != fieldName || parseTime(c.Old).IsZero() || parseTime(c.New).IsZero() {
			continue
		}
		if len(corrections) == 0 {
			first = parseTime(c.Old)
		}
		corrections = append(corrections, c)
	}
	if first.IsZero() {
		return
	}
	h.add(kind, id, first, nil)
	previous := h.out[len(h.out)-1].ExternalID
	for _, c := range corrections {
		h.add(kind, "/"+c.ID, parseTime(c.New), func(e *pact.Event) { e.ReplacesExternal = previous })
		previous = h.out[len(h.out)-1].ExternalID
	}
}

// ours recognises what Pactloop wrote itself: the marker of an action at the end. It is no response to the customer.
var ours = regexp.MustCompile(`\[[A-Za-z]{2,6}[_:/][^\[\]\s]{1,250}\]\s*$`)

// responded is the field of the first response where it is set, otherwise the first note or comment of the lead, or the
// first comment that is neither the caller's nor ours.
func (h *history) responded() {
	if at := h.incident.time(h.responseField); !at.IsZero() {
		h.dated("ticket_responded", h.responseField, at, "")
		return
	}
	caller := h.incident.value("caller_id.user_name")
	for _, n := range h.entries {
		if n.By == "" || n.By == "system" || n.By == h.self || ours.MatchString(n.Text) { // an automatic receipt answers nobody
			continue
		}
		byLead := h.lead.UserName != "" && n.By == h.lead.UserName
		answer := n.Element == "comments" && caller != "" && n.By != caller
		if byLead || answer {
			h.add("ticket_responded", "/"+n.ID, n.At, nil)
			return
		}
	}
}

// fromHistory walks the groups of changes that were saved together.
func (h *history) fromHistory() {
	resolved := "" // external id of the resolution that counts now
	state := h.firstState()
	for i := 0; i < len(h.changes); {
		end := i + 1
		for end < len(h.changes) && h.changes[end].At.Equal(h.changes[i].At) && h.changes[end].Checkpoint == h.changes[i].Checkpoint {
			end++
		}
		group := h.changes[i:end]
		next := state
		if c, ok := changeOf(group, "state"); ok {
			next = stateOf(c.New)
			h.moved(c, group, state, next, &resolved, end)
		}
		if c, ok := changeOf(group, "priority"); ok && c.Old != "" && priorityOf(c.New) != h.priority {
			h.priority = priorityOf(c.New)
			h.add("ticket_priority", "/"+c.ID, c.At, func(e *pact.Event) { e.Data.Reason = "priority " + priorityOf(c.Old) + " to " + h.priority })
		}
		if c, ok := changeOf(group, "assigned_to"); ok && c.New == h.incident.value("assigned_to") && c.New != "" && c.At.After(h.incident.time("sys_created_on")) {
			// The priority stays; the event carries the lead that counts from here on.
			h.add("ticket_priority", "/"+c.ID, c.At, func(e *pact.Event) { e.Data.Reason = "assigned to " + h.lead.Name })
		}
		if c, ok := changeOf(group, "resolved_at"); ok && ended(next) && ended(state) && resolved != "" {
			if at, before := parseTime(c.New), parseTime(c.Old); !at.IsZero() && !before.IsZero() && !at.Equal(before) {
				replaced := resolved
				h.add("ticket_resolved", "/"+c.ID, at, func(e *pact.Event) { e.ReplacesExternal, e.Data.Reason = replaced, "resolution time corrected" })
				resolved = h.out[len(h.out)-1].ExternalID
			}
		}
		state, i = next, end
	}
}

func changeOf(group []change, fieldName string) (change, bool) {
	for _, c := range group {
		if c.Field == fieldName {
			return c, true
		}
	}
	return change{}, false
}

// firstState is the state before the first change.
func (h *history) firstState() string {
	for _, c := range h.changes {
		if c.Field == "state" {
			return stateOf(c.Old)
		}
	}
	return stateOf(h.incident.value("state"))
}

// moved gives the events of one change of state. A pause always ends before the ticket does.
func (h *history) moved(c change, group []change, from, to string, resolved *string, rest int) {
	if from == to {
		return
	}
	if from == stateOnHold {
		h.add("ticket_resumed", "/"+c.ID, c.At, nil)
	}
	if stopped(from) && !stopped(to) {
		h.add("ticket_reopened", "/"+c.ID, c.At, nil)
		*resolved = ""
	}
	switch {
	case to == stateOnHold:
		h.add("ticket_paused", "/"+c.ID, c.At, func(e *pact.Event) { e.Data.Reason, e.Data.State = holdReason(group), "on hold" })
	case to == stateCancelled:
		h.add("ticket_cancelled", "/"+c.ID, c.At, nil)
	case ended(to) && !ended(from):
		h.add("ticket_resolved", "/"+c.ID, h.resolvedAt(c, group, rest), nil)
		*resolved = h.out[len(h.out)-1].ExternalID
	}
}

// resolvedAt is the resolution time as it was entered with the change of state: from the same save, otherwise what a later
// correction took away, otherwise what the incident shows. It never depends on corrections made later, so the event stays
// what it was.
func (h *history) resolvedAt(c change, group []change, rest int) time.Time {
	if own, ok := changeOf(group, "resolved_at"); ok {
		if at := parseTime(own.New); !at.IsZero() {
			return at
		}
	}
	for _, later := range h.changes[rest:] {
		if later.Field != "resolved_at" {
			continue
		}
		if at := parseTime(later.Old); !at.IsZero() {
			return at
		}
		return c.At
	}
	if at := h.incident.time("resolved_at"); !at.IsZero() && !at.After(c.At) {
		return at
	}
	return c.At
}

func holdReason(group []change) string {
	c, ok := changeOf(group, "hold_reason")
	if !ok {
		return ""
	}
	switch c.New {
	case "1":
		return "Awaiting Caller"
	case "2":
		return "Awaiting Evidence"
	case "3":
		return "Awaiting Problem"
	case "4":
		return "Awaiting Vendor"
	case "5":
		return "Awaiting Change"
	}
	return c.New
}

// fromSnapshot is for incidents without a readable history: what the incident shows now, dated by its last change. What
// happened between two polls is not known then, and pauses are exact only to the poll.
func (h *history) fromSnapshot() {
	r := h.incident
	state, at := stateOf(r.value("state")), r.time("sys_updated_on")
	version, cycle := "/"+r.value("sys_mod_count"), r.value("reopen_count")
	if cycle == "" {
		cycle = "0"
	}
	changed := r.value("sys_mod_count") != "0" && r.value("sys_mod_count") != "" && !at.IsZero()
	if changed {
		h.add("ticket_priority", version, at, func(e *pact.Event) { e.Data.Reason = "as shown at the last change" })
	}
	if n, err := strconv.Atoi(cycle); err == nil && n > 0 {
		reopened := r.time("reopened_time")
		if reopened.IsZero() {
			reopened = at
		}
		h.add("ticket_reopened", "/"+cycle, reopened, nil)
	}
	switch {
	case state == stateOnHold && changed:
		h.add("ticket_paused", version, at, func(e *pact.Event) { e.Data.Reason, e.Data.State = r.show("hold_reason"), "on hold" })
	case state == stateInProgress && changed:
		h.add("ticket_resumed", version, at, nil)
	case state == stateCancelled:
		h.add("ticket_cancelled", "", at, nil)
	case ended(state):
		resolved := r.time("resolved_at")
		if resolved.IsZero() {
			resolved = r.time("closed_at")
		}
		if resolved.IsZero() {
			resolved = at
		}
		id, replaces := h.told.tell(r.id()+"/ticket_resolved/"+cycle, stamp(resolved), r.value("sys_mod_count"))
		h.add("ticket_resolved", "", resolved, func(e *pact.Event) { e.ExternalID, e.ReplacesExternal = id, replaces })
	}
}
