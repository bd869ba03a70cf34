package plain_test

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/plain"
	"github.com/pactloop/pactloop/internal/pact"
)

const (
	german   = "Müller & Söhne GmbH liefert die Geräte für zwölf Monate. Die Vergütung beträgt 500 € je Stück und ist binnen 30 Tagen fällig."
	polish   = "Niniejsza umowa została zawarta między stronami w Łodzi i obowiązuje przez dwanaście miesięcy. Należność jest płatna w ciągu trzydziestu dni od doręczenia faktury, zgodnie z załącznikiem."
	russian  = "Настоящий договор заключён между сторонами и действует в течение двенадцати месяцев. Оплата производится в течение тридцати дней после получения счёта."
	greek    = "Η παρούσα σύμβαση ισχύει για δώδεκα μήνες και ανανεώνεται αυτόματα. Η πληρωμή γίνεται εντός τριάντα ημερών από την παραλαβή του τιμολογίου."
	nippon   = "本契約は契約締結日から十二か月間有効とする。買主は請求書を受領した日から三十日以内に代金を支払うものとする。"
	chinese  = "本合同自签订之日起十二个月内有效。买方应当在收到发票之日起三十日内支付全部货款，逾期应当支付违约金。"
	formosa  = "本合約自簽訂之日起十二個月內有效。買方應於收到發票之日起三十日內支付全部貨款，逾期應支付違約金。"
	hangul   = "본 계약은 체결일로부터 십이 개월 동안 유효하다. 매수인은 청구서를 받은 날부터 삼십 일 이내에 대금을 지급하여야 한다."
	portugal = "Este contrato é celebrado entre as partes e vigora por doze meses. O preço é de R$ 500,00 e será pago em até trinta dias após a emissão da fatura."
)

func TestTextsInManyCharacterSetsAreRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		e    encoding.Encoding
	}{
		"Windows-1252":      {german, charmap.Windows1252},
		"ISO-8859-1":        {portugal, charmap.ISO8859_1},
		"Windows-1250":      {polish, charmap.Windows1250},
		"ISO-8859-2":        {polish, charmap.ISO8859_2},
		"Windows-1251":      {russian, charmap.Windows1251},
		"KOI8-R":            {russian, charmap.KOI8R},
		"ISO-8859-5":        {russian, charmap.ISO8859_5},
		"ISO-8859-7":        {greek, charmap.ISO8859_7},
		"Shift-JIS":         {nippon, japanese.ShiftJIS},
		"EUC-JP":            {nippon, japanese.EUCJP},
		"ISO-2022-JP":       {nippon, japanese.ISO2022JP},
		"GB18030":           {chinese, simplifiedchinese.GB18030},
		"Big5":              {formosa, traditionalchinese.Big5},
		"EUC-KR":            {hangul, korean.EUCKR},
		"UTF-16LE":          {german, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)},
		"UTF-16BE":          {nippon, unicode.UTF16(unicode.BigEndian, unicode.UseBOM)},
		"UTF-32LE":          {german, utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)},
		"UTF-32BE":          {nippon, utf32.UTF32(utf32.BigEndian, utf32.UseBOM)},
		"UTF-8":             {hangul, unicode.UTF8},
		"UTF-8 with a mark": {nippon, unicode.UTF8BOM},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, err := c.e.NewEncoder().Bytes([]byte(c.text))
			if err != nil {
				t.Fatal(err)
			}
			want(t, read(t, file), c.text)
		})
	}
}

// Sets of Latin letters are told by how signs and letters stand; a guess is warned of.
func TestLatinSetsAreToldByTheirSigns(t *testing.T) {
	t.Parallel()
	const quoted = "SUPPLY AGREEMENT\n\nMade between Müller & Söhne GmbH (“Supplier”) and Halden Systems, Inc. (“Buyer”).\n\nThe price is €12.50 per unit for the first 1,000 units, £10.00 per unit thereafter – Buyer shall pay within 45 days."
	plainQuotes := strings.NewReplacer("“", `"`, "”", `"`, "–", "-").Replace(quoted)
	for name, c := range map[string]struct {
		e    encoding.Encoding
		text string
	}{
		"Windows-1252":  {charmap.Windows1252, quoted},
		"Mac Roman":     {charmap.Macintosh, quoted},
		"ISO-8859-15":   {charmap.ISO8859_15, plainQuotes},
		"code page 437": {charmap.CodePage437, strings.ReplaceAll(plainQuotes, "€", "$")},
		"Windows-1250":  {charmap.Windows1250, polish},
	} {
		file, err := c.e.NewEncoder().Bytes([]byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		d := read(t, file)
		if want := strings.ReplaceAll(c.text, "\n\n", "\n"); d.Text != want {
			t.Errorf("%s: %q", name, d.Text)
		}
		if len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "it was read as "+name+":") {
			t.Errorf("%s: warnings %q", name, d.Warnings)
		}
	}
	if d := read(t, []byte(quoted)); len(d.Warnings) != 0 {
		t.Errorf("UTF-8: warnings %q", d.Warnings)
	}
}

func TestALabelIsBelievedWhereItCanBeTrue(t *testing.T) {
	t.Parallel()
	greekBytes, err := charmap.ISO8859_7.NewEncoder().Bytes([]byte("Τιμή: ένα"))
	if err != nil {
		t.Fatal(err)
	}
	for label, c := range map[string][2]string{
		"iso-8859-7":   {string(greekBytes), "Τιμή: ένα"},
		"utf-8":        {"f\xfcr", "für"}, // the label can not be true
		"no-such-set":  {"für", "für"},
		"windows-1252": {"\xef\xbb\xbffür", "für"}, // the mark is stronger
	} {
		if got, err := plain.Decode([]byte(c[0]), label); err != nil || got != c[1] && got != "\ufeff"+c[1] {
			t.Errorf("%s: %q, %v", label, got, err)
		}
	}
}

func TestBinaryRubbishIsRefusedByName(t *testing.T) {
	t.Parallel()
	for name, file := range map[string][]byte{
		"zeros": make([]byte, 3000), "control characters": bytes.Repeat([]byte{1, 2, 3, 'a'}, 500), "words and zeros": append([]byte("The fee is ten dollars."), 0, 0, 7),
	} {
		_, err := plain.New(plain.Config{}).Read(t.Context(), file)
		if err == nil {
			t.Errorf("%s was read", name)
			continue
		}
		documenttest.WantState(t, err, pact.DocumentUnsupported)
	}
}

func TestATextOfAMainframeIsRead(t *testing.T) {
	t.Parallel()
	const text = "SUPPLY AGREEMENT\nThe fee is USD 12,500.00 per month, payable in 30 days.\nThe term is one year."
	for name, end := range map[string]string{"line feeds": "\n", "new lines": "\u0085"} {
		file, err := charmap.CodePage037.NewEncoder().String(strings.ReplaceAll(text, "\n", end))
		if err != nil {
			t.Fatal(err)
		}
		d := read(t, []byte(file))
		if d.Text != text || len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "EBCDIC") {
			t.Errorf("%s: %q, warnings %q", name, d.Text, d.Warnings)
		}
	}
	if d := read(t, []byte("ada@quarrel.example, b@quarrel.example and c@quarrel.example shall agree")); strings.Contains(d.Text, "quarrel") != true || len(d.Warnings) != 0 {
		t.Errorf("%q, warnings %q", d.Text, d.Warnings)
	}
}
