package document

import (
	"bytes"
	"path"
	"slices"
	"strings"
)

// FileType is a kind of file that can be read here. This is the one list of them: what an import takes from a folder, which
// attachments of a mail are documents, and as what a file is kept are told from it. How a type is read, its reader knows.
type FileType struct {
	Name       string   // "PNG"
	Reader     string   // name of the reader
	Media      string   // its media type
	Extensions []string // in small letters; the usual one first
	Picture    bool     // a scan, or what a writer puts below a mail
}

// FileTypes is the list. Of the types of one reader the first stands for those that content does not tell apart.
func FileTypes() []FileType {
	return []FileType{
		{"PDF", "pdf", "application/pdf", []string{".pdf"}, false},
		{"TIFF", "scan", "image/tiff", []string{".tif", ".tiff"}, true},
		{"PNG", "scan", "image/png", []string{".png"}, true},
		{"JPEG", "scan", "image/jpeg", []string{".jpg", ".jpeg"}, true},
		{"GIF", "scan", "image/gif", []string{".gif"}, true},
		{"BMP", "scan", "image/bmp", []string{".bmp"}, true},
		{"WebP", "scan", "image/webp", []string{".webp"}, true},
		{"EML", "mail", "message/rfc822", []string{".eml"}, false},
		{"MSG", "mail", "application/vnd.ms-outlook", []string{".msg"}, false},
		{"DOC", "office", "application/msword", []string{".doc", ".dot"}, false},
		{"RTF", "office", "application/rtf", []string{".rtf"}, false},
		{"ODT", "office", "application/vnd.oasis.opendocument.text", []string{".odt", ".ott", ".fodt"}, false},
		{"DOCX", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", []string{".docx", ".docm", ".dotx"}, false},
		{"HTML", "html", "text/html", []string{".html", ".htm", ".xhtml"}, false},
		{"text", "plain", "text/plain; charset=utf-8", []string{".txt"}, false},
	}
}

// TypeOf tells the type by content. HTML, mails as they are sent and text have no mark of their own: their readers look closer.
func TypeOf(file []byte) (FileType, bool) {
	is := func(s string) bool { return bytes.HasPrefix(file, []byte(s)) }
	head := file[:min(len(file), 200)]
	name := ""
	switch {
	case is("\x89PNG\r\n\x1a\n"):
		name = "PNG"
	case is("\xff\xd8\xff"):
		name = "JPEG"
	case is("GIF87a"), is("GIF89a"):
		name = "GIF"
	case is("BM") && len(file) > 18 && file[6] == 0 && file[7] == 0 && file[8] == 0 && file[9] == 0 && (file[14] == 40 || file[14] == 108 || file[14] == 124):
		name = "BMP"
	case is("RIFF") && len(file) > 12 && string(file[8:12]) == "WEBP":
		name = "WebP"
	case is("II*\x00"), is("MM\x00*"):
		name = "TIFF"
	case is(`{\rtf`):
		name = "RTF"
	case is("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
		switch {
		case bytes.Contains(file, wide("__substg1.0_")):
			name = "MSG"
		case bytes.Contains(file, wide("EncryptedPackage")): // a DOCX with a password
			name = "DOCX"
		case bytes.Contains(file, wide("WordDocument")):
			name = "DOC"
		}
	case is("PK\x03\x04"):
		switch {
		case bytes.Contains(head, []byte("mimetypeapplication/vnd.oasis.opendocument.text")), bytes.Contains(head, []byte("mimetypeapplication/vnd.sun.xml.writer")):
			name = "ODT"
		case bytes.Contains(file, []byte("word/")):
			name = "DOCX"
		}
	case bytes.Contains(file[:min(len(file), 1024)], []byte("%PDF-")):
		name = "PDF"
	}
	return typeWhere(func(t FileType) bool { return t.Name == name })
}

// TypeNamed tells the type by the name of a file, which is only a hint.
func TypeNamed(filename string) (FileType, bool) {
	extension := strings.ToLower(path.Ext(filename))
	return typeWhere(func(t FileType) bool { return slices.Contains(t.Extensions, extension) })
}

// MediaType is as what a file is kept that a reader (with its version) has recognised; the name is never believed.
func MediaType(reader string, file []byte) string {
	reader, _, _ = strings.Cut(reader, "/")
	if t, ok := TypeOf(file); ok && t.Reader == reader {
		return t.Media
	}
	if t, ok := typeWhere(func(t FileType) bool { return t.Reader == reader }); ok {
		return t.Media
	}
	return "application/octet-stream"
}

// ExtensionOf is the usual extension of a media type, "" for one that is not read here.
func ExtensionOf(media string) string {
	t, ok := typeWhere(func(t FileType) bool { known, _, _ := strings.Cut(t.Media, ";"); return known == media })
	if !ok {
		return ""
	}
	return t.Extensions[0]
}

func typeWhere(is func(FileType) bool) (FileType, bool) {
	list := FileTypes()
	i := slices.IndexFunc(list, is)
	if i < 0 {
		return FileType{}, false
	}
	return list[i], true
}

// wide is a name as compound files keep it.
func wide(s string) []byte {
	out := make([]byte, 0, 2*len(s))
	for _, c := range []byte(s) {
		out = append(out, c, 0)
	}
	return out
}
