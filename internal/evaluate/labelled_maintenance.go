package evaluate

import (
	"encoding/json"
	"slices"

	"github.com/pactloop/pactloop/internal/calendar"
)

// MaintenanceParams are what a label of an availability level says about planned maintenance, in the product's members.
type MaintenanceParams struct {
	Notice    *calendar.Duration `json:"maintenance_notice,omitempty"`
	Allowance *calendar.Duration `json:"maintenance_allowance,omitempty"`
	Windows   *calendar.Hours    `json:"maintenance_hours,omitempty"`
}

// addMaintenance counts, of availability whose target is right, each member that the label or the reading has, in documents
// whose labels speak of maintenance (older labels leave it out). A zone is compared where both have one.
func (s *Score) addMaintenance(d *LabelledDocument, gold, got LabelledLevel) {
	if gold.Kind != "availability" || !slices.ContainsFunc(d.Labels.ServiceLevels, func(l LabelledLevel) bool { return l.Params.MaintenanceParams != MaintenanceParams{} }) {
		return
	}
	a, b := gold.Params.MaintenanceParams, got.Params.MaintenanceParams
	s.member(d, "notice", said(a.Notice), said(b.Notice), gold.Quote)
	s.member(d, "allowance", said(a.Allowance), said(b.Allowance), gold.Quote)
	zoned := a.Windows != nil && b.Windows != nil && a.Windows.Zone != "" && b.Windows.Zone != ""
	s.member(d, "hours", windowsOf(a.Windows, zoned), windowsOf(b.Windows, zoned), gold.Quote)
}

func (s *Score) member(d *LabelledDocument, name, gold, got, quote string) {
	n := &s.Maintenance
	switch {
	case gold == "" && got == "":
		return
	case gold == "":
		n.False++
	case got == "":
		n.Gold, n.Missing = n.Gold+1, n.Missing+1
	case gold == got:
		n.Gold, n.Right = n.Gold+1, n.Right+1
		return
	default:
		n.Gold, n.Wrong = n.Gold+1, n.Wrong+1
	}
	s.miss(n, d, name+" "+gold, got, quote)
}

func said(d *calendar.Duration) string {
	if d == nil {
		return ""
	}
	raw, _ := json.Marshal(d) // a counted unit always has a form
	return string(raw)
}

func windowsOf(h *calendar.Hours, zoned bool) string {
	if h == nil || len(h.Week) == 0 {
		return ""
	}
	raw, _ := json.Marshal(h.Week)
	if zoned {
		return h.Zone + " " + string(raw)
	}
	return string(raw)
}
