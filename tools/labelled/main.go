// Command labelled serves the labelled set of internal/evaluate/labelled:
//
//	go run ./tools/labelled check              says what is wrong with texts and labels
//	go run ./tools/labelled show NAME          prints the plain text that labels are written against
//	go run ./tools/labelled render NAME KIND   makes NAME.txt, .pdf, .docx or .scan.pdf in the current folder
//	go run ./tools/labelled keep NAME KIND     keeps a rendering in the repository, for machines without a browser
//	go run ./tools/labelled generate           writes the generated documents of the training half again
//	go run ./tools/labelled generate DIR SEED  writes others of the same kind into DIR
//
// It owns the phrase bank and the generator. It does not own the form of the labels and their check (internal/evaluate), nor the
// look of the files (internal/evaluate/paper). Invariant: generate gives the same bytes whenever and wherever it runs.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/pactloop/pactloop/internal/evaluate"
	"github.com/pactloop/pactloop/internal/evaluate/paper"
)

const folder = "internal/evaluate/labelled"

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "labelled:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 1 && args[0] == "generate" {
		return generate(filepath.Join(folder, "train"), seed)
	}
	if len(args) == 3 && args[0] == "generate" {
		other, err := strconv.ParseUint(args[2], 10, 64)
		if err != nil {
			return fmt.Errorf("the seed %q is no number", args[2])
		}
		return generate(args[1], other)
	}
	set, err := evaluate.LoadLabelled(os.DirFS(folder))
	switch {
	case len(args) == 1 && args[0] == "check":
		if err == nil {
			fmt.Printf("%d documents, every quote stands and every value is one\n", len(set))
		}
		return err
	case len(args) == 2 && args[0] == "show":
		d, err := named(set, args[1])
		if err == nil {
			fmt.Print(d.Text)
		}
		return err
	case len(args) == 3 && (args[0] == "render" || args[0] == "keep"):
		return render(ctx, set, args[0], args[1], args[2])
	}
	return errors.New("say check, show NAME, render NAME KIND (text, pdf, docx, scan), keep NAME KIND, or generate, from the repository root")
}

func named(set []evaluate.LabelledDocument, name string) (evaluate.LabelledDocument, error) {
	for _, d := range set {
		if d.Name == name {
			return d, nil
		}
	}
	return evaluate.LabelledDocument{}, fmt.Errorf("no document %q under %s", name, folder)
}

func render(ctx context.Context, set []evaluate.LabelledDocument, do, name, kind string) error {
	d, err := named(set, name)
	if err != nil {
		return err
	}
	file, err := paper.Render(ctx, d.Paper, kind)
	if err != nil {
		return err
	}
	if do == "keep" {
		return os.WriteFile(filepath.Join(folder, "rendered", d.RenderedName(kind)), file, 0o644)
	}
	ending := map[string]string{paper.TextKind: ".txt", paper.PDFKind: ".pdf", paper.DOCXKind: ".docx", paper.ScanKind: ".scan.pdf"}[kind]
	return os.WriteFile(name+ending, file, 0o644)
}
