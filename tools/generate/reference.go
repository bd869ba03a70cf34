package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/api"
	"github.com/pactloop/pactloop/internal/auth"
	"github.com/pactloop/pactloop/internal/config"
	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/catalog"
)

// addOpenAPI builds the server for its description only: nothing behind the routes is there, and no request is served.
func addOpenAPI(files map[string][]byte) error {
	server := api.New(api.Config{
		Gate:    &auth.Gate{},
		UI:      func(func(*http.Request) string) http.Handler { return http.NotFoundHandler() },
		Metrics: http.NotFoundHandler(),
		Ready:   func(context.Context) error { return nil },
		Now:     time.Now,
		Log:     slog.New(slog.DiscardHandler),
		Version: "v1", // of the API; the build's own version would make every commit's description stale
		BaseURL: "http://127.0.0.1:8080",
	})
	body, err := server.OpenAPI()
	if err != nil {
		return fmt.Errorf("describing the API: %w", err)
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, body, "", "  "); err != nil {
		return fmt.Errorf("formatting the description of the API: %w", err)
	}
	files["docs/openapi.json"] = pretty.Bytes()
	return nil
}

func addConnectors(files map[string][]byte) error {
	for _, c := range catalog.All() {
		files["docs/reference/connectors/"+c.Name+".md"] = []byte(generated(connector.Reference(c)))
	}
	return nil
}

// generated tells a reader who wants to change a page where to do it.
func generated(page string) string {
	return "<!-- Written by `make generate`; change the code it describes instead. -->\n\n" + page
}

// addConfiguration writes the settings page from the tags of the settings struct.
func addConfiguration(files map[string][]byte, src source) error {
	var b strings.Builder
	b.WriteString("# Settings\n\n")
	b.WriteString("Each setting can be given in `pactloop.yaml` (or the file named by `--config`), in the environment, or as a flag; the later of\n")
	b.WriteString("these wins. `pactloop config` prints the values in use, secrets masked.\n\n")
	b.WriteString("| setting | environment | flag | default | meaning |\n|---|---|---|---|---|\n")
	t := reflect.TypeFor[config.Config]()
	for i := range t.NumField() {
		f := t.Field(i)
		name, help := f.Tag.Get("koanf"), f.Tag.Get("help")
		if name == "" || help == "" {
			return fmt.Errorf("the setting %s needs a name (koanf) and a help text", f.Name)
		}
		meaning := help
		if more := src.comments[t.PkgPath()+"."+t.Name()+"."+f.Name]; more != "" {
			meaning += ". " + more
		}
		if f.Tag.Get("secret") == "true" {
			meaning += " (secret: never printed)"
		}
		fmt.Fprintf(&b, "| `%s` | `PACTLOOP_%s` | `--%s` | %s | %s |\n", name, strings.ToUpper(name), strings.ReplaceAll(name, "_", "-"), quoted(f.Tag.Get("default")), strings.ReplaceAll(meaning, "|", `\|`))
	}
	files["docs/reference/configuration.md"] = []byte(generated(b.String()))
	return nil
}

func quoted(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}
