// Package config is the settings struct: one place for every setting, by flag, environment and file.
//
// It owns names, defaults, help and checks of all settings, and their masked print. It does not own what a setting does.
// Invariants: a setting is one field with its help; later sources win: default, file, environment (PACTLOOP_DATABASE_URL),
// flag (--database-url); an unknown setting in a file is refused; a secret is never printed.
package config

import (
	"fmt"
	"os"
	"reflect"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/rawbytes"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/pflag"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
)

// Config is every setting. The koanf tag is the name in files; the environment and flags use the same words.
type Config struct {
	Address       string        `koanf:"address" help:"address to listen on" default:"127.0.0.1:8080"`
	BaseURL       string        `koanf:"base_url" help:"address people and webhooks reach this installation at; default http://ADDRESS"`
	Data          string        `koanf:"data" help:"folder of the database, documents and keys" default:"data"`
	DatabaseURL   string        `koanf:"database_url" help:"PostgreSQL URL; empty = embedded SQLite in the data folder" secret:"true"`
	Roles         string        `koanf:"roles" help:"what this node does, of api,worker,scheduler" default:"api,worker,scheduler"`
	AdminEmail    string        `koanf:"admin_email" help:"e-mail of the administrator made on the first start" default:"admin@localhost.localdomain"`
	AdminPassword string        `koanf:"admin_password" help:"password of that administrator; empty = made up and printed once" secret:"true"`
	Company       string        `koanf:"company" help:"our own names, separated by semicolons, to tell us from the other party"`
	DefaultOwner  string        `koanf:"default_owner" help:"e-mail that gets the alerts of contracts without an owner"`
	SMTPAddress   string        `koanf:"smtp_address" help:"mail server host:port; empty = no mail is sent, and notifications say so"`
	SMTPFrom      string        `koanf:"smtp_from" help:"sender of mail" default:"pactloop@localhost.localdomain"`
	SMTPUser      string        `koanf:"smtp_user" help:"user at the mail server"`
	SMTPPassword  string        `koanf:"smtp_password" help:"password at the mail server" secret:"true"`
	SMTPTLS       string        `koanf:"smtp_tls" help:"starttls, tls or none" default:"starttls"`
	SMTPAllow     string        `koanf:"smtp_allow" help:"internal hosts or networks the mail server may be at, separated by commas"`
	AnswerTimeout time.Duration `koanf:"answer_timeout" help:"how long a connected system may take to begin its answer; what it did without answering is looked up before the next try" default:"60s"`
	MaxFileMiB    int           `koanf:"max_file_mib" help:"largest document" default:"100"`
	MaxHookMiB    int           `koanf:"max_hook_mib" help:"largest webhook body" default:"10"`
	ReplayEvents  int           `koanf:"replay_events" help:"most events that one replay of a contract looks at; pactloop backtest has no limit" default:"20000"`
	ReplayTime    time.Duration `koanf:"replay_time" help:"longest time one replay of a contract may take before it is ended and asks for a shorter period" default:"30s"`
	ReadWorkers   int           `koanf:"read_workers" help:"documents read at once; 0: one for each processor, at most 8" default:"0"`
	ReadTimeout   time.Duration `koanf:"read_timeout" help:"processor time for one document, and ten times that by the clock" default:"60s"`
	ReadMemoryMiB int           `koanf:"read_memory_mib" help:"memory limit of one reader process" default:"768"`
	OCR           string        `koanf:"ocr" help:"who recognises scans: tesseract (on this machine), azure or textract (the pages are sent there), none" default:"tesseract"`
	OCRSendPages  bool          `koanf:"ocr_send_pages" help:"true states that pictures of pages may be sent, unmasked, to the service that ocr names; azure and textract do not start without" default:"false"`
	OCRTesseract  string        `koanf:"ocr_tesseract" help:"path of tesseract; empty = looked for"`
	OCRLanguages  string        `koanf:"ocr_languages" help:"languages of scans as tesseract names them, such as eng+deu; each needs its package" default:"eng"`
	OCRWorkers    int           `koanf:"ocr_workers" help:"pages recognised at once; 0 = one per processor" default:"0"`
	OCRTimeout    time.Duration `koanf:"ocr_timeout" help:"longest time to recognise one page" default:"90s"`
	OCRMemoryMiB  int           `koanf:"ocr_memory_mib" help:"memory limit of one recognition process" default:"2048"`
	OCREndpoint   string        `koanf:"ocr_endpoint" help:"address of the Azure Document Intelligence resource, or of Textract where it is not the region's own"`
	OCRKey        string        `koanf:"ocr_key" help:"key of the Azure resource, or secret access key of AWS" secret:"true"`
	OCRKeyID      string        `koanf:"ocr_key_id" help:"access key id of AWS"`
	OCRRegion     string        `koanf:"ocr_region" help:"region of AWS, such as eu-central-1"`
	OCRAllow      string        `koanf:"ocr_allow" help:"internal hosts or networks ocr_endpoint may be at, separated by commas"`
	LLMProvider   string        `koanf:"llm_provider" help:"language model: openai, azure, ollama, vllm or anthropic; empty = none is asked"`
	LLMBaseURL    string        `koanf:"llm_base_url" help:"address of its API, such as http://127.0.0.1:11434/v1; empty = the provider's own"`
	LLMModel      string        `koanf:"llm_model" help:"model that is asked; for azure the deployment"`
	LLMKey        string        `koanf:"llm_key" help:"key of its API" secret:"true"`
	LLMAPIVersion string        `koanf:"llm_api_version" help:"API version; azure only" default:"2024-10-21"`
	LLMSendPages  bool          `koanf:"llm_send_pages" help:"true states that pictures of recognised pages may be sent, unmasked, to the language model beside their text" default:"false"`
	LLMAllow      string        `koanf:"llm_allow" help:"internal hosts or networks the language model may be at, separated by commas"`
	LLMMaxInput   int           `koanf:"llm_max_input" help:"most tokens of contract text in one request" default:"12000"`
	LLMMaxOutput  int           `koanf:"llm_max_output" help:"most tokens of one answer" default:"4000"`
	LLMTemp       string        `koanf:"llm_temperature" help:"temperature; empty = none is sent, for models that refuse it" default:"0"`
	LLMRate       int           `koanf:"llm_calls_per_minute" help:"most calls in a minute, for each node; 0 = no limit" default:"60"`
	LLMTimeout    time.Duration `koanf:"llm_timeout" help:"longest time for one answer" default:"90s"`
	LLMPatience   time.Duration `koanf:"llm_patience" help:"longest time for all questions on one document, waiting included" default:"4m"`
	LLMTokens     int           `koanf:"llm_daily_tokens" help:"tokens that all nodes may use in a day (UTC); 0 = no limit" default:"2000000"`
	LLMCost       string        `koanf:"llm_daily_cost" help:"money that all nodes may use in a day (UTC); empty = no limit"`
	LLMPriceIn    string        `koanf:"llm_price_in" help:"price of a million tokens that are sent; empty = cost is not counted"`
	LLMPriceOut   string        `koanf:"llm_price_out" help:"price of a million tokens that are answered"`
	LLMCurrency   string        `koanf:"llm_currency" help:"currency of these prices and of the daily cost" default:"USD"`
	NewSecretKey  bool          `koanf:"new_secret_key" help:"true = start with another secret.key than the one stored secrets were sealed with; each must be entered again" default:"false"`
	MetricsToken  string        `koanf:"metrics_token" help:"bearer token that /metrics asks for; empty = it answers this machine only" secret:"true"`
	LogLevel      string        `koanf:"log_level" help:"debug, info, warn or error" default:"info"`
	LogFormat     string        `koanf:"log_format" help:"text or json" default:"text"`
	SealEvery     time.Duration `koanf:"seal_every" help:"how often audit entries are sealed" default:"1s"`
	ShutdownAfter time.Duration `koanf:"shutdown_after" help:"how long a graceful stop may take" default:"20s"`
	ClockURL      string        `koanf:"clock_url" help:"demo builds only: where the movable clock is"`
}

// Load reads the settings: defaults, then the file (pactloop.yaml, or --config), then the environment, then flags.
func Load(flags *pflag.FlagSet, environ []string) (Config, error) {
	k := koanf.New(".")
	c := Config{}
	for _, f := range fields() {
		if f.def != "" {
			_ = k.Set(f.name, f.def)
		}
	}
	if err := loadFile(k, flags); err != nil {
		return c, err
	}
	known := map[string]bool{}
	for _, f := range fields() {
		known[f.name] = true
	}
	if err := k.Load(env.Provider(".", env.Opt{Prefix: "PACTLOOP_", EnvironFunc: func() []string { return environ }, TransformFunc: func(key, value string) (string, any) {
		name := strings.ToLower(strings.TrimPrefix(key, "PACTLOOP_"))
		if !known[name] {
			return "", nil
		}
		return name, value
	}}), nil); err != nil {
		return c, fmt.Errorf("reading the environment: %w", err)
	}
	if err := misspelt(environ); err != nil {
		return c, err
	}
	if flags != nil {
		flags.VisitAll(func(f *pflag.Flag) { // not Visit: a subcommand parses these flags in a set of its own
			if !f.Changed {
				return
			}
			if name := strings.ReplaceAll(f.Name, "-", "_"); known[name] {
				_ = k.Set(name, f.Value.String())
			}
		})
	}
	for _, f := range fields() {
		if err := f.fits(k.Get(f.name)); err != nil {
			return c, err
		}
	}
	if err := k.UnmarshalWithConf("", &c, koanf.UnmarshalConf{Tag: "koanf"}); err != nil {
		return c, fault.Wrap(fault.Invalid, err, "A setting has the wrong form: %v.", err)
	}
	return c, c.check()
}

// misspelt refuses a variable that is a setting but for a letter or two: it would be ignored without a word. Others with our
// prefix are none of ours: a cluster makes PACTLOOP_PORT for a service of that name.
func misspelt(environ []string) error {
	for _, pair := range environ {
		key, _, _ := strings.Cut(pair, "=")
		rest, ours := strings.CutPrefix(key, "PACTLOOP_")
		name := strings.ToLower(rest)
		if !ours || isField(name) || key == "PACTLOOP_API_KEY" { // import reads that one itself
			continue
		}
		for _, f := range fields() {
			// A short name is near to much: of four letters one may be wrong.
			if distance(name, f.name) <= min(2, len(f.name)/4) {
				return fault.New(fault.Invalid, "The environment variable %s is no setting; did you mean PACTLOOP_%s? `pactloop config` lists them all.", key, strings.ToUpper(f.name))
			}
		}
	}
	return nil
}

// Ignored lists variables with our prefix that are no setting, for the start to warn of: a file with such a key is refused, and what a
// cluster makes for a service of our name (PACTLOOP_PORT, PACTLOOP_SERVICE_HOST) is not ours to refuse.
func Ignored(environ []string) []string {
	var out []string
	for _, pair := range environ {
		key, _, _ := strings.Cut(pair, "=")
		rest, ours := strings.CutPrefix(key, "PACTLOOP_")
		cluster := rest == "PORT" || strings.HasPrefix(rest, "PORT_") || strings.HasPrefix(rest, "SERVICE_HOST") || strings.HasPrefix(rest, "SERVICE_PORT")
		if ours && !cluster && key != "PACTLOOP_API_KEY" && !isField(strings.ToLower(rest)) {
			out = append(out, key)
		}
	}
	return out
}

// Nearest is the variable of a setting that comes nearest to a name, or "" where none shares half of its letters with it.
func Nearest(key string) string {
	name, best := strings.ToLower(strings.TrimPrefix(key, "PACTLOOP_")), ""
	least := len(name)/2 + 1
	for _, f := range fields() {
		if d := distance(name, f.name); d < least {
			best, least = "PACTLOOP_"+strings.ToUpper(f.name), d
		}
	}
	return best
}

// distance is how many letters have to be added, removed, replaced or swapped with their neighbour to make one word of the other.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			replaced := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				replaced++
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, replaced)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

func loadFile(k *koanf.Koanf, flags *pflag.FlagSet) error {
	path, required := "pactloop.yaml", false
	if flags != nil {
		if f := flags.Lookup("config"); f != nil && f.Value.String() != "" {
			path, required = f.Value.String(), true
		}
	}
	body, err := os.ReadFile(path)
	if os.IsNotExist(err) && !required {
		return nil
	}
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "The settings file %s can not be read: %v.", path, err)
	}
	file := koanf.New(".")
	if err := file.Load(rawbytes.Provider(body), yaml.Parser()); err != nil {
		return fault.Wrap(fault.Invalid, err, "The settings file %s is not YAML: %v.", path, err)
	}
	for _, name := range file.Keys() {
		if !isField(name) {
			return fault.New(fault.Invalid, "The settings file %s has the unknown setting %q. `pactloop config` lists them all.", path, name)
		}
	}
	return k.Merge(file)
}

func (c *Config) check() error {
	if c.BaseURL == "" {
		c.BaseURL = "http://" + c.Address
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	for _, r := range strings.Split(c.Roles, ",") {
		if r != "api" && r != "worker" && r != "scheduler" {
			return fault.New(fault.Invalid, "roles: %q is no role; use api, worker, scheduler.", r)
		}
	}
	if c.MaxFileMiB < 1 || c.MaxFileMiB > 2048 {
		return fault.New(fault.Invalid, "max_file_mib must lie between 1 and 2048.")
	}
	if c.MaxHookMiB < 1 || c.MaxHookMiB > 100 {
		return fault.New(fault.Invalid, "max_hook_mib must lie between 1 and 100.")
	}
	if c.SMTPTLS != "starttls" && c.SMTPTLS != "tls" && c.SMTPTLS != "none" {
		return fault.New(fault.Invalid, "smtp_tls: %q is not one of starttls, tls, none.", c.SMTPTLS)
	}
	if err := c.checkLLM(); err != nil {
		return err
	}
	if c.AnswerTimeout < time.Second || c.AnswerTimeout > 2*time.Minute {
		return fault.New(fault.Invalid, "answer_timeout must lie between 1s and 2m.")
	}
	if c.ReplayEvents < 1 || c.ReplayEvents > 5_000_000 {
		return fault.New(fault.Invalid, "replay_events must lie between 1 and 5000000.")
	}
	if c.ReplayTime < time.Second || c.ReplayTime > 10*time.Minute {
		return fault.New(fault.Invalid, "replay_time must lie between 1s and 10m.")
	}
	if c.ReadWorkers < 0 || c.ReadWorkers > 64 {
		return fault.New(fault.Invalid, "read_workers must lie between 0 and 64.")
	}
	if c.ReadWorkers == 0 { // each may take read_memory_mib
		c.ReadWorkers = min(8, runtime.NumCPU())
	}
	if c.OCRWorkers < 0 || c.OCRWorkers > 64 {
		return fault.New(fault.Invalid, "ocr_workers must lie between 0 and 64.")
	}
	if c.OCRMemoryMiB < 256 || c.OCRTimeout < time.Second {
		return fault.New(fault.Invalid, "ocr_memory_mib must be at least 256, and ocr_timeout at least 1s.")
	}
	return c.checkOCR()
}

func (c *Config) checkOCR() error {
	switch c.OCR {
	case "tesseract", "none":
	case "azure":
		if !c.OCRSendPages {
			return sendsPages(c.OCR)
		}
		if c.OCREndpoint == "" || c.OCRKey == "" {
			return fault.New(fault.Invalid, "ocr: azure needs ocr_endpoint and ocr_key.")
		}
	case "textract":
		if !c.OCRSendPages {
			return sendsPages(c.OCR)
		}
		if c.OCRRegion == "" || c.OCRKeyID == "" || c.OCRKey == "" {
			return fault.New(fault.Invalid, "ocr: textract needs ocr_region, ocr_key_id and ocr_key.")
		}
	default:
		return fault.New(fault.Invalid, "ocr: %q is not one of tesseract, azure, textract, none.", c.OCR)
	}
	return nil
}

// sendsPages refuses a service that nobody said may see the pages: unlike text for a language model, a picture can not be
// masked.
func sendsPages(engine string) error {
	return fault.New(fault.Invalid, "ocr: %s sends pictures of pages to a service outside, with all personal data on them: they can not be masked. State ocr_send_pages: true where that is allowed, or use ocr: tesseract, which reads on this machine.", engine)
}

// checkLLM checks the settings of the language model, where one is asked.
func (c *Config) checkLLM() error {
	if c.LLMProvider == "" {
		return nil
	}
	if c.LLMModel == "" {
		return fault.New(fault.Invalid, "llm_model is needed with llm_provider: the name of the model that is asked.")
	}
	for name, v := range map[string]string{"llm_daily_cost": c.LLMCost, "llm_price_in": c.LLMPriceIn, "llm_price_out": c.LLMPriceOut, "llm_temperature": c.LLMTemp} {
		if d, err := money.ParseDecimal(v); v != "" && (err != nil || d.IsNegative()) {
			return fault.New(fault.Invalid, "%s: %q is not a decimal number of zero or more.", name, v)
		}
	}
	if (c.LLMPriceIn == "") != (c.LLMPriceOut == "") {
		return fault.New(fault.Invalid, "llm_price_in and llm_price_out belong together: set both, or none.")
	}
	if c.LLMCost != "" && c.LLMPriceIn == "" {
		return fault.New(fault.Invalid, "llm_daily_cost needs llm_price_in and llm_price_out; without prices nothing can be counted. llm_daily_tokens works without them.")
	}
	if !money.IsCurrency(c.LLMCurrency) {
		return fault.New(fault.Invalid, "llm_currency: %q is not a currency code such as USD.", c.LLMCurrency)
	}
	if c.LLMMaxInput < 1000 || c.LLMMaxInput > 1_000_000 || c.LLMMaxOutput < 200 || c.LLMMaxOutput > 100_000 {
		return fault.New(fault.Invalid, "llm_max_input must lie between 1000 and 1000000, llm_max_output between 200 and 100000.")
	}
	if c.LLMTimeout < time.Second || c.LLMPatience < c.LLMTimeout || c.LLMPatience > 8*time.Minute {
		return fault.New(fault.Invalid, "llm_timeout must be at least 1s, and llm_patience between llm_timeout and 8m.")
	}
	if c.LLMRate < 0 || c.LLMTokens < 0 {
		return fault.New(fault.Invalid, "llm_calls_per_minute and llm_daily_tokens must not be negative.")
	}
	return nil
}

// Has tells whether this node has a role.
func (c Config) Has(role string) bool {
	for _, r := range strings.Split(c.Roles, ",") {
		if r == role {
			return true
		}
	}
	return false
}

type field struct {
	name, help, def string
	secret          bool
	index           int
	kind            reflect.Type
}

// fits checks the form of a value, as a file, the environment or a flag gave it.
func (f field) fits(v any) error {
	if v == nil {
		return nil
	}
	text := fmt.Sprint(v)
	var err error
	var wanted string
	switch f.kind {
	case reflect.TypeFor[time.Duration]():
		wanted = "a duration such as 30s, 5m or 1h30m"
		_, err = time.ParseDuration(text)
	case reflect.TypeFor[int]():
		wanted = "a whole number"
		_, err = strconv.Atoi(text)
	case reflect.TypeFor[bool]():
		wanted = "true or false"
		_, err = strconv.ParseBool(text)
	}
	if err != nil {
		return fault.New(fault.Invalid, "%s: %q is not %s.", f.name, text, wanted)
	}
	return nil
}

func fields() []field {
	t := reflect.TypeFor[Config]()
	out := make([]field, 0, t.NumField())
	for i := range t.NumField() {
		f := t.Field(i)
		out = append(out, field{name: f.Tag.Get("koanf"), help: f.Tag.Get("help"), def: f.Tag.Get("default"), secret: f.Tag.Get("secret") == "true", index: i, kind: f.Type})
	}
	return out
}

func isField(name string) bool {
	for _, f := range fields() {
		if f.name == name {
			return true
		}
	}
	return false
}

// AddFlags adds a flag for every setting.
func AddFlags(flags *pflag.FlagSet) {
	flags.String("config", "", "settings file (default pactloop.yaml, where there is one)")
	for _, f := range fields() {
		help := f.help
		if f.def != "" {
			help += " (default " + strconv.Quote(f.def) + ")"
		}
		flags.String(strings.ReplaceAll(f.name, "_", "-"), "", help)
	}
}

// Print shows every setting with its value and help, secrets masked.
func (c Config) Print() string {
	var b strings.Builder
	v := reflect.ValueOf(c)
	list := fields()
	sort.SliceStable(list, func(i, j int) bool { return list[i].index < list[j].index })
	for _, f := range list {
		value := fmt.Sprint(v.Field(f.index).Interface())
		if f.secret && value != "" {
			value = "********"
		}
		fmt.Fprintf(&b, "# %s\n%s: %q\n", f.help, f.name, value)
	}
	return b.String()
}
