package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/pactloop/pactloop/internal/fault"
)

// importer sends files to a running installation. It is safe to repeat: the server knows a file by its content.
type importer struct {
	client   *http.Client
	server   string
	key      string
	unit     string
	maxFile  int64
	parallel int
	wait     time.Duration // before the first repetition of a request that failed; doubled each time
}

func importCommand() *cobra.Command {
	im := importer{wait: time.Second}
	c := &cobra.Command{
		Use: "import FOLDER | ARCHIVE.zip | MANIFEST.csv", Short: "Upload many documents to a running installation", Args: cobra.ExactArgs(1),
		Long: "Uploads every document below FOLDER, in ARCHIVE.zip, or named by MANIFEST.csv (columns: file, contract_number, customer, business_unit, parent, relation, type, title, owner). " +
			"A manifest.csv at the top of a folder or an archive is used by itself. It is resumable and safe to repeat: what is there already is known by its content. Lines that are refused are kept beside the manifest with the reason. " +
			"The API key comes from PACTLOOP_API_KEY or --api-key and needs the role reviewer or connector.",
		RunE: func(c *cobra.Command, args []string) error {
			cfg, _, err := settings(c)
			if err != nil {
				return err
			}
			if im.server == "" {
				im.server = cfg.BaseURL
			}
			if im.key == "" {
				im.key = os.Getenv("PACTLOOP_API_KEY")
			}
			if im.key == "" {
				return fault.New(fault.Invalid, "An API key is needed: make one under Settings, then set PACTLOOP_API_KEY.")
			}
			im.client = &http.Client{Timeout: 10 * time.Minute}
			im.maxFile = int64(cfg.MaxFileMiB) << 20
			return im.run(c.Context(), args[0], c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	c.Flags().StringVar(&im.server, "server", "", "address of the installation (default base_url)")
	c.Flags().StringVar(&im.key, "api-key", "", "API key; better in PACTLOOP_API_KEY")
	c.Flags().StringVar(&im.unit, "unit", "", "business unit (default: the key's)")
	c.Flags().IntVar(&im.parallel, "parallel", 4, "uploads at once")
	return c
}

// tally is what became of the files.
type tally struct {
	mu           sync.Mutex
	added, known int
	failed       []string
	contracts    map[string]string // by file: the contract it became
}

func (im importer) run(ctx context.Context, from string, out, progress io.Writer) error {
	plan, err := planImport(from, im.maxFile)
	if err != nil {
		return err
	}
	defer plan.source.Close()
	if len(plan.items) == 0 && len(plan.refused) == 0 {
		return fault.New(fault.Invalid, "There is no document that can be read in %s (PDF, DOCX, DOC, RTF, ODT, HTML, EML, MSG, text, or a picture).", from)
	}
	bar := progressbar.NewOptions(len(plan.items), progressbar.OptionSetWriter(progress), progressbar.OptionShowCount(), progressbar.OptionSetDescription("importing"), progressbar.OptionClearOnFinish())
	t := &tally{contracts: map[string]string{}}
	for _, level := range plan.levels() { // parents before their children
		im.level(ctx, plan, level, t, bar)
		if ctx.Err() != nil {
			_ = bar.Finish()
			fmt.Fprintf(out, "Stopped: %d added, %d known already, %d left. Run the same command again to go on.\n", t.added, t.known, len(plan.items)-t.added-t.known-len(t.failed))
			return ctx.Err()
		}
	}
	_ = bar.Finish()
	fmt.Fprintf(out, "%d added, %d known already, %d failed, %d refused.\n", t.added, t.known, len(t.failed), len(plan.refused))
	slices.Sort(t.failed)
	for _, f := range t.failed {
		fmt.Fprintln(out, "  "+f)
	}
	if err := plan.report(out); err != nil {
		return err
	}
	if len(t.failed) > 0 {
		fmt.Fprintln(out, "Nothing of the failed files was kept. Run the same command again after looking at them.")
	}
	if len(t.failed)+len(plan.refused) > 0 {
		return errSilent
	}
	return nil
}

// level uploads files that do not wait for one another.
func (im importer) level(ctx context.Context, plan *importPlan, items []importItem, t *tally, bar *progressbar.ProgressBar) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, max(1, im.parallel))
	for _, item := range items {
		if ctx.Err() != nil {
			break
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			id, repeated, err := im.upload(ctx, plan.source, item, t)
			if ctx.Err() != nil {
				return
			}
			t.mu.Lock()
			defer t.mu.Unlock()
			switch {
			case err != nil:
				t.failed = append(t.failed, fmt.Sprintf("%s: %v", item.shown(), err))
			case repeated:
				t.known++
			default:
				t.added++
			}
			if id != "" {
				t.contracts[item.file] = id
			}
			_ = bar.Add(1)
		})
	}
	wg.Wait()
}

func (im importer) upload(ctx context.Context, source importSource, item importItem, t *tally) (id string, repeated bool, err error) {
	fields := map[string]string{
		"business_unit": item.unit, "title": item.title, "owner": item.owner, "contract_number": item.number, "customer": item.customer, "contract_type": item.kind, "relation": item.relation, "parent_number": item.parentNumber,
	}
	if item.unit == "" {
		fields["business_unit"] = im.unit
	}
	if item.parentFile != "" {
		t.mu.Lock()
		fields["parent_id"] = t.contracts[item.parentFile]
		t.mu.Unlock()
		if fields["parent_id"] == "" {
			return "", false, fmt.Errorf("its parent %s was not uploaded", item.parentFile)
		}
	}
	body, err := source.Read(item.file)
	if err != nil {
		return "", false, err
	}
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", path.Base(item.file))
	if err != nil {
		return "", false, err
	}
	if _, err := part.Write(body); err != nil {
		return "", false, err
	}
	for name, value := range fields {
		if value == "" {
			continue
		}
		if err := w.WriteField(name, value); err != nil {
			return "", false, err
		}
	}
	if err := w.Close(); err != nil {
		return "", false, err
	}
	for attempt := 0; ; attempt++ {
		id, repeated, retry, err := im.post(ctx, form.Bytes(), w.FormDataContentType())
		if err == nil || !retry || attempt == 4 {
			return id, repeated, err
		}
		select {
		case <-ctx.Done():
			return "", false, ctx.Err()
		case <-time.After(im.wait << attempt):
		}
	}
}

func (im importer) post(ctx context.Context, form []byte, contentType string) (id string, repeated, retry bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(im.server, "/")+"/api/v1/contracts", bytes.NewReader(form))
	if err != nil {
		return "", false, false, err
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Authorization", "Bearer "+im.key)
	res, err := im.client.Do(req)
	if err != nil {
		return "", false, true, fmt.Errorf("the installation at %s does not answer", im.server)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return "", false, true, err
	}
	var body struct {
		Repeated bool   `json:"repeated"`
		Detail   string `json:"detail"`
		Contract struct {
			ID string `json:"id"`
		} `json:"contract"`
	}
	_ = json.Unmarshal(answer, &body)
	if res.StatusCode == http.StatusCreated {
		return body.Contract.ID, body.Repeated, false, nil
	}
	if body.Detail == "" {
		body.Detail = res.Status
	}
	return "", false, res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests, errors.New(body.Detail)
}
