package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// installation is a running one, and an importer with a key of it.
func installation(t *testing.T) (*apitest.House, importer) {
	t.Helper()
	h := apitest.Build(t, apitest.Options{})
	key, _, err := h.Gate.AddKey(storetest.System(t), "import", pact.Connector, []string{"*"})
	if err != nil {
		t.Fatal(err)
	}
	return h, importer{client: &http.Client{Timeout: time.Minute}, server: h.URL, key: key, maxFile: apitest.MaxFile, parallel: 3, wait: time.Millisecond}
}

func (im importer) print(t *testing.T, from string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := im.run(t.Context(), from, &out, io.Discard)
	return out.String(), err
}

func says(t *testing.T, got string, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(got, w) {
			t.Errorf("nothing says %q:\n%s", w, got)
		}
	}
}

func folderOf(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func register(t *testing.T, h *apitest.House) []string {
	t.Helper()
	titles := map[pact.ContractID]string{}
	all := apitest.All(t, h.Store.Reads().Contracts)
	for _, c := range all {
		titles[c.ID] = c.Title
	}
	var out []string
	for _, c := range all {
		out = append(out, fmt.Sprintf("%s|%s|%s|%s|%s|%s|%s", c.Title, c.Number, c.Customer, c.ContractType, c.BusinessUnit, titles[c.ParentID], c.Relation))
	}
	slices.Sort(out)
	return out
}

func TestAFolderIsImportedOnce(t *testing.T) {
	t.Parallel()
	h, im := installation(t)
	dir := folderOf(t, map[string]string{"a.txt": "The first.", "deep/er/b.eml": "The second.", "notes.json": "{}", "c.pdf": "The third."})
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "out.txt")); err != nil {
		t.Fatal(err)
	}
	im.unit = "north"
	got, err := im.print(t, dir)
	if err != nil {
		t.Fatalf("%v: %s", err, got)
	}
	says(t, got, "3 added, 0 known already, 0 failed, 0 refused")
	got, err = im.print(t, dir)
	if err != nil {
		t.Fatalf("%v: %s", err, got)
	}
	says(t, got, "0 added, 3 known already, 0 failed")
	if r := register(t, h); len(r) != 3 || r[0] != "a||||north||" {
		t.Errorf("register %q", r)
	}
}

// A name is only a hint: what a file is, its content tells.
func TestDocumentsOfAFolderAreToldByTheirContent(t *testing.T) {
	t.Parallel()
	h, im := installation(t)
	files := documenttest.Files()
	made := map[string]string{
		"scan1": string(files["contract.pdf"]), "agreement.final": string(files["contract.docx"]), "letter": "Dear Sirs, this is the letter of the supplier.", "photo.dat": "\x89PNG\r\n\x1a\n",
		".hidden.pdf": string(files["contract.pdf"]), ".git/a.txt": "x", "~$agreement.docx": "x", "prices.xlsx": "PK\x03\x04xl/workbook.xml", "tool.exe": "MZ\x00\x01\x02\x00", "notes.json": "{}", "empty": "",
	}
	got, err := im.print(t, folderOf(t, made))
	if err != nil {
		t.Errorf("%v: %s", err, got)
	}
	says(t, got, "4 added, 0 known already, 0 failed, 0 refused", "2 skipped: .git/, .hidden.pdf. Its name begins with a dot", "~$agreement.docx. It is the note", "prices.xlsx. It is an archive, a workbook", "tool.exe. It is no text",
		"notes.json. By its name it is data", "empty. It is empty")
	if r := register(t, h); len(r) != 4 {
		t.Errorf("register %q", r)
	}
	made["list.csv"] = "file,title\nscan1,By content\ntool.exe,None\n"
	got, err = im.print(t, filepath.Join(folderOf(t, made), "list.csv"))
	if err == nil {
		t.Error("a refused line must end in a failure")
	}
	says(t, got, "0 added, 1 known already, 0 failed, 1 refused", "tool.exe: It is no text")
}

func TestAManifestIsCheckedLineByLine(t *testing.T) {
	t.Parallel()
	h, im := installation(t)
	dir := folderOf(t, map[string]string{
		"msa.txt": "The master.", "sow.txt": "The work.", "amd.txt": "The change.", "x.txt": "x", "y.txt": "y", "z.txt": "z", "w.txt": "w",
		"list.csv": "\ufefffile;contract_number;customer;business_unit;parent;type;relation\n" +
			"amd.txt;AM-1;Acme, Inc.;north;sow.txt;amendment;amendment\n" + // its parent comes later
			"sow.txt;SOW-1;Acme, Inc.;north;MSA-1;sow;sow\n" +
			"msa.txt;MSA-1;\"Acme, Inc.\";north;;msa;\n" +
			";N;;;;;\n" +
			"../msa.txt;N;;;;;\n" +
			"missing.txt;N;;;;;\n" +
			"msa.txt;N2;;;;;\n" +
			"x.txt;MSA-1;;;;;\n" +
			"x.txt;X;;;;Big Type;\n" +
			"x.txt;X;;;;;nephew\n" +
			"x.txt;X;;no unit!;;;\n" +
			"y.txt;Y;;;z.txt;;\n" +
			"z.txt;Z;;;y.txt;;\n" +
			"x.txt;X;;;;;;too;many\n" +
			"w.txt;W;;north;NOBODY-9;;\n",
	})
	got, err := im.print(t, filepath.Join(dir, "list.csv"))
	if err == nil {
		t.Error("refused lines must end in a failure")
	}
	says(t, got, "3 added, 0 known already, 1 failed, 11 refused", "line 5", "The column file is empty", "line 6 ", "outside of the folder", "no such file", "names the same file", "same contract number", "The type must be", "The relation must be", "business unit must be", "lead back to it", "has 9 columns", `0 contracts of the business unit "north" have the number "NOBODY-9"`)
	want := []string{"amd|AM-1|Acme, Inc.|amendment|north|sow|amendment", "msa|MSA-1|Acme, Inc.|msa|north||", "sow|SOW-1|Acme, Inc.|sow|north|msa|sow"}
	if r := register(t, h); !slices.Equal(r, want) {
		t.Errorf("register %q", r)
	}
	kept, err := os.ReadFile(filepath.Join(dir, "list.rejected.csv"))
	if err != nil {
		t.Fatal(err)
	}
	says(t, string(kept), "file,contract_number,customer,business_unit,parent,type,relation,reason", "missing.txt,N,,,,,,There is no such file beside the manifest.")
	if got := strings.Count(string(kept), "\n"); got != 12 {
		t.Errorf("%d lines are kept: %s", got, kept)
	}
	// What was uploaded is known; a line that was corrected is added, below a contract of the register.
	if err := os.WriteFile(filepath.Join(dir, "list.csv"), []byte("file,contract_number,parent,business_unit\nmsa.txt,MSA-1,,north\nw.txt,W,SOW-1,north\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err = im.print(t, filepath.Join(dir, "list.csv")); err != nil {
		t.Fatalf("%v: %s", err, got)
	}
	says(t, got, "1 added, 1 known already, 0 failed, 0 refused")
	if _, err := os.Stat(filepath.Join(dir, "list.rejected.csv")); err == nil {
		t.Error("lines that are settled are still kept as refused")
	}
	if r := register(t, h); !slices.Contains(r, "w|W|||north|sow|child") {
		t.Errorf("register %q", r)
	}
}

// TestAQuoteThatDoesNotCloseTakesNoOtherLineWithIt: the lines below it were neither imported nor told.
func TestAQuoteThatDoesNotCloseTakesNoOtherLineWithIt(t *testing.T) {
	t.Parallel()
	h, im := installation(t)
	dir := folderOf(t, map[string]string{
		"a.txt": "The first.", "b.txt": "The second.", "c.txt": "The third.", "d.txt": "The fourth.",
		"list.csv": "file,contract_number,customer,business_unit\n" +
			"a.txt,A-1,\"Acme\"s,north\n" +
			"b.txt,B-1,\"Acme,north\n" +
			"c.txt,C-1,\"Acme,\nInc.\",north\n" +
			"d.txt,D-1,Acme,north\n",
	})
	got, err := im.print(t, filepath.Join(dir, "list.csv"))
	if err == nil {
		t.Error("refused lines must end in a failure")
	}
	says(t, got, "2 added, 0 known already, 0 failed, 2 refused", "line 2 a.txt: The line can not be read as CSV", "line 3 b.txt: The line can not be read as CSV")
	if r := register(t, h); len(r) != 2 || !strings.HasPrefix(r[0], "c|C-1|Acme,") || r[1] != "d|D-1|Acme||north||" {
		t.Errorf("register %q", r)
	}
	kept, err := os.ReadFile(filepath.Join(dir, "list.rejected.csv"))
	if err != nil {
		t.Fatal(err)
	}
	says(t, string(kept), "a.txt,A-1,", "b.txt,B-1,")
}

func TestAManifestThatIsNoneIsRefusedAsAWhole(t *testing.T) {
	t.Parallel()
	_, im := installation(t)
	for name, csv := range map[string]string{"empty": "", "no file column": "a,b\n1,2\n", "unknown columns": "file,colour\na.txt,red\n", "no text": "file\x00\x01\x02"} {
		dir := folderOf(t, map[string]string{"m.csv": csv, "a.txt": "a"})
		if got, err := im.print(t, filepath.Join(dir, "m.csv")); err == nil || exitCode(err) != 2 {
			t.Errorf("%s: %v, %s", name, err, got)
		}
	}
}

func TestAnArchiveIsImportedWithoutUnpackingAnythingElsewhere(t *testing.T) {
	t.Parallel()
	h, im := installation(t)
	dir := t.TempDir()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(head zip.FileHeader, content string) {
		t.Helper()
		head.Method = zip.Deflate
		w, err := z.CreateHeader(&head)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
	}
	add(zip.FileHeader{Name: "contracts/a.txt"}, "The first.")
	add(zip.FileHeader{Name: `contracts\b.txt`}, "The second.")
	add(zip.FileHeader{Name: "../../out.txt"}, "Out of it.")
	add(zip.FileHeader{Name: "/etc/out.txt"}, "Out of it.")
	add(zip.FileHeader{Name: "contracts/a.txt"}, "The same name.")
	add(zip.FileHeader{Name: "inner.zip"}, "x")
	add(zip.FileHeader{Name: "__MACOSX/._a.txt"}, "x")
	add(zip.FileHeader{Name: "picture.ico"}, "\x00\x00\x01\x00\x01\x00")
	add(zip.FileHeader{Name: "contracts/.hidden.txt"}, "Hidden.")
	add(zip.FileHeader{Name: "bomb.txt"}, strings.Repeat("a", apitest.MaxFile*40))
	link := zip.FileHeader{Name: "link.txt"}
	link.SetMode(os.ModeSymlink | 0o777)
	add(link, "/etc/passwd")
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "all.zip")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := im.print(t, path)
	if err == nil {
		t.Error("refused files must end in a failure")
	}
	says(t, got, "2 added, 0 known already, 1 failed, 5 refused", "../../out.txt: Its name leads out", "/etc/out.txt: Its name leads out", "link.txt: It is a link", "same name", "archive in the archive", "bomb.txt: it is larger", "1 skipped: picture.ico. It is no text", "1 skipped: contracts/.hidden.txt. Its name begins with a dot")
	if r := register(t, h); len(r) != 2 {
		t.Errorf("register %q", r)
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 1 {
		t.Errorf("the folder holds %v, %v", list, err)
	}
	if got, err = im.print(t, path); err == nil {
		t.Error("twice")
	}
	says(t, got, "0 added, 2 known already, 1 failed, 5 refused")
}

func TestAnArchiveMayHoldItsManifest(t *testing.T) {
	t.Parallel()
	h, im := installation(t)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range map[string]string{"manifest.csv": "file,contract_number,customer\nin/a.txt,A-1,Müller GmbH\n", "in/a.txt": "The first.", "in/b.txt": "Nobody names it."} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "all.ZIP")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := im.print(t, path)
	if err != nil {
		t.Fatalf("%v: %s", err, got)
	}
	says(t, got, "1 skipped: in/b.txt. The manifest does not name it.")
	if r := register(t, h); len(r) != 1 || r[0] != "a|A-1|Müller GmbH||default||" {
		t.Errorf("register %q", r)
	}
}

func TestAnImportThatIsStoppedSaysWhatIsLeft(t *testing.T) {
	t.Parallel()
	_, im := installation(t)
	dir := folderOf(t, map[string]string{"a.txt": "a", "b.txt": "b"})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out bytes.Buffer
	if err := im.run(ctx, dir, &out, io.Discard); !errors.Is(err, errSilent) {
		t.Errorf("it ends with %v after its sentence", err)
	}
	says(t, out.String(), "Stopped: 0 added, 0 known already, 2 left. Run the same command again")
}

// What every file would meet ends the import at once, with one sentence and the way to go on.
func TestAnImportThatCanNotGoOnStops(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	for i := range 40 {
		files[fmt.Sprintf("%02d.txt", i)] = fmt.Sprint("Agreement ", i)
	}
	for name, x := range map[string]struct {
		change func(*testing.T, *apitest.House, *importer, *atomic.Int64)
		says   string // to the user, in the end
		out    string
		most   int64 // requests
	}{
		"a wrong key": {func(_ *testing.T, _ *apitest.House, im *importer, _ *atomic.Int64) { im.key = "pl_wrong" }, "does not know the API key", "Stopped: 0 added, 0 known already, 40 left.", 1},
		"a key without the role": {func(t *testing.T, h *apitest.House, im *importer, _ *atomic.Int64) {
			im.key = h.Key(t, pact.Viewer)
		}, "has the role viewer", "Stopped: 0 added, 0 known already, 40 left.", 1},
		"nobody there": {func(_ *testing.T, _ *apitest.House, im *importer, _ *atomic.Int64) { im.server = "http://127.0.0.1:1" }, "http://127.0.0.1:1 does not answer", "Stopped: 0 added, 0 known already, 40 left.", 5},
		"somebody else": {func(t *testing.T, _ *apitest.House, im *importer, _ *atomic.Int64) {
			other := httptest.NewServer(http.NotFoundHandler())
			t.Cleanup(other.Close)
			im.server = other.URL
		}, "does not answer like an installation", "40 left.", 1},
		"a server that goes away": {func(_ *testing.T, _ *apitest.House, im *importer, n *atomic.Int64) {
			im.parallel = 1
			im.client = &http.Client{Transport: counted{n, func(r *http.Request) (*http.Response, error) {
				if n.Load() > 8 {
					return nil, errors.New("connection refused")
				}
				return http.DefaultTransport.RoundTrip(r)
			}}}
		}, "does not answer. Look whether it runs", "Stopped: 7 added, 0 known already, 33 left.", 13},
		"a key that is revoked meanwhile": {func(t *testing.T, _ *apitest.House, im *importer, n *atomic.Int64) {
			im.parallel = 1
			im.client = &http.Client{Transport: counted{n, func(r *http.Request) (*http.Response, error) {
				if n.Load() > 5 {
					r.Header.Set("Authorization", "Bearer pl_wrong")
				}
				return http.DefaultTransport.RoundTrip(r)
			}}}
		}, "or it was revoked", "Stopped: 4 added, 0 known already, 36 left.", 6},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, im := installation(t)
			var n atomic.Int64
			im.client = &http.Client{Transport: counted{&n, http.DefaultTransport.RoundTrip}}
			x.change(t, h, &im, &n)
			got, err := im.print(t, folderOf(t, files))
			if err == nil || errors.Is(err, errSilent) || !strings.Contains(err.Error(), x.says) {
				t.Errorf("it ends with %v", err)
			}
			says(t, got, x.out, "Run the same command again to go on")
			if n.Load() > x.most || strings.Count(got, "\n") != 1 {
				t.Errorf("%d requests, and it says\n%s", n.Load(), got)
			}
			if len(register(t, h)) == 40 {
				t.Error("it went on to the end")
			}
		})
	}
}

// counted counts the requests that leave.
type counted struct {
	n    *atomic.Int64
	send func(*http.Request) (*http.Response, error)
}

func (c counted) RoundTrip(r *http.Request) (*http.Response, error) {
	c.n.Add(1)
	return c.send(r)
}

func FuzzManifest(f *testing.F) {
	f.Add("file,parent\na.txt,b.txt\nb.txt,a.txt\n")
	f.Add("file;contract_number\r\n\"a.txt\";1\r\n\"broken;2\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		dir := t.TempDir()
		for _, name := range []string{"a.txt", "b.txt"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, "m.csv"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := planImport(filepath.Join(dir, "m.csv"), 1<<20)
		if err != nil {
			return
		}
		defer p.source.Close()
		n := 0
		for _, level := range p.levels() {
			n += len(level)
		}
		if n != len(p.items) || n > 2 {
			t.Errorf("%d of %d items are ordered", n, len(p.items))
		}
		for _, r := range p.refused {
			if r.reason == "" {
				t.Errorf("%+v has no reason", r)
			}
		}
	})
}

// zipped packs files in the order that is given; a name may stand twice.
func zipped(tb testing.TB, files ...[2]string) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, file := range files {
		w, err := z.Create(file[0])
		if err == nil {
			_, err = io.WriteString(w, file[1])
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// FuzzImportArchive plans the import of any archive, with its manifest: no name leads out of it, every file is taken once or refused
// with a reason, and no more comes out of it than it may.
func FuzzImportArchive(f *testing.F) {
	f.Add(zipped(f, [2]string{"a.txt", "The fee."}, [2]string{"deep/b.txt", "The term."}, [2]string{"manifest.csv", "file,contract_number,parent\na.txt,C-1,\ndeep/b.txt,C-2,C-1\n"}))
	f.Add(zipped(f, [2]string{"../a.txt", "x"}, [2]string{"/b.txt", "x"}, [2]string{`c\..\..\d.txt`, "x"}, [2]string{"e.txt", "x"}, [2]string{"e.txt", "y"}, [2]string{"f.zip", "PK\x03\x04"}))
	f.Add(zipped(f, [2]string{"a.txt", strings.Repeat("a", 1<<16)}, [2]string{"manifest.csv", "file;parent\r\na.txt;a.txt\r\n\"broken;2\r\n../x;1\r\n"}))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	const most = 1 << 14
	f.Fuzz(func(t *testing.T, file []byte) {
		name := filepath.Join(t.TempDir(), "import.zip")
		if err := os.WriteFile(name, file, 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := planImport(name, most)
		if err != nil {
			return
		}
		defer p.source.Close()
		seen := map[string]bool{}
		for _, item := range p.items {
			if !filepath.IsLocal(item.file) || strings.Contains(item.file, `\`) || seen[item.file] {
				t.Errorf("%q is taken", item.file)
			}
			seen[item.file] = true
			if b, err := p.source.Read(item.file); err == nil && len(b) > most {
				t.Errorf("%d bytes came out of %q", len(b), item.file)
			}
		}
		for _, r := range append(p.refused, p.skipped...) {
			if r.reason == "" {
				t.Errorf("%+v has no reason", r)
			}
		}
		n := 0
		for _, level := range p.levels() {
			n += len(level)
		}
		if n != len(p.items) {
			t.Errorf("%d of %d items are ordered", n, len(p.items))
		}
	})
}
