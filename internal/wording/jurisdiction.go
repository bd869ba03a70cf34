package wording

import (
	"sort"
	"strings"

	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Place is a jurisdiction that a text names, in its usual short form ("New York").
type Place struct {
	Span
	Name string
}

const usStates = `Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming|District of Columbia|Puerto Rico`

const otherPlaces = `Alberta|British Columbia|Manitoba|New Brunswick|Newfoundland and Labrador|Newfoundland|Nova Scotia|Ontario|Quebec|Saskatchewan|New South Wales|Victoria|Queensland|South Australia|Western Australia|Tasmania|England and Wales|England & Wales|England|Scotland|Northern Ireland|Wales|United Kingdom|Great Britain|Ireland|France|Germany|Italy|Spain|Portugal|Netherlands|Belgium|Luxembourg|Switzerland|Austria|Denmark|Norway|Sweden|Finland|Iceland|Poland|Czech Republic|Slovakia|Hungary|Romania|Bulgaria|Greece|Cyprus|Malta|Turkey|Russian Federation|Russia|Ukraine|Kazakhstan|Israel|Egypt|South Africa|Nigeria|Kenya|Ghana|Morocco|Saudi Arabia|United Arab Emirates|Dubai|Abu Dhabi|Qatar|Kuwait|Bahrain|India|Pakistan|Bangladesh|Sri Lanka|Singapore|Malaysia|Indonesia|Thailand|Vietnam|Philippines|Hong Kong|Macau|Macao|Taiwan|People's Republic of China|Peoples' Republic of China|Peoples Republic of China|PRC|P.R.C.|P.R.C|P.R. China|P. R. China|PR China|China|South Korea|Republic of Korea|Korea|Japan|Australia|New Zealand|Papua New Guinea|Canada|Mexico|Brazil|Argentina|Chile|Colombia|Peru|Panama|Venezuela|Uruguay|Costa Rica|Bermuda|Bahamas|Barbados|Cayman Islands|British Virgin Islands|Jersey|Guernsey|Isle of Man|Gibraltar|Liechtenstein|Monaco|Estonia|Latvia|Lithuania|Slovenia|Croatia|Serbia|Marshall Islands|Liberia|United States of America|United States|U.S.A.|U.S.|USA`

// knownPlaces has the places by their first four letters in lower case, longer names first.
var knownPlaces = indexPlaces(strings.Split(usStates+"|"+otherPlaces, "|"))

func indexPlaces(names []string) map[string][]string {
	index := map[string][]string{}
	for _, n := range names {
		k := strings.ToLower(n[:min(len(n), 3)])
		index[k] = append(index[k], n)
	}
	for _, list := range index {
		sort.SliceStable(list, func(i, j int) bool { return len(list[i]) > len(list[j]) })
	}
	return index
}

// nations by the adjective of their law: "German law applies".
var nations = map[string]string{
	"south australian": "South Australia", "western australian": "Western Australia", "tasmanian": "Tasmania", "victorian": "Victoria",
	"german": "Germany", "english": "England and Wales", "french": "France", "dutch": "Netherlands", "swiss": "Switzerland", "austrian": "Austria", "italian": "Italy", "spanish": "Spain", "belgian": "Belgium",
	"danish": "Denmark", "swedish": "Sweden", "norwegian": "Norway", "finnish": "Finland", "irish": "Ireland", "scottish": "Scotland", "scots": "Scotland", "japanese": "Japan", "chinese": "People's Republic of China",
	"indian": "India", "polish": "Poland", "portuguese": "Portugal", "israeli": "Israel", "australian": "Australia", "canadian": "Canada", "czech": "Czech Republic", "hungarian": "Hungary", "northern irish": "Northern Ireland", "singapore": "Singapore", "welsh": "England and Wales", "romanian": "Romania", "greek": "Greece", "luxembourg": "Luxembourg",
}

var (
	nationalLaw = expression.MustCompile(`(?i)\b(south australian|western australian|tasmanian|victorian|german|english|french|dutch|swiss|austrian|italian|spanish|belgian|danish|swedish|norwegian|finnish|irish|scottish|scots|japanese|chinese|indian|polish|portuguese|israeli|australian|canadian|czech|hungarian|northern irish|singapore|welsh|romanian|greek|luxembourg) law(?:s)?\b(?: (?:applies|shall apply|governs|shall govern|is applicable|exclusively)|[^.]{0,20}\.?$)|\b(?:governed by|in accordance with|subject to|under) (?:the )?(german|english|french|dutch|swiss|austrian|italian|spanish|belgian|danish|swedish|norwegian|finnish|irish|scottish|scots|japanese|chinese|indian|polish|portuguese|israeli|australian|canadian|czech|hungarian|northern irish|singapore|welsh|romanian|greek|luxembourg) law`)
	lawOf       = expression.MustCompile(`(?i)\b(?:laws?|statutes|jurisdiction|legislation)(?:,? (?:and|or) [a-z ]{1,40}?)?,? (?:and jurisdiction )?(?:then )?(?:(?:as )?applied |applicable |prevailing |in effect |in force |existing )?(?:of|in|from|within|for|to)(?: and (?:for|in))?(?:,? and in accordance with the laws of,?)? `)
	lawAfter    = expression.MustCompile(`^(?:'s)?[,.]? (?:State |state |substantive |domestic |internal |local |corporate |contract |civil |commercial )*[Ll](?:aws?|AWS?|egislation)\b`)
	unknownLaw  = expression.MustCompile(`(?:[Ll]aws?|LAWS?) (?:of|OF) (?:the |THE )?(?:(?i:state|commonwealth|republic|kingdom|province|territory) (?:of|OF) )([A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+){0,2})`)
)

// GoverningLaw reads the jurisdiction whose law a clause chooses: "the laws of the State of New York" is New York. The
// clause is one sentence.
func GoverningLaw(s string) (Place, bool) {
	found := Places(s)
	best, rank := Place{}, 0
	consider := func(p Place, r int) {
		if p.Name == "United States" && r > 1 {
			r -= 2 // "the United States and the State of Texas"
		}
		if r > rank {
			best, rank = p, r
		}
	}
	for _, p := range found {
		if lawAfter.MatchString(s[p.End:min(len(s), p.End+60)]) {
			consider(p, 4)
		}
	}
	for _, m := range lawOf.FindAllStringIndex(s, -1) {
		for _, p := range found {
			if p.Start < m[1]-1 {
				continue
			}
			if p.Start-m[1] < 60 && !strings.Contains(s[m[1]:p.Start], ". ") {
				consider(p, 5)
				if p.Name == "United States" {
					continue // "of the United States and the State of Ohio"
				}
			}
			break
		}
	}
	if rank < 4 {
		if place, ok := lawOfNation(s); ok {
			return place, true
		}
	}
	if rank > 0 {
		return best, true
	}
	if m := unknownLaw.FindStringSubmatchIndex(s); m != nil {
		return Place{Span: Span{m[2], m[3]}, Name: titleCase(part(s, m, 1))}, true
	}
	return Place{}, false
}

// lawOfNation reads "German law applies".
func lawOfNation(s string) (Place, bool) {
	low := strings.ToLower(s)
	if !strings.Contains(low, " law") {
		return Place{}, false
	}
	found := false
	for n := range nations {
		found = found || strings.Contains(low, n+" law")
	}
	if !found {
		return Place{}, false
	}
	m := nationalLaw.FindStringSubmatchIndex(s)
	if m == nil {
		return Place{}, false
	}
	k := 1
	if part(s, m, 1) == "" {
		k = 2
	}
	return Place{Span: Span{m[2*k], m[2*k+1]}, Name: nations[strings.ToLower(part(s, m, k))]}, true
}

// Places finds every known jurisdiction a normal form names, in order. Only capitals count: "china", "turkey" and
// "jersey" are words too.
func Places(s string) []Place {
	var found []Place
	for i := 0; i < len(s); i++ {
		if s[i] < 'A' || s[i] > 'Z' || i > 0 && isWordByte(s, i-1) {
			continue
		}
		if n := placeAt(s, i); n > 0 {
			found = append(found, Place{Span: Span{i, i + n}, Name: placeName(s[i : i+n])})
			i += n - 1
		}
	}
	return found
}

func placeAt(s string, i int) int {
	if i+3 > len(s) {
		return 0
	}
	for _, n := range knownPlaces[strings.ToLower(s[i:i+3])] {
		end := i + len(n)
		if end <= len(s) && strings.EqualFold(s[i:end], n) && !isWordByte(s, end) {
			return len(n)
		}
	}
	return 0
}

var stopsAndQuotes = strings.NewReplacer(".", "", "'", "")

func placeName(s string) string {
	switch up := strings.ToUpper(stopsAndQuotes.Replace(s)); {
	case up == "PRC", up == "PR CHINA", up == "P R CHINA", up == "PEOPLES REPUBLIC OF CHINA":
		return "People's Republic of China"
	case strings.HasPrefix(up, "HONG KONG"):
		return "Hong Kong"
	case strings.HasPrefix(up, "UNITED STATES"), up == "US", up == "USA":
		return "United States"
	case strings.HasPrefix(up, "RUSSIA"):
		return "Russia"
	case strings.HasPrefix(up, "ENGLAND AND"), strings.HasPrefix(up, "ENGLAND &"):
		return "England and Wales"
	case up == "REPUBLIC OF KOREA":
		return "South Korea"
	}
	return titleCase(s)
}

func titleCase(s string) string {
	words := strings.Fields(strings.ToLower(s))
	for i, w := range words {
		if i > 0 && (w == "of" || w == "and" || w == "the") {
			continue
		}
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}

// Zones of the clock as contracts of service name them.
var zoneNames = expression.MustCompile(`(?i)\b(?:(eastern)|(central)|(mountain)|(pacific)) (?:standard |daylight |prevailing )?(?:time(?: zone)?)\b|\b(america/[a-z_]+(?:/[a-z_]+)?|europe/[a-z_]+|asia/[a-z_]+|australia/[a-z_]+|africa/[a-z_]+|pacific/[a-z_]+|etc/utc)\b|\b(greenwich mean time|coordinated universal time|central european (?:summer )?time|(?:london|uk|u\.k\.|british|irish|singapore|tokyo|japan standard|india standard|hong kong|sydney|new york(?: city)?|chicago|los angeles|berlin|paris|frankfurt|amsterdam|zurich|vienna|madrid|dublin|san francisco|denver|toronto) (?:local )?time)\b|\b(UTC|GMT|CET|CEST|EST|EDT|ET|CST|CDT|CT|MST|MDT|PST|PDT|PT|IST|BST|JST|SGT|AEST)\b`)

// Zone is an IANA zone that a text names.
type Zone struct {
	Span
	Name string
}

// Zones finds every time zone a normal form names. Codes that are also words (ET, PT, MT, IST) count only in capitals
// after a time of day, which the pattern of the caller sees to; "Eastern Time" is America/New_York.
func Zones(s string) []Zone {
	var found []Zone
	for _, m := range zoneNames.FindAllStringSubmatchIndex(s, -1) {
		name := ""
		switch {
		case part(s, m, 1) != "":
			name = "America/New_York"
		case part(s, m, 2) != "":
			name = "America/Chicago"
		case part(s, m, 3) != "":
			name = "America/Denver"
		case part(s, m, 4) != "":
			name = "America/Los_Angeles"
		case part(s, m, 5) != "":
			name = ianaCase(part(s, m, 5))
		case part(s, m, 6) != "":
			name = namedZone(strings.ToLower(part(s, m, 6)))
		default:
			code := part(s, m, 7)
			if code != strings.ToUpper(code) || !afterTime.MatchString(s[max(0, m[0]-24):m[0]]) && len(code) < 3 {
				continue
			}
			name = codeZone(code)
		}
		if name != "" {
			found = append(found, Zone{Span: Span{m[0], m[1]}, Name: name})
		}
	}
	return found
}

var afterTime = expression.MustCompile(`(?i)(?:\d ?(?:a\.?m\.?|p\.?m\.?)|\d:\d\d|noon|midnight|o'clock)[ (,]*$`)

func ianaCase(s string) string {
	if strings.EqualFold(s, "etc/utc") {
		return "UTC"
	}
	parts := strings.Split(strings.ToLower(s), "/")
	for i, p := range parts {
		words := strings.Split(p, "_")
		for j, w := range words {
			if w != "" {
				words[j] = strings.ToUpper(w[:1]) + w[1:]
			}
		}
		parts[i] = strings.Join(words, "_")
	}
	return strings.Join(parts, "/")
}

func namedZone(s string) string {
	for _, z := range [][2]string{
		{"greenwich", "UTC"},
		{"coordinated", "UTC"},
		{"central european", "Europe/Berlin"},
		{"london", "Europe/London"},
		{"u.k", "Europe/London"},
		{"uk", "Europe/London"},
		{"british", "Europe/London"},
		{"irish", "Europe/Dublin"},
		{"dublin", "Europe/Dublin"},
		{"singapore", "Asia/Singapore"},
		{"tokyo", "Asia/Tokyo"},
		{"japan", "Asia/Tokyo"},
		{"india", "Asia/Kolkata"},
		{"hong kong", "Asia/Hong_Kong"},
		{"sydney", "Australia/Sydney"},
		{"new york", "America/New_York"},
		{"chicago", "America/Chicago"},
		{"los angeles", "America/Los_Angeles"},
		{"san francisco", "America/Los_Angeles"},
		{"denver", "America/Denver"},
		{"toronto", "America/Toronto"},
		{"berlin", "Europe/Berlin"},
		{"frankfurt", "Europe/Berlin"},
		{"paris", "Europe/Paris"},
		{"amsterdam", "Europe/Amsterdam"},
		{"zurich", "Europe/Zurich"},
		{"vienna", "Europe/Vienna"},
		{"madrid", "Europe/Madrid"},
	} {
		if strings.HasPrefix(s, z[0]) {
			return z[1]
		}
	}
	return ""
}

func codeZone(s string) string {
	switch s {
	case "UTC", "GMT":
		return "UTC"
	case "CET", "CEST":
		return "Europe/Berlin"
	case "EST", "EDT", "ET":
		return "America/New_York"
	case "CST", "CDT", "CT":
		return "America/Chicago"
	case "MST", "MDT":
		return "America/Denver"
	case "PST", "PDT", "PT":
		return "America/Los_Angeles"
	case "BST":
		return "Europe/London"
	case "JST":
		return "Asia/Tokyo"
	case "SGT":
		return "Asia/Singapore"
	case "AEST", "IST":
		return "" // Sydney leaves AEST in summer and Brisbane does not; India, Israel and Ireland all use IST
	}
	return ""
}
