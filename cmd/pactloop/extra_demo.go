//go:build demo

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

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
		cfg, _, err := settings(c)
		if err != nil {
			return err
		}
		config := demo.Config{Data: dir, Address: cfg.Address, Fixed: c.Root().PersistentFlags().Changed("address") && !strings.HasSuffix(cfg.Address, ":0"), Out: c.OutOrStdout()}
		// A terminal that is closed is the same wish as Ctrl C.
		ctx, stop := signal.NotifyContext(c.Context(), syscall.SIGHUP)
		defer stop()
		return runDemo(ctx, config, exit)
	}}
	c.Flags().StringVar(&dir, "dir", "demo-data", "folder of the demo's data")
	c.Flags().BoolVar(&reset, "reset", false, "remove the demo's data and end")
	c.Flags().BoolVar(&exit, "exit", false, "end after the story instead of staying up")
	return c
}

func runDemo(ctx context.Context, cfg demo.Config, exit bool) error {
	var err error
	if cfg.Binary, err = os.Executable(); err != nil {
		return err
	}
	if cfg.Data, err = filepath.Abs(cfg.Data); err != nil {
		return err
	}
	fmt.Fprintln(cfg.Out, "Starting Pactloop with stand-ins of Ironclad, Salesforce, ServiceNow and a mailbox …")
	d, err := demo.New(ctx, cfg)
	if err != nil {
		return err
	}
	quiet := context.AfterFunc(ctx, func() {
		fmt.Fprintln(cfg.Out, "\nStopping: the step under way is done first, then everything is kept …")
	})
	defer quiet()
	err = playDemo(ctx, d, exit)
	interrupted := ctx.Err() != nil
	if interrupted && errors.Is(err, context.Canceled) {
		err = nil
	}
	if err = errors.Join(err, d.Close()); err != nil {
		return err
	}
	if interrupted {
		fmt.Fprintf(cfg.Out, "Stopped. The data is in %s; the next make demo goes on with it, make demo-reset starts over.\n", cfg.Data)
	}
	return nil
}

func playDemo(ctx context.Context, d *demo.Demo, exit bool) error {
	if err := d.Setup(ctx); err != nil {
		return err
	}
	of, err := demo.Length()
	if err != nil {
		return err
	}
	switch {
	case d.State.Done:
	case d.State.Step > 0:
		welcome(d.Out, d, fmt.Sprintf("The story goes on after step %d of %d, with the data of the last time.", d.State.Step, of))
	default:
		welcome(d.Out, d, "The story begins; watch it in the browser if you like.")
	}
	last := "The month is played. Everything stays up; Ctrl C stops it, and the next make demo goes on with the same data."
	if d.State.Done {
		last = "The month was played before; everything goes on with the data of the last time. Ctrl C stops it, make demo-reset starts over."
	}
	var bar *progressbar.ProgressBar
	if info, err := os.Stdout.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 && !d.State.Done {
		bar = progressbar.NewOptions(100, progressbar.OptionSetDescription("March 2026"), progressbar.OptionSetWriter(os.Stderr), progressbar.OptionClearOnFinish())
	}
	err = d.Play(ctx, func(step, of int) error {
		if err := d.Keep(ctx); err != nil && ctx.Err() == nil {
			return err
		}
		if bar != nil {
			return bar.Set(step * 100 / of)
		}
		if step%25 == 0 {
			fmt.Fprintf(d.Out, "  … %d of %d steps, %s\n", step, of, d.Town.Clock.Now().UTC().Format("2 Jan 2006 15:04 MST"))
		}
		return nil
	})
	if err != nil {
		return err
	}
	welcome(d.Out, d, last)
	if exit {
		return nil
	}
	again := time.NewTicker(keepEvery)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-again.C:
			if err := d.Keep(ctx); err != nil && ctx.Err() == nil {
				return err
			}
		case err := <-d.Exited():
			d.Reap(err)
			return fmt.Errorf("the product ended by itself; see %s: %w", filepath.Join(d.Data, "server.log"), err)
		}
	}
}

// keepEvery bounds what a power cut takes from the stand-ins while the demo stays up: they live in memory.
const keepEvery = 15 * time.Second

func welcome(out io.Writer, d *demo.Demo, line string) {
	u := d.Town.URLs
	fmt.Fprintf(out, "\n%s\n\n  The other systems:  Ironclad %s   Salesforce %s   ServiceNow %s   Mailbox %s\n", line, u.Ironclad, u.Salesforce, u.ServiceNow, u.Mailbox)
	fmt.Fprintf(out, "  Sign in as          %s (reviewer), %s (approver) or %s (admin), password %s\n", demo.ReviewerEmail, demo.ApproverEmail, demo.AdminEmail, demo.Password)
	fmt.Fprintf(out, "  Pactloop            %s\n\n", d.Base)
}
