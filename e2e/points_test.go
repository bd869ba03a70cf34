//go:build demo

package e2e

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pactloop/pactloop/demo"
	"github.com/pactloop/pactloop/internal/audit"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/samples"
)

// A point is a moment between two steps of work at which a process may end. Those of commits are made by the store of the
// demo build, "job:act:commit" just before and "job:act:committed" just after; those of outside effects stand in the code.
//
// The points are grouped by where their kills happen. A kill while a document is read counts against the document (the
// third sets it aside), so intake dies at most twice in a step of the story.

// intakePoints are passed when a workflow is signed.
func intakePoints() []string {
	return append(commits("intake:delivery.receive", "process_delivery:delivery.processed", "fetch_record:contract.take", "fetch_file:document.receive", "open_review:review.open", "flag_review:review.flag"),
		"hook:body", "hook:kept", "record:fetched", "file:fetched", "file:kept")
}

// laterPoints are passed when a review is finished, a ticket changes or a clock runs out.
func laterPoints() []string {
	return append(commits("poll:stream.read", "poll:stream.arm", "plan_writes:link.match", "plan_writes:writes.plan", "write:action.write", "match_events:events.match",
		"monitor:schedule.arm", "assess:occurrence.assess", "respond:finding.respond", "send:notification.send",
		"review.accept", "review.correct", "review.reject", "review.add", "review.finish", "events.take"),
		"poll:read", "timers:commit", "timers:claimed", "write:opened", "write:answered", "respond:composed", "send:handed")
}

// readingPoints are passed while an upload is read.
func readingPoints() []string {
	return append(commits("read_document:document.read", "read_document:document.extract"), "read:parsed", "read:kept")
}

// mailPoints are passed when a mail with files is taken in.
func mailPoints() []string {
	return commits("take_enclosures:document.receive", "take_enclosures:contract.retitle", "take_enclosures:contract.upload")
}

// damagedPoints are passed when a file can not be read.
func damagedPoints() []string { return commits("read_document:document.damaged") }

// referencePoints are passed when a contract comes that a reviewed document had named before.
func referencePoints() []string { return commits("tie_references:contract.tie") }

// officePoints are passed when an administrator changes a policy, a connection or a mapping.
func officePoints() []string {
	return append(commits("apply_phases:contract.phase", "check_connection:connection.check", "apply_mapping:mapping.apply"), "connection:checked")
}

func points() []string {
	return slices.Concat(intakePoints(), laterPoints(), readingPoints(), mailPoints(), damagedPoints(), referencePoints(), officePoints())
}

func commits(steps ...string) []string {
	var out []string
	for _, s := range steps {
		out = append(out, s+":commit", s+":committed")
	}
	return out
}

// perPoint is how often the process dies at each point.
func perPoint() int {
	if soak() {
		return 20
	}
	return 1
}

// short leaves every point in the long form. In the short form each commit is interrupted once, before or after, and of what
// people do only the end of a review.
func short(points []string) []string {
	if soak() {
		return points
	}
	var out []string
	for _, p := range points {
		before, isBefore := strings.CutSuffix(p, ":commit")
		after, isAfter := strings.CutSuffix(p, ":committed")
		if strings.HasPrefix(p, "review.") && !strings.HasPrefix(p, "review.finish:") {
			continue
		}
		if isBefore && len(before)%2 > 0 || isAfter && len(after)%2 == 0 {
			continue
		}
		out = append(out, p)
	}
	return out
}

// trap is the folder by which a test and the demo build speak about points.
type trap struct{ dir string }

func newTrap(t *testing.T) *trap {
	t.Helper()
	return &trap{dir: t.TempDir()}
}

// env is what the server is started with.
func (p *trap) env() []string { return []string{"PACTLOOP_POINTS=" + p.dir} }

// arm lets the process die at points until each has so many deaths, and never more than so many times from now on.
func (p *trap) arm(t *testing.T, more int, deaths map[string]int) {
	t.Helper()
	lines := []string{fmt.Sprint("most ", len(p.deaths())+more)}
	for _, name := range slices.Sorted(maps.Keys(deaths)) {
		lines = append(lines, fmt.Sprint(name, " ", deaths[name]))
	}
	next := filepath.Join(p.dir, "armed.new")
	if err := os.WriteFile(next, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, filepath.Join(p.dir, "armed")); err != nil {
		t.Fatal(err)
	}
}

// deaths are the points at which the process died, in order.
func (p *trap) deaths() []string { return p.lines("killed") }

func (p *trap) count() map[string]int {
	out := map[string]int{}
	for _, d := range p.deaths() {
		out[d]++
	}
	return out
}

func (p *trap) lines(file string) []string {
	raw, err := os.ReadFile(filepath.Join(p.dir, file))
	if err != nil {
		return nil
	}
	return strings.Fields(string(raw))
}

// Kill at named points, before and after every commit of every job and around every outside effect: the world looks as
// after an undisturbed run. In the long form this is done again and again, in several towns at a time, until each point had
// its twenty deaths.
func TestKillAtNamedPoints(t *testing.T) {
	t.Parallel()
	total, lock := map[string]int{}, sync.Mutex{}
	wanted := func() []string { // points that need more deaths
		return slices.DeleteFunc(short(points()), func(p string) bool { return total[p] >= perPoint() })
	}
	towns := 1
	if soak() {
		towns = 4
	}
	for round := 0; len(wanted()) > 0 && !t.Failed(); round += towns {
		if round >= 2*perPoint() {
			t.Fatalf("after %d rounds some points had too few deaths: %v", round, wanted())
		}
		began, left := time.Now(), wanted()
		behind := slices.DeleteFunc(slices.Clone(left), func(p string) bool { return 4*total[p] >= 3*round })
		t.Run(fmt.Sprint("from round ", round), func(t *testing.T) {
			for n := range towns {
				t.Run(fmt.Sprint("round ", round+n), func(t *testing.T) {
					t.Parallel()
					deaths := killRound(long(t), t, round+n, left, behind) // the time of a round begins when it has its place
					lock.Lock()
					defer lock.Unlock()
					for p, n := range deaths {
						total[p] += n
					}
				})
			}
		})
		t.Logf("%d rounds: %d deaths so far, %s", round+towns, sum(total), time.Since(began).Round(time.Second))
	}
	t.Logf("%d deaths at %d points, at least %d at each", sum(total), len(total), slices.Min(slices.Collect(maps.Values(total))))
}

func sum(counts map[string]int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}

// killRound tells the first days once, and works in the office after them, with one death at each of the points. In the long
// form three of four rounds begin to kill later in the story, so that it is not always the first pass that dies; a point that
// is not met any more is left to another round, and one that is behind the others dies at its first pass.
func killRound(ctx context.Context, t *testing.T, round int, points, behind []string) (deaths map[string]int) {
	t.Helper()
	var cfg demo.Config
	if soak() && round%2 == 1 {
		cfg.Database = postgres(ctx, t)
	}
	r := &killing{t: t, trap: newTrap(t), points: points}
	cfg.Env = r.trap.env()
	r.d = town(ctx, t, cfg)
	k := keep(ctx, t, r.d, r.trap)
	late := round%4 > 0
	r.story(ctx, uint64(round), late, behind)
	r.rest(ctx)
	intact(ctx, t, r.d, 2*len(r.trap.deaths())) // two mails are handed over at a time
	r.readings(ctx)
	r.references(ctx)
	r.office(ctx)
	r.rest(ctx)
	k.stop(t)
	deaths = r.trap.count()
	for _, name := range points {
		if !late && deaths[name] == 0 {
			t.Errorf("round %d: the process did not die at %s", round, name)
		}
	}
	listed(t, r.trap)
	verified(ctx, t, r.d)
	return deaths
}

// killing is one round.
type killing struct {
	t      *testing.T
	d      *demo.Demo
	trap   *trap
	points []string
	plain  int // candidates of the order that the readings are copies of
}

// arm lets the process die once at each of the points that is in the round, at most so often from now on.
func (r *killing) arm(most int, points []string) (armed int) {
	r.t.Helper()
	deaths, died := map[string]int{}, r.trap.count()
	for _, p := range points {
		if slices.Contains(r.points, p) && died[p] == 0 {
			deaths[p] = 1
		}
	}
	r.trap.arm(r.t, most, deaths)
	return len(deaths)
}

// rest disarms, and waits until whoever was dying is up again and nothing is left to do.
func (r *killing) rest(ctx context.Context) {
	r.t.Helper()
	again(ctx, r.t, "coming to rest", func() error { return rested(ctx, r.d) })
	r.arm(0, nil)
	again(ctx, r.t, "coming to rest", func() error { return rested(ctx, r.d) })
}

func (r *killing) story(ctx context.Context, seed uint64, late bool, behind []string) {
	r.t.Helper()
	steps := stormSteps(r.t)
	random := rand.New(rand.NewPCG(seed, 8)) //nolint:gosec // a test that can be repeated
	from := map[string]int{}                 // where in the story a point may first be met with a death
	for _, p := range r.points {
		if late && !slices.Contains(behind, p) {
			from[p] = random.IntN(len(steps))
		}
	}
	// An event of nobody, so that each publication looks for its contract.
	again(ctx, r.t, "an event of nobody", func() error {
		return demo.NewClient(r.d.Base, r.d.State.EventKey).Do(ctx, http.MethodPost, "/events", map[string]any{"events": []map[string]any{
			{"external_id": "nobody-1", "kind": "outage", "subject": "nobody", "occurred_at": "2026-03-01T10:00:00Z", "data": map[string]string{"service": "nobody's", "end_at": "2026-03-01T11:00:00Z"}},
		}}, nil)
	})
	firstReview := slices.IndexFunc(steps, func(s samples.Step) bool { return s.Do == "review" })
	playThroughKills(ctx, r.t, r.d, steps, func(i int) {
		group, most := laterPoints(), 1000
		if i < firstReview || strings.HasPrefix(steps[i].Do, "ironclad.") {
			group, most = intakePoints(), 2
		}
		r.arm(most, slices.DeleteFunc(group, func(p string) bool { return from[p] > i }))
	})
}

// listed: every point that was passed stands in the list, so that a new step of a job has its kills, or the test fails.
func listed(t *testing.T, p *trap) {
	t.Helper()
	jobs := handled(t)
	all := points()
	for _, name := range p.lines("passed") {
		kind, _, _ := strings.Cut(name, ":")
		if slices.Contains(jobs, kind) && !slices.Contains(all, name) && !slices.Contains(rare(), name) {
			t.Errorf("the process passed %s, and no test kills it there", name)
		}
	}
}

// rare steps are passed only now and then, so that no test can promise a death there: shown progress, what is done when another
// system is away, health that is noted once a minute, credits that nobody claimed in time, which is after the story, and what
// escalates, for which the story has no policy. They commit like all others.
func rare() []string {
	return commits("read_document:document.progress", "read_document:document.wait", "read_document:document.spare", "poll:stream.fail", "poll:link.match", "flag_review:link.match", "monitor:occurrence.assess",
		"process_delivery:delivery.ignored", "process_delivery:delivery.failed", "assess:occurrence.drop", "monitor:contract.renew", "write:connection.worked", "expire_claim:claim.expire", "escalate:finding.escalate", "check_in:check_in.watch",
		"read_document:document.encrypted", "read_document:document.needs_ocr", "read_document:document.quarantined")
}

// Every job of the list in package app has its points, and every point in the code has its kills.
func TestEveryPointIsListed(t *testing.T) {
	t.Parallel()
	listed := points()
	known := append(slices.Clone(listed), rare()...)
	for _, kind := range handled(t) {
		if !slices.ContainsFunc(known, func(p string) bool { return strings.HasPrefix(p, kind+":") && strings.HasSuffix(p, ":commit") }) {
			t.Errorf("the job %s has no point before a commit", kind)
		}
		if !slices.ContainsFunc(known, func(p string) bool { return strings.HasPrefix(p, kind+":") && strings.HasSuffix(p, ":committed") }) {
			t.Errorf("the job %s has no point after a commit", kind)
		}
	}
	said := map[string]bool{}
	source(t, func(f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 1 {
				return true
			}
			name := ""
			switch fn := call.Fun.(type) {
			case *ast.SelectorExpr:
				name = fn.Sel.Name
			case *ast.Ident:
				name = fn.Name
			}
			if lit, ok := call.Args[0].(*ast.BasicLit); ok && strings.EqualFold(name, "reached") {
				point, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				said[point] = true
			}
			return true
		})
	})
	for p := range said {
		if !slices.Contains(listed, p) {
			t.Errorf("the point %s stands in the code and in no test", p)
		}
	}
	for _, p := range listed {
		if !strings.HasSuffix(p, ":commit") && !strings.HasSuffix(p, ":committed") && !said[p] {
			t.Errorf("the point %s is tested and not in the code", p)
		}
	}
	if len(said) < 10 {
		t.Errorf("only %d points were found in the code; the test looks in the wrong place", len(said))
	}
}

// handled are the kinds of jobs that package app binds to a function, as its source says.
func handled(t *testing.T) []string {
	t.Helper()
	bound := map[string]bool{} // names of methods in the list
	takes := map[string]string{}
	kinds := map[string]string{} // type of the arguments -> kind
	source(t, func(f *ast.File) {
		for _, decl := range f.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Recv == nil {
				continue
			}
			switch {
			case f.Name.Name == "app" && fn.Name.Name == "handlers":
				ast.Inspect(fn.Body, func(n ast.Node) bool {
					call, ok := n.(*ast.CallExpr)
					if !ok || !isCall(call, "Handle") || len(call.Args) != 2 {
						return true
					}
					bound[method(call.Args[1])] = true
					return true
				})
			case f.Name.Name == "job" && fn.Name.Name == "Kind":
				ast.Inspect(fn, func(n ast.Node) bool {
					recv, named := fn.Recv.List[0].Type.(*ast.Ident)
					if lit, ok := n.(*ast.BasicLit); ok && named && lit.Kind == token.STRING {
						kinds[recv.Name], _ = strconv.Unquote(lit.Value)
					}
					return true
				})
			default:
				for _, p := range fn.Type.Params.List {
					if sel, ok := p.Type.(*ast.SelectorExpr); ok && isIdent(sel.X, "job") && fn.Name.IsExported() {
						takes[fn.Name.Name+" "+sel.Sel.Name] = sel.Sel.Name
					}
				}
			}
		}
	})
	var out []string
	for call, args := range takes {
		name, _, _ := strings.Cut(call, " ")
		if bound[name] && name == args { // a handler is called like the job it does
			out = append(out, kinds[args])
		}
	}
	slices.Sort(out)
	if len(out) == 0 || len(out) != len(bound) || len(out) != len(kinds) {
		t.Fatalf("%d jobs are bound, %d are declared, and %d could be told: %v", len(bound), len(kinds), len(out), out)
	}
	return out
}

// method is the name of the method in a.desk.FetchFile or patient(a.desk.FetchFile).
func method(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.CallExpr:
		return method(e.Args[0])
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return fmt.Sprintf("%T", e)
}

func isCall(c *ast.CallExpr, name string) bool {
	sel, ok := c.Fun.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == name
}

func isIdent(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

// source reads the product's files, tests left out.
func source(t *testing.T, each func(*ast.File)) {
	t.Helper()
	err := filepath.WalkDir("../internal", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err == nil {
			each(f)
		}
		return err
	})
	if err != nil {
		t.Fatal(errors.Join(errors.New("reading the source"), err))
	}
}

// order is a contract in plain text.
func order(t *testing.T) []byte {
	t.Helper()
	text, err := samples.Files.ReadFile("contracts/tidewater-order-form.txt")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// undisturbed counts what is found in the order while nobody dies.
func (r *killing) undisturbed(ctx context.Context) int {
	r.t.Helper()
	reviewer := as(ctx, r.t, r.d, demo.ReviewerEmail)
	doc, err := upload(ctx, r.d, reviewer, "undisturbed.txt", "undisturbed", bytes.NewReader(append(order(r.t), "\nReference 0.\n"...)))
	if err != nil {
		r.t.Fatal(err)
	}
	settled(ctx, r.t, r.d)
	n := candidatesOf(ctx, r.t, r.d, doc.ContractID)
	if n == 0 {
		r.t.Fatal("nothing was found in an undisturbed reading; the test would prove nothing")
	}
	return n
}

// readings: each upload becomes one contract with one reading, however often its reader died, and is never set aside for
// what happened to the process.
func (r *killing) readings(ctx context.Context) {
	r.t.Helper()
	r.plain = r.undisturbed(ctx)
	damaged, err := samples.Files.ReadFile("contracts/oakfield-consulting-agreement-damaged.pdf")
	if err != nil {
		r.t.Fatal(err)
	}
	n := 0
	for _, group := range []struct {
		points []string
		name   string
		state  pact.DocumentState
		body   func(n int) []byte
	}{
		{readingPoints(), "order.txt", pact.DocumentRead, func(n int) []byte { return append(order(r.t), fmt.Sprintf("\nReference %d.\n", n)...) }},
		{damagedPoints(), "damaged.pdf", pact.DocumentDamaged, func(n int) []byte { return append(slices.Clone(damaged), fmt.Sprintf("\n%% %d", n)...) }},
		{mailPoints(), "mail.eml", pact.DocumentRead, func(n int) []byte { return mailWith(order(r.t), n) }},
	} {
		for r.arm(2, group.points) > 0 { // a third death would rightly set the document aside
			n++
			before := len(r.trap.deaths())
			name := fmt.Sprintf("%d-%s", n, group.name)
			var doc pact.Document
			again(ctx, r.t, "uploading "+name, func() (err error) {
				reviewer := demo.NewClient(r.d.Base, "")
				if err := reviewer.SignIn(ctx, demo.ReviewerEmail, demo.Password); err != nil {
					return err
				}
				doc, err = upload(ctx, r.d, reviewer, name, "", bytes.NewReader(group.body(n)))
				return err
			})
			r.rest(ctx)
			if len(r.trap.deaths()) == before {
				r.t.Fatalf("%s was read without a death", name)
			}
			if got := get[pact.Document](ctx, r.t, r.d.Admin, "/documents/"+string(doc.ID)); got.State != group.state {
				r.t.Errorf("%s is %s after the deaths %v (%s), want %s", name, got.State, r.trap.deaths()[before:], got.Reason, group.state)
			}
			contract := get[contractPage](ctx, r.t, r.d.Admin, "/contracts/"+string(doc.ContractID))
			switch group.name {
			case "mail.eml":
				r.enclosed(ctx, contract, n)
			case "order.txt":
				if got := candidatesOf(ctx, r.t, r.d, doc.ContractID); got != r.plain {
					r.t.Errorf("%s has %d candidates, want %d as without a death", name, got, r.plain)
				}
				fallthrough
			default:
				if len(contract.Documents) != 1 {
					r.t.Errorf("%s has %d documents, want 1", name, len(contract.Documents))
				}
			}
		}
	}
	titles := map[string]int{}
	for _, c := range all[pact.Contract](ctx, r.t, r.d.Admin, "/contracts") {
		if titles[c.SourceKey]++; titles[c.SourceKey] > 1 {
			r.t.Errorf("%s has %d contracts", c.SourceKey, titles[c.SourceKey])
		}
	}
}

type contractPage struct {
	Documents []pact.Document `json:"documents"`
}

// rested waits until nothing is left to do; an error where the server is away.
func rested(ctx context.Context, d *demo.Demo) error {
	ctx, cancel := context.WithTimeout(ctx, 4*time.Minute)
	defer cancel()
	_, err := d.Admin.Settled(ctx, d.Town.Clock.Now())
	return err
}

// candidatesOf counts what one review of a contract holds; more than one review is a failure.
func candidatesOf(ctx context.Context, t *testing.T, d *demo.Demo, id pact.ContractID) int {
	t.Helper()
	reviews := all[struct {
		Review pact.Review `json:"review"`
	}](ctx, t, d.Admin, "/reviews?contract_id="+string(id))
	if len(reviews) != 1 {
		t.Errorf("%s has %d reviews, want 1", id, len(reviews))
		return 0
	}
	return len(get[struct {
		Candidates []pact.Candidate `json:"candidates"`
	}](ctx, t, d.Admin, "/reviews/"+string(reviews[0].Review.ID)).Candidates)
}

// enclosed: the first file of a mail stands beside it, the second is a contract of its own; each is there once.
func (r *killing) enclosed(ctx context.Context, mail contractPage, n int) {
	r.t.Helper()
	if len(mail.Documents) != 2 {
		r.t.Errorf("mail %d has %d documents, want itself and its first file", n, len(mail.Documents))
	}
	second := 0
	for _, c := range all[pact.Contract](ctx, r.t, r.d.Admin, "/contracts") {
		if c.Title == fmt.Sprintf("second-%d", n) {
			second++
			if got := candidatesOf(ctx, r.t, r.d, c.ID); got != r.plain {
				r.t.Errorf("the second file of mail %d has %d candidates, want %d", n, got, r.plain)
			}
		}
	}
	if second != 1 {
		r.t.Errorf("the second file of mail %d is %d contracts, want 1", n, second)
	}
}

// mailWith makes a mail with two contracts in it.
func mailWith(text []byte, n int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: ops@tidewater.example\r\nTo: contracts@halden.example\r\nSubject: Signed orders %d\r\nMessage-ID: <%d@tidewater.example>\r\nDate: Mon, 02 Mar 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=part\r\n\r\n", n, n)
	fmt.Fprintf(&b, "--part\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBoth orders are enclosed.\r\n")
	for _, name := range []string{"first", "second"} {
		fmt.Fprintf(&b, "--part\r\nContent-Type: text/plain; charset=utf-8; name=%s-%d.txt\r\nContent-Disposition: attachment; filename=%s-%d.txt\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n",
			name, n, name, n, lines(base64.StdEncoding.EncodeToString(fmt.Appendf(slices.Clone(text), "\nReference %s %d.\n", name, n))))
	}
	fmt.Fprint(&b, "--part--\r\n")
	return b.Bytes()
}

// lines breaks what is longer than a line of a mail may be.
func lines(s string) string {
	var b strings.Builder
	for ; len(s) > 76; s = s[76:] {
		b.WriteString(s[:76] + "\r\n")
	}
	return b.String() + s
}

// references: an amendment is reviewed before the contract that it names is there. When that comes, each is tied to its own,
// once, however often the process dies over it.
func (r *killing) references(ctx context.Context) {
	r.t.Helper()
	for n := 1; r.arm(0, referencePoints()) > 0; n++ { // nobody dies before the contract comes
		number := fmt.Sprintf("LATE-2031-%d", n)
		text := fmt.Sprintf("AMENDMENT NO. 1\n\nThis Amendment No. 1 amends the Services Agreement No. %s between Halden Systems, Inc. and Tidewater Media Group, Inc.\n\n1. Section 3 is deleted.\n", number)
		reviewer := as(ctx, r.t, r.d, demo.ReviewerEmail)
		doc, err := upload(ctx, r.d, reviewer, number+".txt", "Amendment of "+number, strings.NewReader(text))
		if err != nil {
			r.t.Fatal(err)
		}
		settled(ctx, r.t, r.d)
		acceptReference(ctx, r.t, r.d, reviewer, doc.ContractID)
		settled(ctx, r.t, r.d)
		r.arm(1000, referencePoints())
		before := len(r.trap.deaths())
		var head pact.Document
		again(ctx, r.t, "uploading what is referred to", func() (err error) {
			reviewer := demo.NewClient(r.d.Base, "")
			if err := reviewer.SignIn(ctx, demo.ReviewerEmail, demo.Password); err != nil {
				return err
			}
			head, err = uploadAs(ctx, r.d, reviewer, number+"-head.txt", map[string]string{"title": number, "contract_number": number}, bytes.NewReader(append(order(r.t), "\nReference "+number+".\n"...)))
			return err
		})
		r.rest(ctx)
		if len(r.trap.deaths()) == before {
			r.t.Fatalf("%s was tied without a death", number)
		}
		tied := get[struct {
			Contract pact.Contract `json:"contract"`
		}](ctx, r.t, r.d.Admin, "/contracts/"+string(doc.ContractID)).Contract
		if tied.ParentID != head.ContractID || tied.Relation != "amendment" {
			r.t.Errorf("after the deaths %v the amendment of %s belongs to %q as %q, want %s", r.trap.deaths()[before:], number, tied.ParentID, tied.Relation, head.ContractID)
		}
		ties := 0
		for _, e := range all[audit.Entry](ctx, r.t, r.d.Admin, "/audit?act=contract.tie") {
			if e.Subject == string(doc.ContractID) {
				ties++
			}
		}
		if ties != 1 {
			r.t.Errorf("the tie of %s is %d times in the trail", number, ties)
		}
	}
}

// acceptReference finishes the review of a contract: what it refers to is right, nothing else is taken.
func acceptReference(ctx context.Context, t *testing.T, d *demo.Demo, reviewer *demo.Client, id pact.ContractID) {
	t.Helper()
	reviews := all[struct {
		Review pact.Review `json:"review"`
	}](ctx, t, d.Admin, "/reviews?contract_id="+string(id))
	if len(reviews) != 1 {
		t.Fatalf("%s has %d reviews, want 1", id, len(reviews))
	}
	path := "/reviews/" + string(reviews[0].Review.ID)
	type page struct {
		Review     pact.Review      `json:"review"`
		Candidates []pact.Candidate `json:"candidates"`
	}
	accepted := false
	for _, c := range get[page](ctx, t, d.Admin, path).Candidates {
		body := map[string]any{"kind": "reject", "reason": "not what is tested", "revision": c.Revision}
		if c.Subject == "reference" {
			accepted = true
			body = map[string]any{"kind": "accept", "revision": c.Revision}
		}
		if c.State != pact.CandidateOpen && c.State != pact.CandidateNotFound {
			continue
		}
		if err := reviewer.Do(ctx, http.MethodPost, "/candidates/"+string(c.ID)+"/decisions", body, nil); err != nil {
			t.Fatal(err)
		}
	}
	if !accepted {
		t.Fatalf("%s refers to nothing", id)
	}
	if err := reviewer.Do(ctx, http.MethodPost, path+"/finish", map[string]any{"revision": get[page](ctx, t, d.Admin, path).Review.Revision}, nil); err != nil {
		t.Fatal(err)
	}
}

// office: an administrator moves contracts to another phase and back, and saves a connection, which is then checked. Each
// move is one decision, and the health is that of the last check.
func (r *killing) office(ctx context.Context) {
	r.t.Helper()
	head, ok := contractOf(all[pact.Contract](ctx, r.t, r.d.Admin, "/contracts"), "SA-2023-789")
	if !ok {
		r.t.Fatal("the first contract of the story is not there")
	}
	policies := get[struct {
		Items []pact.Policy `json:"items"`
	}](ctx, r.t, r.d.Admin, "/policies").Items
	i := slices.IndexFunc(policies, func(x pact.Policy) bool { return x.Kind == "review" && x.Active })
	if i < 0 {
		r.t.Fatal("no review policy is active")
	}
	var body map[string]any
	if err := json.Unmarshal(policies[i].Body, &body); err != nil {
		r.t.Fatal(err)
	}
	phases, _ := body["phases"].(map[string]any)
	moves := 0
	for r.arm(1000, officePoints()) > 0 {
		before := len(r.trap.deaths())
		want := []string{"assisted", "full"}[moves%2]
		moves++
		phases[head.ContractType] = want
		again(ctx, r.t, "setting the policy", func() error {
			return r.d.Admin.Do(ctx, http.MethodPost, "/policies", map[string]any{"kind": "review", "body": body, "note": fmt.Sprintf("move %d of the test, to %s", moves, want)}, nil)
		})
		again(ctx, r.t, "moving to another phase", func() error { return rested(ctx, r.d) })
		again(ctx, r.t, "changing a connection", func() error { return touchConnection(ctx, r.d, "servicenow") })
		again(ctx, r.t, "replacing a mapping", func() error { return touchMapping(ctx, r.d, "salesforce") })
		r.rest(ctx)
		if len(r.trap.deaths()) == before {
			r.t.Fatalf("move %d passed without a death", moves)
		}
		if got := get[struct {
			Contract pact.Contract `json:"contract"`
		}](ctx, r.t, r.d.Admin, "/contracts/"+string(head.ID)).Contract.Phase; got != want {
			r.t.Errorf("move %d: the contract is in phase %s, want %s", moves, got, want)
		}
	}
	moved := 0
	for _, e := range all[audit.Entry](ctx, r.t, r.d.Admin, "/audit?act=contract.phase") {
		if e.Subject == string(head.ID) {
			moved++
		}
	}
	if moved != moves {
		r.t.Errorf("%d moves are in the trail, want %d", moved, moves)
	}
	c := get[struct {
		Connection pact.Connection `json:"connection"`
	}](ctx, r.t, r.d.Admin, "/connections/"+r.d.State.Connections["servicenow"]).Connection
	if c.Health.State != "ok" {
		r.t.Errorf("the connection is %s: %s", c.Health.State, c.Health.Reason)
	}
}

// touchConnection saves a connection as it stands, after which it is checked.
func touchConnection(ctx context.Context, d *demo.Demo, name string) error {
	path := "/connections/" + d.State.Connections[name]
	var v struct {
		Connection pact.Connection `json:"connection"`
	}
	if err := d.Admin.Do(ctx, http.MethodGet, path, nil, &v); err != nil {
		return err
	}
	c := v.Connection
	return d.Admin.Do(ctx, http.MethodPut, path, map[string]any{
		"connector": c.Connector, "name": c.Name, "enabled": true, "settings": c.Settings, "allow_hosts": c.AllowHosts, "revision": c.SettingsRevision,
	}, nil)
}

// touchMapping replaces a mapping by itself, after which the writes of all contracts are planned again.
func touchMapping(ctx context.Context, d *demo.Demo, name string) error {
	path := "/connections/" + d.State.Connections[name] + "/mapping"
	var v struct {
		Mapping pact.Mapping `json:"mapping"`
	}
	if err := d.Admin.Do(ctx, http.MethodGet, path, nil, &v); err != nil {
		return err
	}
	return d.Admin.Do(ctx, http.MethodPut, path, map[string]any{"version": v.Mapping.Version, "objects": v.Mapping.Objects}, nil)
}
