package grammar_test

import "testing"

// TestPublicBodiesAreParties reads bodies without a legal form, and neither who acts for them nor the state whose laws govern.
func TestPublicBodiesAreParties(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"a municipality beside a province": {
			"SOFTWARE LICENCE AGREEMENT\n\nBETWEEN: Lodgepole Records Inc., a corporation incorporated under the laws of the Province of Alberta (\"Licensor\")\n\nAND: The Regional Municipality of Elk Narrows (\"Licensee\")\n\nWHEREAS the parties signed a letter of intent on February 2, 2026;\n\n1. The Licensee shall pay the Licensor CAD 96,000.00 per annum.\n\n2. This Agreement is governed by the laws of the Province of Alberta.",
			"Lodgepole Records Inc. (licensor); Regional Municipality of Elk Narrows (licensee)",
		},
		"a ministry that somebody represents": {
			"FRAMEWORK CONTRACT FOR TRANSLATION SERVICES\n\nconcluded between\n\nthe Ministry of Transport of the Republic of Valdora, represented by its Secretary General, Ms Ilse Krantz (hereinafter the \"Contracting Authority\"), of the one part,\n\nand\n\nLexibridge Sprachdienste GmbH, established in Vienna, Austria, represented by Mr Karl Aumann, managing director (hereinafter the \"Contractor\"), of the other part.\n\nArticle 1 - The Contractor translates documents within five working days of an order.",
			"Ministry of Transport of the Republic of Valdora (customer); Lexibridge Sprachdienste GmbH (supplier)",
		},
	} {
		if got := termIn(t, "parties", c.text); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// TestRolesStandBesideNames reads labels that stand within one line, and short names in a line of their own between hyphens.
func TestRolesStandBesideNames(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"two labels in one line": {
			"Hosting Order\n\n1. Parties. Provider: Kestrel Nodes GmbH, Hafenstrasse 9, Hamburg. Customer: Obst & Meyer KG, Lübeck.\n\n2. Start: 1 June 2026. Term: 2 years.\n\n3. Fee: EUR 400 per month.",
			"Kestrel Nodes GmbH (supplier); Obst & Meyer KG (customer)",
		},
		"hereinafter, in a line of its own": {
			"Maintenance Agreement\n\nbetween\n\nAlpenwerk Aufzüge AG, Industriestrasse 40, 8005 Zürich, Switzerland\n- hereinafter referred to as \"Principal\" -\n\nand\n\nSeehotel Brunnmatt AG, Uferweg 1, 6003 Luzern, Switzerland\n- hereinafter referred to as \"Contractor\" -\n\n§ 1 Subject\n\nThe lifts of the hotel are maintained.",
			"Alpenwerk Aufzüge AG (customer); Seehotel Brunnmatt AG (supplier)",
		},
	} {
		if got := termIn(t, "parties", c.text); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
