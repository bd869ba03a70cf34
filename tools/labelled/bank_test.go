package main

import (
	"strings"
	"testing"
)

func TestMarksOfEveryWordingAreClosed(t *testing.T) {
	t.Parallel()
	for section, wordings := range bank() {
		for i, w := range wordings {
			depth := 0
			for _, r := range w {
				switch r {
				case '«':
					depth++
				case '»':
					depth--
				}
				if depth < 0 {
					break
				}
			}
			if depth != 0 {
				t.Errorf("%s %d: %d marks are open at the end of %.90s", section, i, depth, w)
			}
			if strings.Count(w, "{") != strings.Count(w, "}") {
				t.Errorf("%s %d: a name is not closed", section, i)
			}
		}
	}
}
