package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/pactloop/pactloop/internal/fault"
)

// importer sends files to a running installation. It is safe to repeat: the server knows a file by its content.
type importer struct {
	client *http.Client
	server string
	key    string
	unit   string
}

func importCommand() *cobra.Command {
	var im importer
	c := &cobra.Command{
		Use: "import FOLDER", Short: "Upload every document of a folder to a running installation", Args: cobra.ExactArgs(1),
		Long: "Uploads every PDF, DOCX and text file below FOLDER. It is resumable and safe to repeat: what is there already is skipped by its content. The API key comes from PACTLOOP_API_KEY or --api-key and needs the role reviewer or connector.",
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
			return im.run(c.Context(), args[0], c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	c.Flags().StringVar(&im.server, "server", "", "address of the installation (default base_url)")
	c.Flags().StringVar(&im.key, "api-key", "", "API key; better in PACTLOOP_API_KEY")
	c.Flags().StringVar(&im.unit, "unit", "", "business unit (default: the key's)")
	return c
}

func (im importer) run(ctx context.Context, root string, out, progress io.Writer) error {
	files, err := documentsBelow(root)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fault.New(fault.Invalid, "There is no PDF, DOCX or text file below %s.", root)
	}
	bar := progressbar.NewOptions(len(files), progressbar.OptionSetWriter(progress), progressbar.OptionShowCount(), progressbar.OptionSetDescription("importing"), progressbar.OptionClearOnFinish())
	var added, known int
	var failed []string
	for _, path := range files {
		repeated, err := im.upload(ctx, path)
		switch {
		case ctx.Err() != nil:
			_ = bar.Finish()
			fmt.Fprintf(out, "Stopped: %d added, %d known already, %d left. Run the same command again to go on.\n", added, known, len(files)-added-known-len(failed))
			return ctx.Err()
		case err != nil:
			failed = append(failed, fmt.Sprintf("%s: %v", path, err))
		case repeated:
			known++
		default:
			added++
		}
		_ = bar.Add(1)
	}
	_ = bar.Finish()
	fmt.Fprintf(out, "%d added, %d known already, %d failed.\n", added, known, len(failed))
	for _, f := range failed {
		fmt.Fprintln(out, "  "+f)
	}
	if len(failed) > 0 {
		fmt.Fprintln(out, "Nothing of the failed files was kept. Run the same command again after looking at them.")
		return errSilent
	}
	return nil
}

func documentsBelow(root string) ([]string, error) {
	var out []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch strings.ToLower(filepath.Ext(path)) {
		case ".pdf", ".docx", ".txt":
			if d.Type().IsRegular() {
				out = append(out, path)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The folder %s can not be read: %v.", root, err)
	}
	return out, nil
}

func (im importer) upload(ctx context.Context, path string) (repeated bool, err error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", filepath.Base(path))
	if err != nil {
		return false, err
	}
	if _, err := part.Write(body); err != nil {
		return false, err
	}
	if im.unit != "" {
		if err := w.WriteField("business_unit", im.unit); err != nil {
			return false, err
		}
	}
	if err := w.Close(); err != nil {
		return false, err
	}
	for attempt := 0; ; attempt++ {
		repeated, retry, err := im.post(ctx, form.Bytes(), w.FormDataContentType())
		if err == nil || !retry || attempt == 4 {
			return repeated, err
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-time.After(time.Second << attempt):
		}
	}
}

func (im importer) post(ctx context.Context, form []byte, contentType string) (repeated, retry bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(im.server, "/")+"/api/v1/contracts", bytes.NewReader(form))
	if err != nil {
		return false, false, err
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Authorization", "Bearer "+im.key)
	res, err := im.client.Do(req)
	if err != nil {
		return false, true, fmt.Errorf("the installation at %s does not answer", im.server)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return false, true, err
	}
	var body struct {
		Repeated bool   `json:"repeated"`
		Detail   string `json:"detail"`
	}
	_ = json.Unmarshal(answer, &body)
	if res.StatusCode == http.StatusCreated {
		return body.Repeated, false, nil
	}
	if body.Detail == "" {
		body.Detail = res.Status
	}
	return false, res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests, fmt.Errorf("%s", body.Detail)
}
