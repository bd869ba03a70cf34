package llm_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/llm"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store/blob"
	sim "github.com/pactloop/pactloop/simulator/llm"
)

// scanned is the contract as recognition of two pages gave it: a line of every page has words with a confidence.
func scanned(confidence float64) *document.Document {
	d := contract()
	half := d.Blocks[len(d.Blocks)/2].Start
	end := d.Blocks[len(d.Blocks)-1].End
	for i, span := range [][2]int{{0, half}, {half, end}} {
		d.Pages = append(d.Pages, document.Page{Number: i + 1, Width: 612, Height: 792, Start: span[0], End: span[1]})
		d.Lines = append(d.Lines, document.Line{Page: i + 1, Start: span[0], End: span[1], Words: []document.Word{
			{Start: span[0], End: span[0] + 4, Box: pact.Box{Left: 10, Top: 10, Right: 50, Bottom: 20}, Confidence: confidence},
		}})
	}
	return d
}

func pageFile(t testing.TB, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// drawn makes pictures of pages that differ in size, and tells which were asked for.
func drawn(t testing.TB, asked *[][]int) func(context.Context, *document.Document, []int) ([]document.PageImage, error) {
	return func(_ context.Context, _ *document.Document, pages []int) ([]document.PageImage, error) {
		*asked = append(*asked, pages)
		var list []document.PageImage
		for _, n := range pages {
			list = append(list, document.PageImage{Page: n, Width: 750 * n, Height: 10, PNG: pageFile(t, 8*n)})
		}
		return list, nil
	}
}

func TestAModelSeesThePagesOfAScanWhereThatIsStated(t *testing.T) {
	t.Parallel()
	for _, provider := range llm.Providers() {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, provider, nil)
			var asked [][]int
			x := r.extractor(t, func(c *llm.Config) { c.Images = drawn(t, &asked) })
			run, err := x.Run(t.Context(), scanned(0.9), extract.FullSchema())
			if err != nil || run.State != extract.RunDone {
				t.Fatal(run.State, run.Reason, err)
			}
			seen := r.sim.Seen()
			if len(seen) != 1 || len(seen[0].Pictures) != 2 || seen[0].Pictures[0].Type != "image/png" || !bytes.Equal(seen[0].Pictures[1].Data, pageFile(t, 16)) {
				t.Fatalf("%d requests, pictures %v", len(seen), seen[0].Pictures)
			}
			if !strings.Contains(seen[0].User, "Page 2 of the document") || !strings.Contains(seen[0].User, "Quote from the passages only") {
				t.Errorf("the model is not told what the pictures are: %s", seen[0].User)
			}
			if len(asked) != 1 || len(asked[0]) != 2 {
				t.Errorf("pages asked for: %v", asked)
			}
			if data := base64.StdEncoding.EncodeToString(pageFile(t, 8)); strings.Contains(run.Request, data) || strings.Count(run.Request, "sha256:") != 2 {
				t.Errorf("the record holds pictures instead of their names: %.300s", run.Request)
			}
			if c := find(run.Candidates, "governing_law"); c == nil || c.Verification != pact.Verified {
				t.Errorf("law %+v", c)
			}
			if !strings.HasPrefix(x.Version(), "2.pages.prompt-1.") {
				t.Errorf("the version %q does not say that pages leave", x.Version())
			}
		})
	}
}

func TestNoPictureLeavesWithoutTheStatementOrOfAPageThatWasNotRecognised(t *testing.T) {
	t.Parallel()
	r := newRig(t, "anthropic", nil)
	x := r.extractor(t, nil)
	if _, err := x.Run(t.Context(), scanned(0.9), extract.FullSchema()); err != nil {
		t.Fatal(err)
	}
	var asked [][]int
	withText := r.extractor(t, func(c *llm.Config) { c.Images = drawn(t, &asked) })
	if _, err := withText.Run(t.Context(), scanned(0), extract.FullSchema()); err != nil {
		t.Fatal(err)
	}
	for _, s := range r.sim.Seen() {
		if len(s.Pictures) > 0 || strings.Contains(s.Body, "base64") {
			t.Error("a picture left")
		}
	}
	if len(asked) > 0 {
		t.Errorf("pictures were made of pages with a text of their own: %v", asked)
	}
	if strings.Contains(x.Version(), "pages") {
		t.Errorf("version %q", x.Version())
	}
}

func TestPicturesThatCanNotBeMadeLeaveTheTextToTheModel(t *testing.T) {
	t.Parallel()
	r := newRig(t, "openai", nil)
	run, err := r.extractor(t, func(c *llm.Config) {
		c.Images = func(context.Context, *document.Document, []int) ([]document.PageImage, error) {
			return nil, errors.New("the worker died")
		}
	}).Run(t.Context(), scanned(0.9), extract.FullSchema())
	if err != nil || run.State != extract.RunDone || !strings.Contains(run.Reason, "could not be made") {
		t.Fatal(run.State, run.Reason, err)
	}
	if c := find(run.Candidates, "governing_law"); c == nil || len(r.sim.Seen()) != 1 {
		t.Errorf("%d requests, law %+v", len(r.sim.Seen()), c)
	}
}

func TestPicturesAreReservedInTheBudgetAndKeptApartInTheCache(t *testing.T) {
	t.Parallel()
	cache, err := blob.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, "openai", func(c *llm.ClientConfig) { c.Cache = cache })
	ask := func(side int) {
		run, err := r.extractor(t, func(c *llm.Config) {
			c.Images = func(context.Context, *document.Document, []int) ([]document.PageImage, error) {
				return []document.PageImage{{Page: 1, Width: side, Height: 750, PNG: pageFile(t, side)}}, nil
			}
		}).Run(t.Context(), scanned(0.9), extract.FullSchema())
		if err != nil || run.State != extract.RunDone {
			t.Fatal(run.State, run.Reason, err)
		}
	}
	ask(8)
	ask(8)
	ask(16)
	if n := len(r.sim.Seen()); n != 2 {
		t.Errorf("%d requests for two pictures, one of them twice", n)
	}
	// A page of a letter costs 768 by 1,086 points, six tiles, with the dearest model of OpenAI; 1,268 by 1,568 are 2,651 at Anthropic.
	for provider, most := range map[string]int{"openai": 2833 + 6*5667, "anthropic": 2651} {
		for _, enough := range []bool{true, false} {
			short := newRig(t, provider, nil)
			asked := func(images func(context.Context, *document.Document, []int) ([]document.PageImage, error)) extract.Run {
				run, err := short.extractor(t, func(c *llm.Config) { c.Images = images }).Run(t.Context(), scanned(0.9), extract.FullSchema())
				if err != nil {
					t.Fatal(err)
				}
				return run
			}
			blank := asked(func(context.Context, *document.Document, []int) ([]document.PageImage, error) { return nil, nil })
			forPicture := most
			if !enough {
				forPicture = most / 2
			}
			short.meter.Budget.Tokens = short.meter.Spent("2026-03-02").Tokens + (len(blank.Request)+2)/3 + short.config.MaxOutput + forPicture
			run := asked(func(context.Context, *document.Document, []int) ([]document.PageImage, error) {
				return []document.PageImage{{Page: 1, Width: 1268, Height: 1568, PNG: pageFile(t, 8)}}, nil
			})
			if sent := len(short.sim.Seen()) == 2; sent != enough || (run.State == extract.RunStopped) == enough {
				t.Errorf("%s: a picture that may cost %d tokens, of which the budget has %d: %s, %s", provider, most, forPicture, run.State, run.Reason)
			}
		}
	}
}

// A picture may show an order to the reader. All it can bring about is a reading that no passage has.
func TestWhatOnlyAPictureSaysIsUnverified(t *testing.T) {
	t.Parallel()
	r := newRig(t, "anthropic", nil)
	r.sim.Think(sim.Says(sim.Reply{Content: sim.Text(map[string]any{"terms": []any{map[string]any{
		"name": "governing_law", "passage": 1, "quote": "governed by the laws of Atlantis", "value": "Atlantis", "parties": []any{},
	}}, "obligations": []any{}})}))
	var asked [][]int
	run, err := r.extractor(t, func(c *llm.Config) { c.Images = drawn(t, &asked) }).Run(t.Context(), scanned(0.9), extract.FullSchema())
	if err != nil {
		t.Fatal(err)
	}
	if c := find(run.Candidates, "governing_law"); c != nil && c.Verification != pact.Unverified {
		t.Errorf("law %+v", c)
	}
}
