package plain

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

const scanReason = "The file is a picture (%s) and has no text. Run text recognition (OCR) on it and save the result as PDF, or send the original file."

// signatures of formats that are known and not read here, by their first bytes.
func foreign(file []byte) error {
	unsupported := func(what string) error { return document.Failed(pact.DocumentUnsupported, "The file is "+what) }
	head := func(s string) bool { return bytes.HasPrefix(file, []byte(s)) }
	switch {
	case head("\x89PNG"):
		return picture("PNG")
	case head("\xff\xd8\xff"):
		return picture("JPEG")
	case head("II*\x00"), head("MM\x00*"):
		return picture("TIFF")
	case head("GIF8"):
		return picture("GIF")
	case head("BM") && len(file) > 14 && file[5] == 0 && binary(file[:min(len(file), 512)]):
		return picture("BMP")
	case head("RIFF") && len(file) > 12 && string(file[8:12]) == "WEBP":
		return picture("WebP")
	case len(file) > 12 && string(file[4:8]) == "ftyp" && strings.HasPrefix(string(file[8:12]), "hei"):
		return picture("HEIC")
	case head("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
		return compound(file)
	case head("{\\rtf"):
		return unsupported("an RTF document, which this reader does not take. Save it as DOCX or PDF, and upload that.")
	case head("7z\xbc\xaf"), head("Rar!"), head("\x1f\x8b"), head("BZh"), head("\xfd7zXZ"):
		return unsupported("a packed archive. Unpack it and upload the documents in it.")
	case head("\x7fELF"), head("MZ") && binary(file[:min(len(file), 512)]):
		return document.Failed(pact.DocumentRejected, "The file is a program, not a document. It was not opened. Check where it comes from.")
	case head("%!PS"):
		return unsupported("a PostScript file. Convert it to PDF and upload that.")
	case head("%PDF-"):
		return unsupported("a PDF, which this reader does not take. Upload it again, or print it to a new PDF.")
	}
	return nil
}

func picture(kind string) error {
	return document.Failed(pact.DocumentNeedsOCR, strings.Replace(scanReason, "%s", kind, 1))
}

// compound names an OLE file: a Word document with a password, an old Office file, or an Outlook message. The directory
// inside lists names in UTF-16.
func compound(file []byte) error {
	has := func(name string) bool {
		wide := make([]byte, 0, 2*len(name))
		for _, c := range []byte(name) {
			wide = append(wide, c, 0)
		}
		return bytes.Contains(file, wide)
	}
	switch {
	case has("EncryptedPackage"):
		return document.Failed(pact.DocumentEncrypted, "The Office document opens only with a password. Save a copy without the password and upload that.")
	case has("__substg1.0"):
		return document.Failed(pact.DocumentUnsupported, "The file is an Outlook message that can not be opened. Save its attachment and upload that.")
	case has("WordDocument"):
		return document.Failed(pact.DocumentUnsupported, "The file is an old Word document (.doc), which this reader does not take. Open it in Word, save it as DOCX or PDF, and upload that.")
	case has("Workbook"), has("Book"):
		return document.Failed(pact.DocumentUnsupported, "The file is an old Excel workbook (.xls). Save the contract as PDF or DOCX and upload that.")
	}
	return document.Failed(pact.DocumentUnsupported, "The file is an old Office file of a kind that is not read. Save it as DOCX or PDF and upload that.")
}

var (
	htmlStart = regexp.MustCompile(`(?i)^\s*(?:<!--|<\?xml[^>]*\?>|\s)*<(?:!doctype\s+html|html|head|body|div|p|table|h[1-6]|span|meta|font)\b`)
	htmlBody  = regexp.MustCompile(`(?i)<(?:html|body)[\s>]`)
	xmlStart  = regexp.MustCompile(`^\s*<\?xml\b`)
	mailStart = regexp.MustCompile(`(?im)\A(?:[A-Za-z-]{2,40}:[^\n]*\n(?:[ \t][^\n]*\n)*){3,}\s*\n`)
	mailField = regexp.MustCompile(`(?im)^(?:message-id|mime-version|received|return-path):`)
)

// markup refuses text that is written in another format: shown as it is, its tags would stand among the words.
func markup(text string) error {
	head := text[:min(len(text), 4096)]
	switch {
	case htmlStart.MatchString(head), htmlBody.MatchString(head):
		return document.Failed(pact.DocumentUnsupported, "The file looks like a web page (HTML), and no page begins in it. Open it in a browser, print it to PDF, and upload that.")
	case xmlStart.MatchString(head):
		return document.Failed(pact.DocumentUnsupported, "The file is an XML file. Save the document as PDF or DOCX and upload that.")
	case mailField.MatchString(head) && mailStart.MatchString(head+"\n"):
		return document.Failed(pact.DocumentUnsupported, "The file looks like a mail message, and lacks what a mail begins with. Save its attachment and upload that.")
	}
	return nil
}
