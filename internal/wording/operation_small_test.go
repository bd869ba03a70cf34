package wording

import "testing"

func TestWordsThatAreReadAsOthersChangeAValue(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		`1.3 in clause 4.3 "4%" shall be read as "3%";`:                                                `4.3: "4%" to "3%"`,
		`In Section 4.3, the reference to "sixty days" shall be read as a reference to "ninety days".`: `4.3: "sixty days" to "ninety days"`,
		`In clause 7 "London" shall now read "Leeds".`:                                                 `7: "London" to "Leeds"`,
	} {
		ops := Operations(s)
		got := ""
		for _, o := range ops {
			got += o.Target + `: "` + o.Old + `" to "` + o.New + `"`
		}
		if got != want {
			t.Errorf("%s: %s, want %s", s, got, want)
		}
	}
}

func TestARecitalMayNameItsContractInSmallLetters(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		`(A) The parties entered into a supply agreement dated 14 October 2024 (the "Agreement").`: "supply agreement 2024-10-14",
		`The Supplier and the Buyer are parties to a framework services contract on 3 March 2023.`: "framework services contract 2023-03-03",
		`The parties entered into a Master Services Agreement on January 5, 2026.`:                 "Master Services Agreement 2026-01-05",
		`The parties entered into negotiations about an agreement dated 14 October 2024.`:          " ",
		`The parties entered into a supply agreement which they now wish to vary.`:                 " ",
	} {
		ref, _, ok := Recited(s)
		if !ok {
			ref.Title, ref.Date = "", ""
		}
		if got := ref.Title + " " + string(ref.Date); got != want {
			t.Errorf("%s: %q, want %q", s, got, want)
		}
	}
}
