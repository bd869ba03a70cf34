// Command pactloop closes the loop between contracts and operations: it serves the product, and does single jobs from the
// command line.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/pactloop/pactloop/internal/app"
	"github.com/pactloop/pactloop/internal/config"
	"github.com/pactloop/pactloop/internal/document/sandbox"
	"github.com/pactloop/pactloop/internal/fault"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := root().ExecuteContext(ctx)
	stop()
	if err == nil {
		return
	}
	if !errors.Is(err, errSilent) {
		fmt.Fprintln(os.Stderr, "pactloop: "+err.Error())
	}
	os.Exit(exitCode(err))
}

// errSilent ends with a failure whose words were printed already.
var errSilent = errors.New("")

// exitCode is 2 for input that the caller can change, 1 for everything else.
func exitCode(err error) int {
	if fault.Is(err, fault.Invalid) {
		return 2
	}
	return 1
}

func root() *cobra.Command {
	c := &cobra.Command{
		Use: "pactloop", Short: "Contracts against reality: read, reviewed, written back, watched", SilenceUsage: true, SilenceErrors: true, Version: app.Version,
	}
	config.AddFlags(c.PersistentFlags())
	c.AddCommand(serveCommand(), configCommand(), versionCommand(), extractCommand(), evaluateCommand(), backtestCommand(), trainCommand(), enginesCommand(), reviewCommand(), importCommand(), eventsCommand(), auditCommand(), userCommand(), migrateCommand(), connectorCommand(), workerCommand())
	c.AddCommand(extraCommands()...)
	c.SetUsageTemplate(usage(c.UsageTemplate()))
	return c
}

// listsSettings marks the commands whose help lists every setting; the others say where the list is, since few of them are theirs.
var listsSettings = map[string]string{"lists settings": "true"}

// usage is cobra's template, with the settings only where they are looked for; those of root are the settings.
func usage(template string) string {
	const (
		local  = "{{if .HasAvailableLocalFlags}}"
		global = "{{if .HasAvailableInheritedFlags}}\n\nGlobal Flags:\n{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}"
	)
	return strings.NewReplacer(local, "{{if and .HasParent .HasAvailableLocalFlags}}", global, `

Settings:{{if index .Annotations "lists settings"}}
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{else}}
  can be given as flags, too: "pactloop serve --help" explains each, "pactloop config" prints what they are{{end}}`).Replace(template)
}

// settings reads the settings and makes the log they ask for.
func settings(c *cobra.Command) (config.Config, *slog.Logger, error) {
	cfg, err := config.Load(c.Root().PersistentFlags(), os.Environ())
	if err != nil {
		return cfg, nil, err
	}
	log, err := logger(cfg)
	return cfg, log, err
}

func logger(cfg config.Config) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.LogLevel)); err != nil {
		return nil, fault.New(fault.Invalid, "log_level: %q is not one of debug, info, warn, error.", cfg.LogLevel)
	}
	opts := &slog.HandlerOptions{Level: level, ReplaceAttr: redact}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, opts)), nil
	}
	return slog.New(slog.NewTextHandler(os.Stderr, opts)), nil
}

// redact drops what must never be logged, whoever tries.
func redact(_ []string, a slog.Attr) slog.Attr {
	switch strings.ToLower(a.Key) {
	case "password", "secret", "token", "authorization", "cookie", "api_key":
		return slog.String(a.Key, "********")
	}
	return a
}

func configCommand() *cobra.Command {
	return &cobra.Command{Use: "config", Short: "Print every setting, secrets masked", Annotations: listsSettings, Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		cfg, _, err := settings(c)
		if err != nil {
			return err
		}
		_, err = fmt.Fprint(c.OutOrStdout(), cfg.Print())
		return err
	}}
}

func versionCommand() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Print the version", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		_, err := fmt.Fprintln(c.OutOrStdout(), app.Version)
		return err
	}}
}

// workerCommand is the reader process: untrusted files are parsed here, under limits, and nowhere else.
func workerCommand() *cobra.Command {
	return &cobra.Command{Use: "parse-worker", Hidden: true, Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		return sandbox.Main(c.Context(), os.Stdin, os.Stdout)
	}}
}
