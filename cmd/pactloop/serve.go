package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/pactloop/pactloop/internal/app"
	"github.com/pactloop/pactloop/internal/config"
)

func serveCommand() *cobra.Command {
	return &cobra.Command{Use: "serve", Annotations: listsSettings, Short: "Run the product", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		cfg, log, err := settings(c)
		if err != nil {
			return err
		}
		for _, name := range config.Ignored(os.Environ()) {
			about := []any{"variable", name}
			if near := config.Nearest(name); near != "" {
				about = append(about, "nearest", near)
			}
			log.Warn("this environment variable is no setting and is ignored; `pactloop config` lists them all", about...)
		}
		ctx := c.Context()
		a, err := app.New(ctx, cfg, log)
		if err != nil {
			return err
		}
		var password string
		if err = a.Listen(ctx); err == nil { // before a password is made that is shown once
			password, err = a.EnsureAdmin(ctx)
		}
		if err == nil {
			err = a.Start(ctx)
		}
		out := c.OutOrStdout()
		if err == nil && a.Address != "" {
			fmt.Fprintf(out, "Pactloop is ready at http://%s\n", a.Address)
		}
		if password != "" && cfg.AdminPassword == "" { // also where it could not start: it is never shown again
			fmt.Fprintf(out, "First start: sign in as %s with the password %s (shown once; change it under Settings).\n", cfg.AdminEmail, password)
		}
		if err != nil {
			_ = a.Close()
			return err
		}
		<-ctx.Done()
		log.Info("stopping", "within", cfg.ShutdownAfter)
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), cfg.ShutdownAfter)
		defer cancel()
		return a.Shutdown(ending)
	}}
}

func migrateCommand() *cobra.Command {
	return &cobra.Command{Use: "migrate", Short: "Bring the database's schema up to date, without starting", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		cfg, log, err := settings(c)
		if err != nil {
			return err
		}
		s, err := openStore(c.Context(), cfg, log)
		if err != nil {
			return err
		}
		fmt.Fprintln(c.OutOrStdout(), "The schema is up to date.")
		return s.Close()
	}}
}
