package matching

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// place is an address in its parts, as far as they are known.
type place struct {
	street  []string // words of the street, or of the whole free text
	city    string
	postal  string
	country string // ISO code
	free    bool   // city and postal code must be looked for in the text
}

// maxAddress bounds the addresses compared.
const maxAddress = 400

func placeOf(c Company) place {
	text := clipTo(c.Address, maxAddress)
	p := place{
		street: addressWords(text), city: strings.Join(addressWords(clipTo(c.City, 80)), " "), postal: plainID(c.PostalCode),
		country: countryCode(c.Country), free: c.City == "" && c.PostalCode == "",
	}
	if p.country == "" && p.free {
		p.country = countryIn(text)
	}
	if p.postal == "" {
		for _, w := range slices.Backward(p.street) {
			if digits := strings.Count(strings.Map(digitMark, w), "#"); digits >= 4 && len(w) <= 10 {
				p.postal = strings.ToUpper(w)
				break
			}
		}
	}
	return p
}

func (p place) empty() bool { return len(p.street) == 0 && p.city == "" && p.postal == "" }

// has tells whether the words of a city stand in the free text.
func (p place) has(city string) bool {
	return strings.Contains(" "+strings.Join(p.street, " ")+" ", " "+city+" ")
}

// placeScore compares addresses part by part; known is false where one side has none. A different country is a doubt.
func placeScore(want, have place, o *Option) (score int, known bool) {
	if want.country != "" && have.country != "" && want.country != have.country {
		o.doubts = append(o.doubts, fmt.Sprintf("The countries differ: %s here, %s there.", want.country, have.country))
	}
	if want.empty() || have.empty() {
		return 0, false
	}
	sum, weight := 0, 0
	add := func(part string, w, s int) {
		sum += w * s
		weight += w
		switch {
		case s == one:
			o.Explanation = append(o.Explanation, "The "+part+" is the same.")
		case s == 0:
			o.Explanation = append(o.Explanation, "The "+part+" differs.")
		default:
			o.Explanation = append(o.Explanation, fmt.Sprintf("The %s agrees to %s.", part, percent(s)))
		}
	}
	if want.postal != "" && have.postal != "" {
		add("postal code", 35, same(shortPostal(want.postal) == shortPostal(have.postal)))
	}
	switch {
	case want.city != "" && have.city != "":
		add("city", 35, same(want.city == have.city))
	case want.city == "" && have.city != "" && want.free:
		add("city", 35, same(want.has(have.city)))
	case have.city == "" && want.city != "" && have.free:
		add("city", 35, same(have.has(want.city)))
	}
	if len(want.street) > 0 && len(have.street) > 0 {
		part := "street"
		if want.free && have.free {
			part = "address"
		}
		add(part, 30, containment(want.street, have.street))
	}
	if weight == 0 {
		return 0, false
	}
	return sum / weight, true
}

// containment is the share of the words of the shorter address that stand in the longer one; house numbers must agree.
func containment(a, b []string) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	found := 0
	for _, w := range a {
		if slices.Contains(b, w) {
			found++
		}
	}
	return found * one / len(a)
}

func same(yes bool) int {
	if yes {
		return one
	}
	return 0
}

// shortPostal drops the extension of a US ZIP code.
func shortPostal(s string) string {
	if len(s) == 9 && strings.Count(strings.Map(digitMark, s), "#") == 9 {
		return s[:5]
	}
	return s
}

func digitMark(r rune) rune {
	if unicode.IsDigit(r) {
		return '#'
	}
	return r
}

// streetWords is only read.
var streetWords = strings.NewReplacer("straße", "strasse", "str.", "strasse ", "-", " ")

// addressWords splits an address and writes common abbreviations in one way.
func addressWords(s string) []string {
	s = streetWords.Replace(strings.ToLower(s))
	out := words(germanise(fold(s)))
	for i, w := range out {
		switch w {
		case "street":
			out[i] = "st"
		case "avenue":
			out[i] = "ave"
		case "road":
			out[i] = "rd"
		case "boulevard":
			out[i] = "blvd"
		case "drive":
			out[i] = "dr"
		case "lane":
			out[i] = "ln"
		case "suite":
			out[i] = "ste"
		case "floor":
			out[i] = "fl"
		case "north":
			out[i] = "n"
		case "south":
			out[i] = "s"
		case "east":
			out[i] = "e"
		case "west":
			out[i] = "w"
		}
	}
	return out
}

// country is a country under its names.
type country struct {
	code  string
	names []string
}

// knownCountries is only read.
var knownCountries = []country{
	{"US", []string{"us", "usa", "united states", "united states of america"}},
	{"GB", []string{"gb", "uk", "united kingdom", "great britain", "england", "scotland", "wales", "northern ireland"}},
	{"DE", []string{"de", "germany", "deutschland"}},
	{"AT", []string{"at", "austria", "oesterreich", "osterreich"}},
	{"CH", []string{"ch", "switzerland", "schweiz", "suisse"}},
	{"FR", []string{"fr", "france"}},
	{"IT", []string{"it", "italy", "italia"}},
	{"ES", []string{"es", "spain", "espana"}},
	{"PT", []string{"pt", "portugal"}},
	{"NL", []string{"nl", "netherlands", "the netherlands", "nederland"}},
	{"BE", []string{"be", "belgium", "belgique", "belgie"}},
	{"LU", []string{"lu", "luxembourg"}},
	{"IE", []string{"ie", "ireland"}},
	{"DK", []string{"dk", "denmark", "danmark"}},
	{"SE", []string{"se", "sweden", "sverige"}},
	{"NO", []string{"no", "norway", "norge"}},
	{"FI", []string{"fi", "finland", "suomi"}},
	{"PL", []string{"pl", "poland", "polska"}},
	{"CZ", []string{"cz", "czechia", "czech republic"}},
	{"HU", []string{"hu", "hungary"}},
	{"CA", []string{"ca", "canada"}},
	{"MX", []string{"mx", "mexico"}},
	{"BR", []string{"br", "brazil", "brasil"}},
	{"AR", []string{"ar", "argentina"}},
	{"AU", []string{"au", "australia"}},
	{"NZ", []string{"nz", "new zealand"}},
	{"IN", []string{"in", "india"}},
	{"CN", []string{"cn", "china"}},
	{"JP", []string{"jp", "japan"}},
	{"KR", []string{"kr", "korea", "south korea"}},
	{"SG", []string{"sg", "singapore"}},
	{"IL", []string{"il", "israel"}},
	{"ZA", []string{"za", "south africa"}},
}

// countryCode reads a country given by itself; what is not known is compared as it is written.
func countryCode(s string) string {
	w := strings.Join(words(germanise(fold(clipTo(s, 60)))), " ")
	if w == "" {
		return ""
	}
	for _, c := range knownCountries {
		if slices.Contains(c.names, w) {
			return c.code
		}
	}
	return strings.ToUpper(w)
}

// countryIn finds a country at the end of a free address. Two-letter codes are not read there: "CA" is California.
func countryIn(address string) string {
	parts := strings.FieldsFunc(address, func(r rune) bool { return r == ',' || r == '\n' || r == ';' })
	if len(parts) == 0 {
		return ""
	}
	last := words(germanise(fold(parts[len(parts)-1])))
	text := strings.Join(last, " ")
	for _, c := range knownCountries {
		for _, n := range c.names[1:] {
			if text == n || strings.HasSuffix(text, " "+n) {
				return c.code
			}
		}
	}
	if n := len(last); n >= 2 && len(last[n-1]) >= 5 && len(last[n-2]) == 2 && isState(last[n-2]) && strings.Trim(last[n-1], "0123456789") == "" {
		return "US" // "IL 62701"
	}
	return ""
}

func isState(s string) bool {
	const states = " al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc "
	return strings.Contains(states, " "+s+" ")
}
