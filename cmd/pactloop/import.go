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
	"github.com/pactloop/pactloop/internal/pact"
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
		Long: "Uploads every document below FOLDER, in ARCHIVE.zip (told by content, whatever its name; what is none is listed with the reason, and hidden files are left out), or named by MANIFEST.csv (columns: file, contract_number, customer, business_unit, parent, relation, type, title, owner). " +
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
		printSkipped(out, plan.skipped)
		return fault.New(fault.Invalid, "There is no document that can be read in %s (PDF, DOCX, DOC, RTF, ODT, HTML, EML, MSG, text, or a picture).", from)
	}
	ctx, halt := context.WithCancelCause(ctx)
	defer halt(nil)
	if err := im.admitted(ctx); err != nil {
		halt(err)
	}
	bar := progressbar.NewOptions(len(plan.items), progressbar.OptionSetWriter(progress), progressbar.OptionShowCount(), progressbar.OptionSetDescription("importing"), progressbar.OptionClearOnFinish())
	t := &tally{contracts: map[string]string{}}
	for _, level := range plan.levels() { // parents before their children
		im.level(ctx, halt, plan, level, t, bar)
		if ctx.Err() != nil {
			_ = bar.Finish()
			return im.stopped(ctx, plan, t, out)
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
	printSkipped(out, plan.skipped)
	if len(t.failed) > 0 {
		fmt.Fprintln(out, "Nothing of the failed files was kept. Run the same command again after looking at them.")
	}
	if len(t.failed)+len(plan.refused) > 0 {
		return errSilent
	}
	return nil
}

// stopped says what was done when an import ends early: somebody interrupted it, or going on would fail for every file alike.
func (im importer) stopped(ctx context.Context, plan *importPlan, t *tally, out io.Writer) error {
	slices.Sort(t.failed)
	for _, f := range t.failed {
		fmt.Fprintln(out, "  "+f)
	}
	left := len(plan.items) - t.added - t.known - len(t.failed)
	fmt.Fprintf(out, "Stopped: %d added, %d known already, %d left. Run the same command again to go on; what is there is known by its content.\n", t.added, t.known, left)
	var why *haltError
	if errors.As(context.Cause(ctx), &why) {
		return why.fault
	}
	return errSilent
}

// haltError is a failure that every file would meet: the import ends with it.
type haltError struct{ fault *fault.Fault }

func (h *haltError) Error() string { return h.fault.Error() }

// admitted asks, before anything is sent, whether there is an installation and whether it knows the key.
func (im importer) admitted(ctx context.Context) error {
	var who struct {
		Actor struct {
			Role pact.Role `json:"role"`
		} `json:"actor"`
	}
	err := im.again(ctx, func() (bool, error) {
		status, answer, retry, err := im.ask(ctx, http.MethodGet, "/api/v1/session", nil, "")
		if err != nil || retry {
			return true, im.unreachable(status, answer, err)
		}
		if status != http.StatusOK || json.Unmarshal(answer, &who) != nil {
			return false, im.refused(status, answer)
		}
		return false, nil
	})
	if err != nil {
		return err
	}
	if actor := (pact.Actor{Role: who.Actor.Role}); !actor.May(pact.Reviewer) && !actor.May(pact.Connector) {
		return &haltError{fault.New(fault.Denied, "The API key has the role %s; importing needs the role reviewer or connector. Make another key under Settings.", who.Actor.Role)}
	}
	return nil
}

func (im importer) unreachable(status int, answer []byte, err error) error {
	if err != nil {
		return &haltError{fault.Wrap(fault.Unavailable, err, "The installation at %s does not answer. Look whether it runs and whether --server names it.", im.server)}
	}
	return &haltError{fault.New(fault.Unavailable, "The installation at %s takes nothing now: %s", im.server, detailOf(status, answer))}
}

// refused: a key that was revoked while files go up refuses all that follow.
func (im importer) refused(status int, answer []byte) error {
	if status == http.StatusUnauthorized {
		return &haltError{fault.New(fault.Denied, "The installation at %s does not know the API key, or it was revoked. Make one under Settings, and set PACTLOOP_API_KEY.", im.server)}
	}
	return &haltError{fault.New(fault.Invalid, "%s does not answer like an installation of Pactloop: %s", im.server, detailOf(status, answer))}
}

// again repeats what may work later, with growing pauses.
func (im importer) again(ctx context.Context, try func() (retry bool, err error)) error {
	for attempt := 0; ; attempt++ {
		retry, err := try()
		if err == nil || !retry || attempt == 4 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(im.wait << attempt):
		}
	}
}

// level uploads files that do not wait for one another.
func (im importer) level(ctx context.Context, halt context.CancelCauseFunc, plan *importPlan, items []importItem, t *tally, bar *progressbar.ProgressBar) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, max(1, im.parallel))
	for _, item := range items {
		slots <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		wg.Go(func() {
			defer func() { <-slots }()
			id, repeated, err := im.upload(ctx, plan.source, item, t)
			var why *haltError
			if errors.As(err, &why) {
				halt(why)
			}
			if why != nil || (err != nil && ctx.Err() != nil) {
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
	err = im.again(ctx, func() (bool, error) {
		var retry bool
		var err error
		id, repeated, retry, err = im.post(ctx, form.Bytes(), w.FormDataContentType())
		return retry, err
	})
	return id, repeated, err
}

func (im importer) post(ctx context.Context, form []byte, contentType string) (id string, repeated, retry bool, err error) {
	status, answer, retry, err := im.ask(ctx, http.MethodPost, "/api/v1/contracts", form, contentType)
	switch {
	case err != nil, status == http.StatusBadGateway, status == http.StatusServiceUnavailable, status == http.StatusGatewayTimeout, status == http.StatusTooManyRequests:
		return "", false, true, im.unreachable(status, answer, err)
	case status == http.StatusUnauthorized:
		return "", false, false, im.refused(status, answer)
	case status != http.StatusCreated: // of this file alone; of 5xx too, since the file may be what brings it about
		return "", false, retry, errors.New(detailOf(status, answer))
	}
	var body struct {
		Repeated bool `json:"repeated"`
		Contract struct {
			ID string `json:"id"`
		} `json:"contract"`
	}
	_ = json.Unmarshal(answer, &body)
	return body.Contract.ID, body.Repeated, false, nil
}

// ask sends one request. retry tells that the same may work later.
func (im importer) ask(ctx context.Context, method, path string, body []byte, contentType string) (status int, answer []byte, retry bool, err error) {
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(im.server, "/")+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, false, err
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	req.Header.Set("Authorization", "Bearer "+im.key)
	res, err := im.client.Do(req)
	if err != nil {
		return 0, nil, true, err
	}
	defer res.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(res.Body, 1<<20))
	return res.StatusCode, answer, err != nil || res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests, err
}

// detailOf is the sentence of a refusal.
func detailOf(status int, answer []byte) string {
	var body struct {
		Detail string `json:"detail"`
	}
	if json.Unmarshal(answer, &body) != nil || body.Detail == "" {
		return fmt.Sprint(status, " ", http.StatusText(status))
	}
	return body.Detail
}
