package scan

import (
	"fmt"
	"slices"
	"strings"
)

// listOf names pages or pictures: "Page 3 was", "Pages 1, 2, 5 were".
func listOf(what string, numbers []int, one, many string) string {
	slices.Sort(numbers)
	if len(numbers) == 1 {
		return fmt.Sprintf("%s %d %s", what, numbers[0], one)
	}
	var s []string
	for i := 0; i < len(numbers); i++ {
		from := i
		for i+1 < len(numbers) && numbers[i+1] == numbers[i]+1 {
			i++
		}
		if len(s) == 8 {
			s = append(s, "…")
			break
		}
		if i > from {
			s = append(s, fmt.Sprintf("%d to %d", numbers[from], numbers[i]))
		} else {
			s = append(s, fmt.Sprint(numbers[i]))
		}
	}
	return fmt.Sprintf("%ss %s %s", what, strings.Join(s, ", "), many)
}

// keys are the pages that were looked at and had words.
func keys(seen map[int]Seen) []int {
	var out []int
	for i, s := range seen {
		if len(s.Page.Words) > 0 {
			out = append(out, i+1)
		}
	}
	slices.Sort(out)
	return out
}
