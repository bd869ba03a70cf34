package html_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/html"
	"github.com/pactloop/pactloop/internal/pact"
)

func TestAScanInsideOfAPageIsRecognised(t *testing.T) {
	t.Parallel()
	const said = "The customer may end this agreement with a notice of ninety days to the end of a quarter."
	src := `<img src="data:image/png;base64,` + base64.StdEncoding.EncodeToString(documenttest.Picture(850, 1100)) + `"`
	engine := documenttest.Typist{Lines: []string{said}, Confidence: 0.9}
	for name, c := range map[string]struct {
		page string
		want string
	}{
		"beside a sentence": {"<p>It follows.</p>" + src + "><p>It ends.</p>", "It follows.\n" + said + "\nIt ends."},
		"a logo":            {"<p>It follows.</p>" + src + " width=90 height=120>", "It follows."},
		"hidden":            {"<p>It follows.</p><div style='display:none'>" + src + "></div>", "It follows."},
		"elsewhere":         {"<p>It follows.</p><img src='https://example.com/scan.png' width=900 height=1200>", "It follows."},
	} {
		d, err := html.New(html.Config{Engine: engine}).Read(t.Context(), []byte("<html><body>"+c.page+"</body></html>"))
		if err != nil {
			t.Fatal(err)
		}
		documenttest.Check(t, d)
		if d.Text != c.want || strings.Contains(d.Text, said) != strings.HasSuffix(d.Reader, "+typist/1") {
			t.Errorf("%s: %q by %s", name, d.Text, d.Reader)
		}
	}
	_, err := html.New(html.Config{}).Read(t.Context(), []byte("<html><body><p>It follows.</p>"+src+"></body></html>"))
	documenttest.WantState(t, err, pact.DocumentNeedsOCR)
}
