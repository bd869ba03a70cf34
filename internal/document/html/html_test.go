package html_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/html"
	"github.com/pactloop/pactloop/internal/pact"
)

func read(t testing.TB, page string) *document.Document {
	t.Helper()
	return documenttest.Read(t, html.New(html.Config{}), []byte(page))
}

func blocks(d *document.Document) []string {
	var out []string
	for _, b := range d.Blocks {
		where := ""
		if b.Kind == document.Cell {
			where = fmt.Sprintf(" %d/%d/%d", b.Table, b.Row, b.Col)
			if b.Rows+b.Cols > 0 {
				where += fmt.Sprintf(" %dx%d", b.Rows, b.Cols)
			}
		}
		out = append(out, fmt.Sprintf("%s%s: %s", b.Kind, where, d.Slice(b.Start, b.End)))
	}
	return out
}

func page(body string) string {
	return "<!DOCTYPE html><html><head><title>A title</title></head><body>" + body + "</body></html>"
}

func TestTheSuite(t *testing.T) {
	t.Parallel()
	documenttest.Reader(t, html.New(html.Config{}), documenttest.HTML(documenttest.Contract...))
}

func TestHeadingsParagraphsAndListsAreBlocks(t *testing.T) {
	t.Parallel()
	d := read(t, page(`<h1>Supply <em>Agreement</em></h1><p>Made on
	March 2,   2026.</p>Loose words<div>and a division</div>
	<ol><li>Term<ol type="a"><li>It starts in <b>April</b>.<li value="4">It ends.</ol></li><li><p>Price</p><p>In dollars.</p></li></ol>
	<ul><li>a bullet</li></ul><ul style="list-style:none"><li>no bullet</li></ul><ol start="7" type="I"><li>Seven</li></ol>
	<p>One<br>Two<br><br>Three, a line that was broken by a program<br>in the middle of its sentence.</p>`))
	documenttest.Lines(t, blocks(d), "heading: Supply Agreement", "paragraph: Made on March 2, 2026.", "paragraph: Loose words", "paragraph: and a division", "list_item: 1. Term", "list_item: a. It starts in April.", "list_item: d. It ends.",
		"list_item: 2. Price", "paragraph: In dollars.", "list_item: • a bullet", "paragraph: no bullet", "list_item: VII. Seven", "paragraph: One", "paragraph: Two", "paragraph: Three, a line that was broken by a program in the middle of its sentence.")
	if b := d.Blocks[0]; b.Level != 1 {
		t.Errorf("the heading has level %d", b.Level)
	}
}

func TestTablesAreCellsWithTheirExtent(t *testing.T) {
	t.Parallel()
	d := read(t, page(`<table><caption>Credits</caption><thead><tr><th>Priority<th colspan=2>Times</tr></thead><tr><td rowspan=2>P1</td><td>1 hour</td><td>4 hours,<p>around the clock</td></tr><tr><td>2 hours<td>8 hours</tr></table>`))
	documenttest.Lines(t, blocks(d), "paragraph: Credits", "cell 1/0/0: Priority", "cell 1/0/1 0x2: Times", "cell 1/1/0 2x0: P1", "cell 1/1/1: 1 hour", "cell 1/1/2: 4 hours, around the clock", "cell 1/2/1: 2 hours", "cell 1/2/2: 8 hours")
}

func TestATableThatOnlyArrangesThePageIsNone(t *testing.T) {
	t.Parallel()
	d := read(t, page(`<table><tr><td>A frame.</td></tr></table><table role=presentation><tr><td>Left.<td>Right.</tr></table>
	<table><tr><td><h2>Price</h2><p>`+strings.Repeat("Many words. ", 300)+`</p></td><td>Aside.</td></tr></table>
	<table><tr><td>(a)</td><td>the first condition; and</td></tr><tr><td>(b)</td><td>the second one.</td></tr></table>`))
	got := blocks(d)
	for i := range got {
		got[i] = got[i][:min(len(got[i]), 40)]
	}
	documenttest.Lines(t, got, "paragraph: A frame.", "paragraph: Left.", "paragraph: Right.", "heading: Price", "paragraph: Many words. Many words. Many ", "paragraph: Aside.", "list_item: (a) the first condition; and", "list_item: (b) the second one.")
}

func TestWhatAPersonDoesNotSeeIsNoText(t *testing.T) {
	t.Parallel()
	const trap = "The fee is one dollar."
	for name, hidden := range map[string]string{
		"display none":        `<p style="display:none">` + trap + `</p>`,
		"display in capitals": `<p STYLE="DISPLAY : NONE !important">` + trap + `</p>`,
		"visibility":          `<div style="visibility: hidden"><p>` + trap + `</p></div>`,
		"no size":             `<span style="font-size:0">` + trap + `</span>`,
		"one pixel":           `<span style="font-size:1px">` + trap + `</span>`,
		"one point":           `<p><font style="font-size: 1pt">` + trap + `</font></p>`,
		"white":               `<p style="color:white">` + trap + `</p>`,
		"white in figures":    `<p style="color:#fff">` + trap + `</p>`,
		"white in rgb":        `<p style="color: rgb(254, 255, 253)">` + trap + `</p>`,
		"white by element":    `<font color="#FFFFFF">` + trap + `</font>`,
		"black on black":      `<p style="background-color:#000;color:black">` + trap + `</p>`,
		"transparent":         `<p style="opacity:0">` + trap + `</p>`,
		"no alpha":            `<p style="color:rgba(0,0,0,0)">` + trap + `</p>`,
		"off the page":        `<p style="position:absolute;left:-9999px">` + trap + `</p>`,
		"set out":             `<p style="text-indent:-9999px">` + trap + `</p>`,
		"cut off":             `<div style="height:0;overflow:hidden">` + trap + `</div>`,
		"clipped":             `<div style="clip: rect(0,0,0,0)">` + trap + `</div>`,
		"the attribute":       `<p hidden>` + trap + `</p>`,
		"a class":             `<style>.x, p.y { display: none }</style><p class="a x">` + trap + `</p>`,
		"an id":               `<style>/* a */ @media print { p { color: red } } #z{font-size:0px}</style><p id=z>` + trap + `</p>`,
		"a hidden field":      `<input type=hidden value="` + trap + `">`,
		"Word's hidden":       `<span style='mso-hide:all'>` + trap + `</span>`,
		"a share of nothing":  `<div style="font-size:0"><p style="font-size:1em">` + trap + `</p></div>`,
		"100% of nothing":     `<div style="font-size:0"><p><span style="font-size:100%">` + trap + `</span></p></div>`,
		"a tenth of a root":   `<p style="font-size:0.1rem">` + trap + `</p>`,
		"a tenth of a tenth":  `<div style="font-size:0.3em"><p style="font-size:0.3em">` + trap + `</p></div>`,
		"inside a division":   `<style>div .x{display:none}</style><div><p class=x>` + trap + `</p></div>`,
		"a child":             `<style>div > p:not(.y){display:none}</style><div><p>` + trap + `</p></div>`,
		"an attribute":        `<style>p[data-a="b"]{visibility:hidden}</style><p data-a=b>` + trap + `</p>`,
		"all media":           `<style>@media all { .x{display:none} }</style><p class=x>` + trap + `</p>`,
		"on a screen":         `<style>@media only screen and (min-width: 300px) { .x{display:none} }</style><p class=x>` + trap + `</p>`,
		"a mark of weight":    `<style>.x{display:none !important}</style><p class=x style="display:block">` + trap + `</p>`,
		"a path that cuts":    `<p style="clip-path: inset(100%)">` + trap + `</p>`,
		"drawn at no scale":   `<p style="transform: rotate(3deg) scale(0)">` + trap + `</p>`,
		"moved away":          `<p style="transform: translateX(-9999px)">` + trap + `</p>`,
		"to the right":        `<p style="position:absolute;left:20000px">` + trap + `</p>`,
		"a comment in it":     `<p style="display:/**/none">` + trap + `</p>`,
		"nearly white":        `<p style="background:#eeeeee;color:#f0f0f0">` + trap + `</p>`,
		"white by tone":       `<p style="color:hsl(0, 0%, 100%)">` + trap + `</p>`,
		"a colour by name":    `<p style="background:lavender;color:lavender">` + trap + `</p>`,
		"a variable":          `<style>:root{--ink:#fff}</style><p style="color:var(--ink)">` + trap + `</p>`,
		"eight figures":       `<p style="color:#00000000">` + trap + `</p>`,
		"filled with nothing": `<p style="-webkit-text-fill-color:transparent">` + trap + `</p>`,
		"no extent":           `<div style="block-size:0;overflow:clip">` + trap + `</div>`,
		"no height of a line": `<p style="line-height:0;overflow:hidden">` + trap + `</p>`,
		"set in from nowhere": `<p style="position:absolute;inset:auto auto auto -9999px">` + trap + `</p>`,
		"a margin beats one":  `<p style="margin:0 0 0 -9999px;padding:0 0 0 10px">` + trap + `</p>`,
		"a wide padding":      `<p style="padding:0 0 0 9999px">` + trap + `</p>`,
		"a margin upwards":    `<p style="margin-block-start:-9999px">` + trap + `</p>`,
		"margins in one":      `<p style="margin:0 0 0 -9999px">` + trap + `</p>`,
		"blurred":             `<p style="filter:blur(40px)">` + trap + `</p>`,
		"closed details":      `<details><summary>More</summary><p>` + trap + `</p></details>`,
		"a closed dialogue":   `<dialog>` + trap + `</dialog>`,
		"a hidden row":        `<table><tr><td>a<td>b</tr><tr style="display:none"><td>` + trap + `<td>c</tr></table>`,
	} {
		d := read(t, page(`<p>The fee is ten dollars.</p>`+hidden))
		if strings.Contains(d.Text, "one dollar") || len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "one dollar") || len(d.Asides) == 0 || d.Asides[0].Kind != document.Hidden || d.Asides[0].Why == "" {
			t.Errorf("%s: %q, warnings %q, notices %+v", name, d.Text, d.Warnings, d.Asides)
		}
	}
	for name, seen := range map[string]string{
		"white on blue": `<p style="background:navy;color:white">The fee.</p>`, "a cell with a colour": `<table><tr bgcolor="#1f3864"><td><font color=white>The fee.</font><td>b</tr></table>`,
		"taken back": `<div style="visibility:hidden"><p style="visibility:visible">The fee.</p></div>`, "a rule that is for paper": `<style>@media print { p { display:none } }</style><p>The fee.</p>`, "a rule that a later one takes back": `<style>p{display:none} .x{display:block}</style><p class=x>The fee.</p>`, "a narrow screen": `<style>@media (max-width:480px){p{display:none}}</style><p>The fee.</p>`,
		"large again": `<div style="font-size:0"><p style="font-size:12px">The fee.</p></div>`, "another place": `<style>div .x{display:none}</style><p class=x>The fee.</p>`, "yellow": `<p style="color:yellow">The fee.</p>`,
		"open details": `<details open><summary>More</summary><p>The fee.</p></details>`, "a bar over the window": `<div style="overflow-x:hidden"><p style="margin:0 -9999rem;padding:.25rem 9999rem">The fee.</p></div>`, "columns of one height": `<div style="overflow:hidden"><p style="padding-bottom:32767px;margin:0 0 -32767px">The fee.</p></div>`, "a title of details": `<details><summary>The fee.</summary></details>`, "lines": `<p style="line-height:1.2;overflow:hidden;margin:0 auto;padding:0 10px">The fee.</p>`,
		"a shade behind": `<p style="background:linear-gradient(#fff, #eee)">The fee.</p>`, "a filter": `<p style="filter:grayscale(1) drop-shadow(1px 1px black);animation:none">The fee.</p>`, "a first line": `<style>p::first-line{font-weight:bold}</style><p>The fee.</p>`,
		"black again": `<div style="color:white"><p style="color:#000">The fee.</p></div>`,
	} {
		if d := read(t, page(seen)); !strings.Contains(d.Text, "The fee.") || len(d.Warnings) > 0 {
			t.Errorf("%s: %q, warnings %q", name, d.Text, d.Warnings)
		}
	}
}

func TestARuleThatHidesAndCanNotBeFollowedIsNamed(t *testing.T) {
	t.Parallel()
	for name, head := range map[string]string{
		"a selector of tomorrow":   `<style>p:future(1){display:none}</style>`,
		"rules inside of rules":    `<style>div{ & p{font-size:0} }</style>`,
		"a question to the screen": `<style>@media (monochrome){p{color:white}}</style>`,
		"a size that is computed":  `<style>p{font-size:calc(1px * 0)}</style>`,
		"a variable nobody set":    `<style>p{color:var(--none)}</style>`,
		"letters on a picture":     `<style>p{background:url(x.png);color:white}</style>`,
		"a shape that cuts":        `<style>p{clip-path:polygon(0 0,0 0,0 0)}</style>`,
		"a mask":                   `<style>p{mask-image:linear-gradient(transparent,transparent)}</style>`,
		"a blend":                  `<style>p{mix-blend-mode:lighten}</style>`,
		"an animation":             `<style>@keyframes k{from{opacity:0}to{opacity:0}}p{animation:k 1s infinite}</style>`,
		"brightness":               `<style>p{filter:brightness(100)}</style>`,
		"black on a black shade":   `<style>p{background-image:linear-gradient(black, black);color:black}</style>`,
		"letters turned around":    `<style>p{direction:rtl;unicode-bidi:bidi-override}</style>`,
		"a first line":             `<style>p::first-line{color:white}</style>`,
		"a disguised name":         `<style>p{display:n\6fne}</style>`,
	} {
		d := read(t, `<html><head>`+head+`</head><body><div><p>The fee.</p></div></body></html>`)
		if d.Text != "The fee." || len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "could not be followed") {
			t.Errorf("%s: %q, warnings %q", name, d.Text, d.Warnings)
		}
	}
	if d := read(t, page(`<div><template shadowrootmode=open><p>Other.</p></template><p>The fee.</p></div>`)); len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "could not be followed") {
		t.Errorf("a root in the shadow: %q, warnings %q", d.Text, d.Warnings)
	}
	d := read(t, page(`<style>p:future(1){margin:0} a:hover{color:white} p::before{font-size:0} @media print{p{display:none}} @font-face{font-family:x}</style><p>The fee.</p>`))
	if len(d.Warnings) > 0 {
		t.Errorf("rules that hide nothing: %q", d.Warnings)
	}
}

func TestASheetOutsideOfThePageHoldsItOnlyWhereItMayPickOutText(t *testing.T) {
	t.Parallel()
	const paragraphs = `<p>The fee is ten dollars.</p><p>It is due in May.</p>`
	heads := []string{`<link rel="stylesheet" href="a.css">`, `<style>@import url(a.css);</style>`}
	for name, c := range map[string]struct {
		body   string
		unsure bool
	}{
		"bare paragraphs":                    {paragraphs, false},
		"one class around everything":        {`<div class="page" id="top">` + paragraphs + `</div>`, false},
		"an empty element with a class":      {`<div class="logo"></div>` + paragraphs, false},
		"a script with a name":               {`<script id="a">let x = 1</script>` + paragraphs, false},
		"an empty class":                     {`<p class="">The fee is ten dollars.</p><p>It is due in May.</p>`, false},
		"a paragraph with a class":           {`<p class="small">The fee is ten dollars.</p><p>It is due in May.</p>`, true},
		"words with a name":                  {`<p>The fee is <span id="x">not</span> ten dollars.</p>`, true},
		"a part that stands in a named part": {`<div class="page"><div><p>The fee is ten dollars.</p></div></div><p>It is due in May.</p>`, true},
	} {
		for _, head := range heads {
			d := read(t, `<html><head>`+head+`</head><body>`+c.body+`</body></html>`)
			if unsure := len(d.Warnings) == 1 && strings.Contains(d.Warnings[0], "could not be followed"); unsure != c.unsure || !unsure && len(d.Warnings) > 0 {
				t.Errorf("%s: warnings %q", name, d.Warnings)
			}
		}
	}
	if d := read(t, `<html><head><link rel="stylesheet" media="print" href="a.css"></head><body><p class="small">The fee.</p><p>It is due.</p></body></html>`); len(d.Warnings) > 0 {
		t.Errorf("a sheet for paper: %q", d.Warnings)
	}
}

func TestTheSameStyleGivesTheSameText(t *testing.T) {
	t.Parallel()
	p := page(`<p>The fee is ten dollars.</p><p style="font-size:0.1rem">One dollar.</p><p style="font-size:0.9rem">In advance.</p>`)
	for range 50 {
		if d := read(t, p); d.Text != "The fee is ten dollars.\n\nIn advance." && d.Text != "The fee is ten dollars.\nIn advance." {
			t.Fatalf("%q", d.Text)
		}
	}
}

func TestScriptsAndFramesAreDroppedAndChangesAreNoticed(t *testing.T) {
	t.Parallel()
	d := read(t, page(`<script>document.write("The fee is nothing.")</script><p>The notice period is <del>sixty</del><ins>ninety</ins> days<s> or more</s>.<!-- not this --></p><noscript>nor this</noscript><iframe src="x">nor that</iframe><svg><text>nor these</text></svg>
	<p>☐ <input type=checkbox checked> yearly <input value="a word"> <select><option>one<option selected>two</select></p>`))
	documenttest.Lines(t, blocks(d), "paragraph: The notice period is ninety days.", "paragraph: ☐ ☒ yearly a word two")
	if len(d.Asides) != 2 || d.Asides[0].Text != "sixty" || d.Asides[0].Kind != document.Deleted || len(d.Warnings) != 2 || !strings.Contains(d.Warnings[0], "1 insertions") {
		t.Errorf("notices %+v, warnings %q", d.Asides, d.Warnings)
	}
}

func TestNothingIsFetched(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			asked.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	u := server.URL
	read(t, `<?xml version="1.0"?><!DOCTYPE html SYSTEM "`+u+`/dtd" [<!ENTITY x SYSTEM "`+u+`/entity">]><html><head><link rel=stylesheet href="`+u+`/css"><base href="`+u+`"><meta http-equiv=refresh content="0;url=`+u+`"><style>@import url(`+u+`/i);</style></head>
	<body background="`+u+`/b"><p>The fee is ten dollars. &x;</p><img src="`+u+`/p"><iframe src="`+u+`"></iframe><object data="`+u+`"></object><script src="`+u+`"></script></body></html>`)
	if n := asked.Load(); n != 0 {
		t.Errorf("%d connections", n)
	}
}

func TestCharacterSetsOfPages(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]string{
		"by the page":        "<html><head><meta charset=iso-8859-1></head><body><p>Gr\xfc\xdfe aus K\xf6ln</p></body></html>",
		"by an old page":     "<html><head><meta http-equiv=Content-Type content='text/html; charset=windows-1252'></head><body><p>Gr\xfc\xdfe aus K\xf6ln</p></body></html>",
		"by its mark":        "\xef\xbb\xbf<html><body><p>Grüße aus Köln</p></body></html>",
		"without saying":     "<html><body><p>Grüße aus Köln</p></body></html>",
		"against its saying": "<html><head><meta charset=utf-8></head><body><p>Gr\xfc\xdfe aus K\xf6ln</p></body></html>",
	} {
		if d := read(t, p); d.Text != "Grüße aus Köln" {
			t.Errorf("%s: %q", name, d.Text)
		}
	}
	var wide strings.Builder
	wide.WriteString("\xff\xfe")
	for _, c := range "<html><body><p>Gruesse</p></body></html>" {
		wide.WriteString(string(c) + "\x00")
	}
	if !html.New(html.Config{}).Accepts([]byte(wide.String()), "") {
		t.Error("a page in UTF-16 is not taken")
	}
	if d := read(t, wide.String()); d.Text != "Gruesse" {
		t.Errorf("%q", d.Text)
	}
}

func TestOnlyPagesAreTaken(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"<!DOCTYPE html><p>x": true, "  <div>x</div>": true, "<DOCUMENT>\n<TYPE>EX-10\n<TEXT>\n<HTML><BODY>x": true, "<!-- a --><html>": true, "plain text with a < b": false,
		"From: a@b.c\nTo: d@e.f\nContent-Type: text/html\n\n<html><body>x": false, "<?xml version=\"1.0\"?><office:document/>": false, "": false,
	} {
		if got := html.New(html.Config{}).Accepts([]byte(text), "x.html"); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestHostilePagesEndInAStateAndInTime(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		page string
		want pact.DocumentState
	}{
		"deep":               {strings.Repeat("<div>", 100_000) + "x", pact.DocumentRejected},
		"many tags":          {"<html>" + strings.Repeat("<b>", 1_100_000), pact.DocumentRejected},
		"no text":            {page(`<script>x</script><p style="display:none">y</p>`), pact.DocumentDamaged},
		"only white space":   {" \n ", pact.DocumentDamaged},
		"zeros":              {"<html>\x00\x00\x01\x02", pact.DocumentUnsupported},
		"deep tables":        {strings.Repeat("<table><tr><td>a<td>", 100) + "x", ""},
		"wide cells":         {"<table>" + strings.Repeat("<tr><td colspan=99999 rowspan=99999>a<td rowspan=65534>b", 500), ""},
		"a million brackets": {"<p>" + strings.Repeat("((((1.1.1 <", 50_000), ""},
		"a long style":       {page(`<p style="` + strings.Repeat("color:red;", 100_000) + `">x</p><style>` + strings.Repeat("/* */ a{b:c} /*", 50_000) + `</style>`), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			d, err := html.New(html.Config{}).Read(t.Context(), []byte(c.page))
			switch {
			case c.want != "":
				documenttest.WantState(t, err, c.want)
			case err != nil:
				t.Errorf("got %v", err)
			default:
				documenttest.Check(t, d)
			}
			if took := time.Since(began); took > 2*time.Minute {
				t.Errorf("took %s", took)
			}
		})
	}
}

func FuzzHTML(f *testing.F) {
	for _, s := range []string{
		string(documenttest.HTML(documenttest.Contract...)), `<table><tr><td rowspan=2>a<td colspan=3>b<tr><td><table><tr><td>c<td>d</table>`, `<ol type=a start=-3><li><li value=99999>x<p>y`, `<p style="color:#fff;background:url(x)">a<del>b</del><pre>c
d</pre>`, `<style>p{display:none}/*</style><p>x<br><br>y<select><option>z`,
	} {
		f.Add(s)
	}
	r := html.New(html.Config{})
	f.Fuzz(func(t *testing.T, s string) { documenttest.Survives(t, r, []byte(s)) })
}

func TestAMarkOfANoteIsNoDigitOfTheFigureBeforeIt(t *testing.T) {
	t.Parallel()
	d := read(t, page(`<p>The fee is USD 5<sup>1</sup> a month, up to 10<sup><b>6</b></sup> calls until the 3<sup>rd</sup> day<sup>(2)</sup>.</p><table><tr><td>USD 7<sup><a href="#n">12</a></sup></td><td>x</td></tr></table>`))
	documenttest.Lines(t, blocks(d), "paragraph: The fee is USD 5¹ a month, up to 10⁶ calls until the 3rd day(2).", "cell 1/0/0: USD 7¹²", "cell 1/0/1: x")
}

func TestWordsOfDrawingsFormulasAndFramesAreNotLostInSilence(t *testing.T) {
	t.Parallel()
	d := read(t, page(`<p>The fee is as follows.</p><svg><title>no</title><text>USD 5</text></svg><math><mi>x</mi><mo>=</mo><mn>6</mn></math><iframe srcdoc="&lt;p>USD 7&lt;/p>">old</iframe><svg hidden><text>USD 8</text></svg><svg><path d="M0 0"/></svg>`))
	if d.Text != "The fee is as follows." || len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "not read: “USD 5”, “x = 6”, “USD 7”.") {
		t.Errorf("%q, warnings %q", d.Text, d.Warnings)
	}
}

func TestRaisedDigitsThatAreNoMarkKeepTheirValue(t *testing.T) {
	t.Parallel()
	d := read(t, page(`<p>The fee is $1,250.<sup>50</sup>, or $19<sup>95</sup>, or 1,<sup>50</sup> EUR.</p><p>The term is <sup>24</sup> months<sup>1</sup><sup>2</sup>.</p><p><sup>3</sup>See [<sup>4</sup>].</p>`))
	documenttest.Lines(t, blocks(d), "paragraph: The fee is $1,250.50, or $19.95, or 1,50 EUR.", "paragraph: The term is 24 months¹².", "paragraph: 3See [4].")
}
