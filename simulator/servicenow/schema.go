package servicenow

import (
	"slices"
	"strings"
)

// table is what an instance knows of one table.
type table struct {
	fields  []string          // columns besides the sys_ ones; an instance has more, and seeds may add
	refs    map[string]string // reference column -> table
	choices map[string]map[string]string
	dates   []string // date-time columns
	prefix  string   // of record numbers
	start   int
	display string // the column a reference shows
	audited bool
}

func schema(name string) (table, bool) {
	t, ok := tables()[name]
	return t, ok
}

// tables is the fixed set this simulator serves.
func tables() map[string]table {
	priority := map[string]string{"1": "1 - Critical", "2": "2 - High", "3": "3 - Moderate", "4": "4 - Low", "5": "5 - Planning"}
	level := map[string]string{"1": "1 - High", "2": "2 - Medium", "3": "3 - Low"}
	return map[string]table{
		"incident": {
			fields: []string{
				"number", "short_description", "description", "state", "incident_state", "priority", "impact", "urgency", "severity", "category", "subcategory", "active", "opened_at",
				"opened_by", "resolved_at", "resolved_by", "closed_at", "closed_by", "caller_id", "company", "account", "assigned_to", "assignment_group", "cmdb_ci", "business_service", "hold_reason",
				"close_code", "close_notes", "correlation_id", "correlation_display", "contact_type", "escalation", "made_sla", "due_date", "reopen_count", "reopened_time", "reopened_by", "comments",
				"work_notes", "comments_and_work_notes", "contract", "location", "first_response_at", "work_start", "work_end", "u_contract_number", "u_first_response_at",
			},
			refs: map[string]string{
				"company": "core_company", "account": "core_company", "caller_id": "sys_user", "opened_by": "sys_user", "resolved_by": "sys_user", "closed_by": "sys_user",
				"assigned_to": "sys_user", "reopened_by": "sys_user", "cmdb_ci": "cmdb_ci_service", "business_service": "cmdb_ci_service",
			},
			choices: map[string]map[string]string{
				"state":          {"1": "New", "2": "In Progress", "3": "On Hold", "6": "Resolved", "7": "Closed", "8": "Canceled"},
				"incident_state": {"1": "New", "2": "In Progress", "3": "On Hold", "6": "Resolved", "7": "Closed", "8": "Canceled"},
				"priority":       priority, "impact": level, "urgency": level,
				"hold_reason": {"1": "Awaiting Caller", "2": "Awaiting Evidence", "3": "Awaiting Problem", "4": "Awaiting Vendor", "5": "Awaiting Change"},
			},
			dates:  []string{"opened_at", "resolved_at", "closed_at", "reopened_time", "due_date", "first_response_at", "u_first_response_at", "work_start", "work_end"},
			prefix: "INC", start: 10000, display: "number", audited: true,
		},
		"cmdb_ci_outage": {
			fields:  []string{"number", "short_description", "details", "cmdb_ci", "begin", "end", "duration", "type", "task_number", "correlation_id", "active", "message"},
			refs:    map[string]string{"cmdb_ci": "cmdb_ci_service", "task_number": "incident"},
			choices: map[string]map[string]string{"type": {"outage": "Outage", "degradation": "Degradation", "planned": "Planned Outage"}},
			dates:   []string{"begin", "end"}, prefix: "OUT", start: 1000, display: "number", audited: true,
		},
		"cmdb_ci_service": {
			fields: []string{"name", "short_description", "busines_criticality", "operational_status", "company", "owned_by", "service_classification", "comments", "correlation_id", "asset_tag"},
			refs:   map[string]string{"company": "core_company", "owned_by": "sys_user"}, display: "name",
		},
		"core_company": {
			fields: []string{"name", "street", "city", "state", "zip", "country", "phone", "website", "customer", "vendor", "parent", "notes", "correlation_id", "stock_symbol", "account_code"},
			refs:   map[string]string{"parent": "core_company"}, display: "name",
		},
		"sys_user": {
			fields: []string{"user_name", "name", "first_name", "last_name", "email", "phone", "title", "company", "active", "time_zone", "manager", "location"},
			refs:   map[string]string{"company": "core_company", "manager": "sys_user"}, display: "name",
		},
		"sys_audit": {
			fields: []string{"tablename", "documentkey", "fieldname", "oldvalue", "newvalue", "user", "reason", "record_checkpoint"}, display: "fieldname",
		},
		"sys_journal_field": {
			fields: []string{"name", "element_id", "element", "value"}, display: "value",
		},
		"task_sla": {
			fields: []string{
				"task", "sla", "stage", "start_time", "end_time", "planned_end_time", "pause_time", "pause_duration", "business_pause_duration", "percentage", "business_percentage", "duration",
				"business_duration", "time_left", "business_time_left", "has_breached", "active", "schedule", "timezone",
			},
			refs: map[string]string{"task": "incident", "schedule": "cmn_schedule"}, dates: []string{"start_time", "end_time", "planned_end_time", "pause_time"}, display: "sla",
		},
		"cmn_schedule": {
			fields: []string{"name", "description", "time_zone", "type", "parent"}, refs: map[string]string{"parent": "cmn_schedule"}, display: "name",
		},
	}
}

func systemFields() []string {
	return []string{"sys_id", "sys_created_on", "sys_created_by", "sys_updated_on", "sys_updated_by", "sys_mod_count", "sys_class_name", "sys_tags", "sys_domain"}
}

// known says whether a table has a column: described, a system one, a custom one, or one that a seed brought.
func (s *Simulator) known(name, field string) bool {
	t, ok := schema(name)
	if !ok {
		return false
	}
	if slices.Contains(t.fields, field) || slices.Contains(systemFields(), field) {
		return true
	}
	for _, row := range s.tables[name] {
		if _, ok := row[field]; ok {
			return true
		}
	}
	return false
}

func isJournal(field string) bool { return field == "comments" || field == "work_notes" }

// journaled says whether a table's comments are a journal; a service's comments are a plain column.
func journaled(name string) bool { return name == "incident" }

// priorityOf is the shipped lookup of impact and urgency.
func priorityOf(impact, urgency string) string {
	rows := map[string]string{"11": "1", "12": "2", "13": "3", "21": "2", "22": "3", "23": "4", "31": "3", "32": "4", "33": "5"}
	if p, ok := rows[impact+urgency]; ok {
		return p
	}
	return "5"
}

func prefixed(number, prefix string) int {
	n := 0
	digits, ok := strings.CutPrefix(number, prefix)
	if !ok || prefix == "" {
		return 0
	}
	for _, c := range digits {
		if c < '0' || c > '9' || n > 1e8 {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}
