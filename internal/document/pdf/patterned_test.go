package pdf

import (
	"bytes"
	"compress/zlib"
	"strings"
	"testing"
)

func TestPatternsAreFoundInPackedObjectsToo(t *testing.T) {
	t.Parallel()
	packed := func(text string) string {
		var b bytes.Buffer
		w := zlib.NewWriter(&b)
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return "<< /Type /ObjStm /N 1 >> stream\r\n" + b.String() + "\nendstream\n"
	}
	for file, want := range map[string]bool{
		"":                          false,
		"/PatternType 2":            true,
		"<< /Type /ObjStm >>":       false, // nothing is in it
		"<</Type/ObjStm>>stream":    true,  // it can not be looked at
		"<</Type/ObjStm>>stream\nx": true,
		packed("<< /Type /Page >>") + packed("<< /Type /Font >>"):      false,
		packed("<< /Type /Page >>") + packed("<< /PatternType 1 >>"):   true,
		packed(strings.Repeat("<< /Type /Page >>", 1000))[:60] + "...": true,
	} {
		if got := patterned([]byte(file)); got != want {
			t.Errorf("%.40q: %v", file, got)
		}
	}
	for file, want := range map[string]bool{"/OC 4 0 R": true, "/O#43 4 0 R": true, "/#4fC\n<<": true, "/OCG /OCProperties /Ordering": false, "/OC": false, "/": false, "": false} {
		if got := layeredForms([]byte(file)); got != want {
			t.Errorf("%q: layers %v", file, got)
		}
	}
}
