//go:build demo

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/pactloop/pactloop/demo"
)

// extraCommands are the commands of demo builds only.
func extraCommands() []*cobra.Command { return []*cobra.Command{demoCommand()} }

func demoCommand() *cobra.Command {
	var dir string
	var reset, exit bool
	c := &cobra.Command{Use: "demo", Short: "Start the product with stand-ins of the other systems, play a month, and stay up", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		if reset {
			fmt.Fprintln(c.OutOrStdout(), "Removing the demo's data in", dir)
			return os.RemoveAll(dir)
		}
		return runDemo(c.Context(), dir, exit, c.OutOrStdout())
	}}
	c.Flags().StringVar(&dir, "dir", "demo-data", "folder of the demo's data")
	c.Flags().BoolVar(&reset, "reset", false, "remove the demo's data and end")
	c.Flags().BoolVar(&exit, "exit", false, "end after the story instead of staying up")
	return c
}

func runDemo(ctx context.Context, dir string, exit bool, out io.Writer) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	fmt.Fprintln(out, "Starting Pactloop with stand-ins of Ironclad, Salesforce, ServiceNow and a mailbox …")
	d, err := demo.New(ctx, demo.Config{Binary: self, Data: dir, Address: "127.0.0.1:8080", Out: out})
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Setup(ctx); err != nil {
		return err
	}
	welcome(out, d, "The story begins; watch it in the browser if you like.")
	var bar *progressbar.ProgressBar
	if info, err := os.Stdout.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		bar = progressbar.NewOptions(100, progressbar.OptionSetDescription("March 2026"), progressbar.OptionSetWriter(os.Stderr), progressbar.OptionClearOnFinish())
	}
	err = d.Play(ctx, func(step, of int) error {
		if bar != nil {
			return bar.Set(step * 100 / of)
		}
		if step%25 == 0 {
			fmt.Fprintf(out, "  … %d of %d steps, %s\n", step, of, d.Town.Clock.Now().UTC().Format("2 Jan 2006 15:04 MST"))
		}
		return nil
	})
	if err != nil {
		return err
	}
	welcome(out, d, "The month is played. Everything stays up; Ctrl C stops it, and the next make demo goes on with the same data.")
	if exit {
		return nil
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-d.Exited():
		return fmt.Errorf("the product ended by itself; see %s: %w", filepath.Join(dir, "server.log"), err)
	}
}

func welcome(out io.Writer, d *demo.Demo, line string) {
	u := d.Town.URLs
	fmt.Fprintf(out, "\n%s\n\n  The other systems:  Ironclad %s   Salesforce %s   ServiceNow %s   Mailbox %s\n", line, u.Ironclad, u.Salesforce, u.ServiceNow, u.Mailbox)
	fmt.Fprintf(out, "  Sign in as          %s (reviewer), %s (approver) or %s (admin), password %s\n", demo.ReviewerEmail, demo.ApproverEmail, demo.AdminEmail, demo.Password)
	fmt.Fprintf(out, "  Pactloop            %s\n\n", d.Base)
}
