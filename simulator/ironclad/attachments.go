package ironclad

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"strings"

	"github.com/pactloop/pactloop/simulator/stage"
)

const accepted = ".adoc, .asice, .bdoc, .csv, .ddoc, .doc, .docx, .edoc, .eml, .gif, .htm, .html, .jpeg, .jpg, .msg, .pdf, .png, .ppt, .pptx, .rtf, .tif, .tiff, .txt, .xls, .xlsx, .xml"

// download answers the bytes of a record's attachment or a workflow's document; both are kept under the object's id.
func (s *Simulator) download(param string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !s.admit(w, r) {
			return
		}
		f, err := s.fileOf(r.PathValue("id"), r.PathValue(param))
		if err != nil {
			respond(w, reply{}, err)
			return
		}
		w.Header().Set("Content-Type", f.contentType)
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.name}))
		_, _ = w.Write(f.data)
	}
}

func (s *Simulator) fileOf(id, key string) (file, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := find(s.workflows, id)
	if o == nil {
		var err error
		if o, err = s.record(id, http.StatusBadRequest); err != nil {
			return file{}, err
		}
	}
	f, ok := s.files[text(o["id"])][key]
	if !ok {
		return file{}, notFound(http.StatusBadRequest, "couldn't find an attachment with the key %s", key)
	}
	return f, nil
}

func (s *Simulator) createAttachment(r *http.Request, body []byte) (reply, error) {
	o, err := s.record(r.PathValue("id"), http.StatusBadRequest)
	if err != nil {
		return reply{}, err
	}
	id, key := text(o["id"]), r.PathValue("key")
	if _, ok := s.files[id][key]; ok {
		return reply{}, invalid("key", "attachment key %q has an existing file", key)
	}
	f, err := readUpload(r.Header.Get("Content-Type"), body)
	if err != nil {
		return reply{}, err
	}
	s.attach(id, key, f)
	s.touch(o)
	stage.Applied(r.Context(), stage.Effect{Object: "attachment", RecordID: id, ExternalID: key, Kind: "create"})
	return reply{http.StatusOK, s.render(o, hostOf(r))}, nil
}

// readUpload reads the parts attachment (bytes) and metadata ({"filename": …}).
func readUpload(contentType string, body []byte) (file, error) {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil || params["boundary"] == "" {
		return file{}, invalid("attachment", "the body must be multipart/form-data")
	}
	var f file
	var meta struct {
		Filename string `json:"filename"`
	}
	seen := map[string]bool{}
	for parts := multipart.NewReader(bytes.NewReader(body), params["boundary"]); ; {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return file{}, invalid("attachment", "the form could not be read")
		}
		data, err := io.ReadAll(p)
		if err != nil {
			return file{}, invalid("attachment", "the form could not be read")
		}
		seen[p.FormName()] = true
		switch p.FormName() {
		case "attachment":
			f.data, f.name, f.contentType = data, p.FileName(), p.Header.Get("Content-Type")
		case "metadata":
			if err := stage.Decode(data, &meta); err != nil {
				return file{}, invalid("metadata", "metadata must be JSON with filename")
			}
		}
	}
	for _, part := range []string{"attachment", "metadata"} {
		if !seen[part] {
			return file{}, failure{status: http.StatusBadRequest, Code: "MISSING_PARAM", Message: fmt.Sprintf("missing form data part %s", part), Param: part}
		}
	}
	f.name = or(meta.Filename, f.name)
	ext := strings.ToLower(path.Ext(f.name))
	if ext == "" || !strings.Contains(accepted+",", ext+",") {
		return file{}, invalid("metadata.filename", "filename %q does not have an accepted extension. Only the following extensions are allowed: %s", f.name, accepted)
	}
	if f.contentType == "" || f.contentType == "application/octet-stream" {
		f.contentType = or(mime.TypeByExtension(ext), "application/octet-stream")
	}
	return f, nil
}

func (s *Simulator) deleteAttachment(r *http.Request, _ []byte) (reply, error) {
	o, err := s.record(r.PathValue("id"), http.StatusNotFound)
	if err != nil {
		return reply{}, err
	}
	id, key := text(o["id"]), r.PathValue("key")
	if _, ok := s.files[id][key]; !ok {
		return reply{}, notFound(http.StatusNotFound, "couldn't find an attachment with the key %s", key)
	}
	delete(s.files[id], key)
	s.touch(o)
	stage.Applied(r.Context(), stage.Effect{Object: "attachment", RecordID: id, ExternalID: key, Kind: "delete"})
	return reply{status: http.StatusNoContent}, nil
}
