package mail_test

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/mail"
)

// packed is RTF as Outlook keeps it, of letters alone: a byte before each eight says that they refer to nothing.
func packed(rtf string) string {
	var body []byte
	for i := 0; i < len(rtf); i += 8 {
		body = append(append(body, 0), rtf[i:min(i+8, len(rtf))]...)
	}
	head := binary.LittleEndian.AppendUint32(nil, uint32(len(body)+12))
	head = binary.LittleEndian.AppendUint32(head, uint32(len(rtf)))
	return string(append(binary.LittleEndian.AppendUint32(append(head, "LZFu"...), 0), body...))
}

// written is a message whose words are RTF.
func written(words, rtf string) []byte {
	list := [][2]string{{"__properties_version1.0", strings.Repeat("\x00", 32)}, {"__substg1.0_0037001F", "T\x00e\x00r\x00m\x00"}, {"__substg1.0_10090102", rtf}}
	if words != "" {
		list = append(list, [2]string{"__substg1.0_1000001E", words})
	}
	return documenttest.Compound(list)
}

func TestTheWordsOfAMessageThatAreRTFAreRead(t *testing.T) {
	t.Parallel()
	// The example of the description of the format.
	example, err := hex.DecodeString("2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		words, rtf string
		want       []string
	}{
		"the example":  {"", string(example), []string{"hello world"}},
		"not packed":   {"", "\x20\x00\x00\x00\x14\x00\x00\x00MELA\x00\x00\x00\x00{\\rtf1 The fee.\\par}", []string{"The fee."}},
		"paragraphs":   {"", packed(`{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fnil\fcharset0 Arial;}{\f1\fnil\fcharset204 Arial;}}{\*\generator Mail;}{\info{\title Draft}}\pard The fee is \b ten\b0  dollars.\par M\'fcller\line pays \u8364?5. \{net\}\par\f1\'d6\'e5\'ed\'e0\par}`), []string{"The fee is ten dollars.", "Müller", "pays €5. {net}", "Цена"}},
		"a table":      {"", packed(`{\rtf1\trowd\cellx100\cellx200\intbl Uptime\cell Credit\cell\row\trowd\intbl below 99 %\cell 10 %\cell\row\pard It ends.\par}`), []string{"Uptime", "Credit", "below 99 %", "10 %", "It ends."}},
		"a page":       {"other words", packed(`{\rtf1\ansi\fromhtml1{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 The fee is 5 {\*\htmltag84 &lt;}\htmlrtf <\htmlrtf0  6.\htmlrtf\par}\htmlrtf0{\*\htmltag72 </p>}{\*\mhtmltag64 <i>}{\*\htmltag64 <ul><li>}One{\*\htmltag64 </li></ul>}}`), []string{"The fee is 5 < 6.", "• One"}},
		"of a text":    {"The fee is\r\nten dollars.", packed(`{\rtf1\ansi\fromtext The fee is\par ten dollars.\par}`), []string{"The fee is", "ten dollars."}},
		"beside words": {"The fee is one dollar.", packed(`{\rtf1 The fee is ten dollars.\par}`), []string{"The fee is ten dollars."}},
	} {
		d := read(t, written(c.words, c.rtf))
		if len(d.Warnings) > 0 {
			t.Errorf("%s: warnings %q", name, d.Warnings)
		}
		documenttest.Lines(t, documenttest.Blocks(d), append([]string{"Subject: Term"}, c.want...)...)
	}
}

func TestHiddenWordsOfAnRTFAreNoText(t *testing.T) {
	t.Parallel()
	for name, rtf := range map[string]string{
		"hidden": `{\rtf1 The fee is ten dollars.\par\v One dollar.\v0\par}`, "tiny": `{\rtf1 The fee is ten dollars.\par{\fs2 One dollar.}\par}`,
		"white": `{\rtf1{\colortbl;\red255\green255\blue255;}The fee is ten dollars.\par\cf1 One dollar.\par}`, "struck": `{\rtf1 The fee is ten dollars.\par\strike One dollar.\strike0\par}`,
		"a page": `{\rtf1\fromhtml1{\*\htmltag64 <p>}The fee is ten dollars.{\*\htmltag64 <p style="display:none">}One dollar.}`,
	} {
		d := read(t, written("", packed(rtf)))
		if strings.Contains(d.Text, "One dollar") || !strings.Contains(d.Text, "ten dollars.") || len(d.Warnings) != 1 || len(d.Asides) != 1 {
			t.Errorf("%s: %q, warnings %q, asides %+v", name, d.Text, d.Warnings, d.Asides)
		}
	}
}

func TestRTFThatIsNoneIsTold(t *testing.T) {
	t.Parallel()
	deep := packed(`{\rtf1 ` + strings.Repeat("{", 5000))
	for name, rtf := range map[string]string{"short": "LZFu", "another packing": "\x20\x00\x00\x00\x20\x00\x00\x00ABCD\x00\x00\x00\x00{\\rtf1 x}", "no RTF": packed("The fee."), "groups without end": deep} {
		d := read(t, written("", rtf))
		if len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "not read here") {
			t.Errorf("%s: %q, warnings %q", name, d.Text, d.Warnings)
		}
		if d := read(t, written("The fee.", rtf)); len(d.Warnings) != 0 || !strings.Contains(d.Text, "The fee.") {
			t.Errorf("%s beside words: %q, warnings %q", name, d.Text, d.Warnings)
		}
	}
}

// FuzzRTF reads any RTF, packed and not, as the words of a message.
func FuzzRTF(f *testing.F) {
	f.Add([]byte(`{\rtf1\ansi\ansicpg932{\fonttbl{\f1\fcharset128 A;}}{\colortbl;\red255\green255\blue255;}\f1\'82\'a0\u12354?\cf1 x\par\trowd\intbl a\cell b\cell\row{\*\x y}\bin3 {}}z\par}`), true)
	f.Add([]byte(`{\rtf1\fromhtml1{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 x\par}`), true)
	f.Add([]byte(packed(`{\rtf1 The fee.\par}`)), false)
	f.Fuzz(func(t *testing.T, rtf []byte, pack bool) {
		text := string(rtf)
		if pack {
			text = packed(text)
		}
		documenttest.Survives(t, mail.New(mail.Config{}), written("", text))
	})
}
