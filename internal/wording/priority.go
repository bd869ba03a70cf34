package wording

import (
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// PriorityRow is what a service level promises for one priority.
type PriorityRow struct {
	Span
	Priority   string // "1": the number, or the letters where it has none
	Label      string // as printed: "P1 - Critical"
	Response   *Duration
	Resolution *Duration
	Always     bool   // runs around the clock
	Business   bool   // runs in business hours
	Hours      string // the words on hours, if any
}

var (
	strongLabel   = expression.MustCompile(`(?i)(?:\b(?:priority|severity|sev|level|class|prio)(?: level)?[ -]?#?\(?(\d)\b|\b[PS]-?(\d)\b|\b(?:priority|severity)(?: level)?[ -](one|two|three|four|five)\b|\b(?:class|severity|priority|level) ([A-E])\b|\b(\d) ?- ?(?:critical|urgent|high|medium|normal|moderate|low|minor|major|emergency|severe)\b)`)
	wordLabel     = expression.MustCompile(`(?i)\b(critical|urgent|high|medium|normal|moderate|low|minor|major|emergency|severe)\b`)
	responseHead  = expression.MustCompile(`(?i)\b(?:initial |first |target |maximum |guaranteed )?(?:response|acknowledg\w*|reaction|respond)\b`)
	resolveHead   = expression.MustCompile(`(?i)\b(?:target |maximum )?(?:resolution|resolve[sd]?|restor\w+|fix|workaround|repair|correction|recovery)\b`)
	businessHours = expression.MustCompile(`(?i)\b(?:business|working|support|service|office) hours?\b|\bbusiness days?\b|\bworking days?\b`)
)

// PriorityRows reads response and resolution times by priority, from the flat text of a table, its header row or the
// sentence before it included, or from prose.
func PriorityRows(s string) []PriorityRow {
	labels, numbered := findLabels(s)
	if len(labels) == 0 {
		return nil
	}
	order := ""
	prev := 0
	var rows []PriorityRow
	seen := map[string]int{}
	for i, l := range labels {
		end := len(s)
		if i+1 < len(labels) {
			end = labels[i+1].Start
		}
		if head := s[prev:l.Start]; i == 0 || strings.Contains(head, "\n") || len(Durations(head)) == 0 {
			// A new header, or the first: the words between two rows of one table never name both columns.
			if o := columnOrder(head); o != "" && (order == "" || len(o) > 1) {
				order = o
			}
		}
		prev = l.End
		body := s[l.End:min(end, l.End+700)]
		if line := strings.IndexByte(body, '\n'); line >= 0 && len(Durations(body[:line])) > 0 {
			body = body[:line]
		}
		row := PriorityRow{Span: Span{l.Start, l.End}, Priority: l.Priority, Label: strings.TrimSpace(s[l.Start:l.End])}
		if numbered {
			if m := labelTail.FindString(body); m != "" {
				row.Label = strings.TrimSpace(s[l.Start : l.End+len(m)])
			}
		}
		fillRow(&row, body, order, l.End)
		if row.Response == nil && row.Resolution == nil {
			continue
		}
		row.Always = AroundTheClock(body)
		row.Business = businessHours.MatchString(body)
		if at, ok := seen[row.Priority]; ok {
			mergeRow(&rows[at], row)
			continue
		}
		seen[row.Priority] = len(rows)
		rows = append(rows, row)
	}
	return rows
}

var labelTail = expression.MustCompile(`^[ \t]?[-(:/]? ?(?i:critical|urgent|high|medium|normal|moderate|low|minor|major|emergency|severe)\b\)?`)

type label struct {
	Span
	Priority string
}

func findLabels(s string) ([]label, bool) {
	var labels []label
	for _, m := range strongLabel.FindAllStringSubmatchIndex(s, -1) {
		n := part(s, m, 1) + part(s, m, 2) + part(s, m, 5)
		if letter := part(s, m, 4); letter != "" {
			if letter[0] > 'Z' {
				continue // "class a", an article
			}
			n = letter
		}
		if w := strings.ToLower(part(s, m, 3)); w != "" {
			n = string(rune('0' + smallNumbers[w]))
		}
		if n != "0" || strings.ContainsAny(s[m[0]:m[1]], "PpSsCc") {
			labels = append(labels, label{Span{m[0], m[1]}, n})
		}
	}
	if len(labels) > 0 {
		return labels, true
	}
	for _, m := range wordLabel.FindAllStringSubmatchIndex(s, -1) {
		word := s[m[2]:m[3]]
		if word[0] >= 'a' && word[0] <= 'z' {
			continue // "a high level of service"
		}
		labels = append(labels, label{Span{m[0], m[1]}, strings.ToLower(word)})
	}
	return labels, false
}

var otherHead = expression.MustCompile(`(?i)\b(?:status )?updates?\b|\bupdate frequency\b|\bcommunication\b|\bescalation\b`)

// columnOrder tells which columns of times a table has, in order: "r" response, "s" resolution, "u" another, such as how
// often the customer is told; "" where the text before the first row names none.
func columnOrder(head string) string {
	head = head[max(0, len(head)-700):]
	last := func(re *expression.Expression) int {
		all := re.FindAllStringIndex(head, -1)
		if len(all) == 0 {
			return -1
		}
		return all[len(all)-1][0]
	}
	r, s, u := last(responseHead), last(resolveHead), last(otherHead)
	switch {
	case r >= 0 && u > r && s > u && s-r < 90:
		return "rus"
	case r >= 0 && s > r && u > s && u-r < 90:
		return "rsu"
	case r >= 0 && s >= 0 && r < s:
		return "rs"
	case r >= 0 && s >= 0:
		return "sr"
	case r >= 0:
		return "r"
	case s >= 0:
		return "s"
	}
	return ""
}

// cellWord is what stands in a column of times instead of a time.
var cellWord = expression.MustCompile(`(?i)\b(?:daily|weekly|hourly|monthly|next release|not applicable|n/a|none|best efforts?|as agreed)\b`)

// fillRow gives the durations of a row to its columns. Words beside a duration win over the order of the columns.
func fillRow(row *PriorityRow, body, order string, offset int) {
	all := Durations(body)
	if order == "" && !responseHead.MatchString(body) && !resolveHead.MatchString(body) {
		return
	}
	tabular := len(order) > 1 // the header names the columns; a word in a description names none
	words := cellWord.FindAllStringIndex(body, -1)
	column := 0
	from := 0
	for _, d := range all {
		for len(words) > 0 && words[0][0] < d.Start {
			if column > 0 && words[0][0] >= from {
				column++ // "daily" takes the place of a time
			}
			words = words[1:]
		}
		before := body[from:d.Start]
		after := body[d.End:min(len(body), d.End+40)]
		from = d.End
		switch d.Duration.Unit {
		case calendar.UnitMonth, calendar.Year, calendar.Quarter:
			continue
		}
		d.Start, d.End = d.Start+offset, d.End+offset
		said := saidBy(before, after, tabular)
		if said == 0 {
			if column >= len(order) {
				continue
			}
			said = order[column]
			column++
		}
		v := d
		switch {
		case said == 'r' && row.Response == nil:
			row.Response = &v
		case said == 's' && row.Resolution == nil:
			row.Resolution = &v
		default:
			continue
		}
		row.End = max(row.End, d.End)
	}
}

var besideTime = expression.MustCompile(`(?i)\b(?:(respond|response|reaction|acknowledge\w*)|(?:fix|resolve|recovery|restore|resolution|repair))[ :]*(?:within |in )?$`)

var (
	inWhichRespond = expression.MustCompile(`(?i)^,? ?(?:in which |within which )?to (?:respond|acknowledge|react|answer)`)
	inWhichResolve = expression.MustCompile(`(?i)^,? ?(?:in which |within which )?to (?:resolve|restore|fix|repair|correct|recover)`)
)

// saidBy tells by the words beside a time what it is a time for: 'r', 's', or 0. In a table only words right before it
// count.
func saidBy(before, after string, tabular bool) byte {
	switch {
	case inWhichRespond.MatchString(after):
		return 'r'
	case inWhichResolve.MatchString(after):
		return 's'
	}
	if tabular {
		// "no workaround   1 hour" is a description and a time, not a time for a workaround.
		switch m := besideTime.FindStringSubmatch(before); {
		case m == nil:
			return 0
		case m[1] != "":
			return 'r'
		}
		return 's'
	}
	r := responseHead.FindAllStringIndex(before, -1)
	s := resolveHead.FindAllStringIndex(before, -1)
	switch {
	case r != nil && (s == nil || s[len(s)-1][0] < r[len(r)-1][0]):
		return 'r'
	case r != nil || s != nil:
		return 's'
	}
	return 0
}

func mergeRow(into *PriorityRow, row PriorityRow) {
	if into.Response == nil && row.Response != nil {
		into.Response, into.End = row.Response, max(into.End, row.End)
	}
	if into.Resolution == nil && row.Resolution != nil {
		into.Resolution, into.End = row.Resolution, max(into.End, row.End)
	}
	into.Always = into.Always || row.Always
	into.Business = into.Business || row.Business
}
