package wording_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/wording"
)

// levelsOf reads sentences in order, as a contract would be, and writes the times that were found in short.
func levelsOf(text string) string {
	var c wording.LevelContext
	var out []string
	for _, sentence := range strings.Split(text, "\n") {
		var list []wording.Level
		list, c = wording.LevelsIn(wording.Normal(sentence).S, c)
		for _, l := range list {
			end := ""
			if l.Target.DayEnd {
				end = " at the end"
			}
			out = append(out, l.Label+" "+string(rune(l.Kind))+" "+l.Target.Duration.Duration.String()+end)
		}
	}
	return strings.Join(out, "; ")
}

func TestTimesByLevelInManyWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"Provider shall respond to Severity 1 incidents within thirty (30) minutes and restore service within four (4) hours.", "1 r 30 minutes; 1 s 4 hours"},
		{"For Priority 1 incidents the Supplier shall respond within 30 minutes and resolve within 4 hours; for Priority 2 incidents it shall respond within 2 business hours and resolve within 8 business hours.", "1 r 30 minutes; 1 s 4 hours; 2 r 2 business hours; 2 s 8 business hours"},
		{"The reaction time amounts to 15 minutes for class A, to 1 hour for class B and to 4 hours for class C.", "A r 15 minutes; B r 1 hour; C r 4 hours"},
		{"The response times for Priority 1, Priority 2 and Priority 3 Incidents are 15 minutes, 1 hour and 8 hours respectively.", "1 r 15 minutes; 2 r 1 hour; 3 r 8 hours"},
		{"For Severity Level 2 the times are two hours to respond and sixteen hours to resolve; for Severity Level 3, 8 hours and 72 hours respectively.", "2 r 2 hours; 2 s 16 hours; 3 r 8 hours; 3 s 72 hours"},
		{"P1: response 15 min, resolution 4 h", "1 r 15 minutes; 1 s 4 hours"},
		{"- Critical: acknowledged within 10 minutes, fixed within 3 hours\n- Major: acknowledged within 1 hour, fixed by the end of the next business day", "critical r 10 minutes; critical s 3 hours; major r 1 hour; major s 1 business day at the end"},
		{"Sev 1 - initial response within half an hour", "1 r 30 minutes"},
		{"An urgent case of a Gold account is answered within one hour.", "urgent (gold) r 1 hour"},
		{"Class 1: reaction thirty minutes, recovery four hours; class 2: reaction one hour, recovery twelve hours.", "1 r 30 minutes; 1 s 4 hours; 2 r 1 hour; 2 s 12 hours"},
		{"It must not exceed 30 (thirty) minutes to respond for tickets of Priority 1, 2 (two) hours for Priority 2 and 8 (eight) hours for Priority 3.", "1 r 30 minutes; 2 r 2 hours; 3 r 8 hours"},
		{"Faults of class C are remedied by the end of the third working day that follows the report.", "C s 3 business days at the end"},
		{"Priority 3 incidents shall be resolved by 17:00 on the next Business Day.", "3 s 1 business day at the end"},
		{"Severity 1: the system is down.\nWe respond within 20 minutes and restore the service within 2 hours.", "1 r 20 minutes; 1 s 2 hours"},
		{"Priority 1 and 2 incidents are acknowledged within 30 minutes.", "1 r 30 minutes; 2 r 30 minutes"},
		{"Updates on Priority 1 incidents are given every 30 minutes and the incident is resolved within 4 hours.", "1 s 4 hours"},
		{"Initial response, status update, resolution\nPriority 1 Service down 15 minutes every 30 minutes 4 hours", "1 r 15 minutes; 1 s 4 hours"},
		{"Category I faults shall be attended within 1.5 hours and rectified within 6 hours.", "1 o 90 minutes; 1 s 6 hours"},
	} {
		if got := levelsOf(c.text); got != c.want {
			t.Errorf("%q\n gives %s\n not   %s", c.text, got, c.want)
		}
	}
}

func TestTimesThatAreNoPromiseForALevel(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Severity 1 means that the system has been down for more than 30 minutes.",
		"A Priority 2 incident becomes Priority 1 after 4 hours.",
		"The Supplier gives a root cause analysis of every Severity 1 incident within 5 Business Days.",
		"Severity 1 incidents are escalated to the director within 2 hours.",
		"Three Severity 1 incidents in any 30 days allow the Customer to terminate on 10 days' notice.",
	} {
		if got := levelsOf(text); got != "" {
			t.Errorf("%q gives %s", text, got)
		}
	}
}
