package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/pactloop/pactloop/internal/config"
	"github.com/pactloop/pactloop/internal/fault"
)

// load reads settings from a file with the given text, an environment and arguments.
func load(t *testing.T, file string, environ []string, args ...string) (config.Config, error) {
	t.Helper()
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	config.AddFlags(flags)
	path := filepath.Join(t.TempDir(), "pactloop.yaml")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := flags.Parse(append([]string{"--config", path}, args...)); err != nil {
		t.Fatal(err)
	}
	return config.Load(flags, environ)
}

func TestLaterSourcesWin(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file string
		environ    []string
		args       []string
		want       string
	}{
		{"the default", "", nil, nil, "127.0.0.1:8080"},
		{"the file", "address: 127.0.0.1:1\n", nil, nil, "127.0.0.1:1"},
		{"the environment over the file", "address: 127.0.0.1:1\n", []string{"PACTLOOP_ADDRESS=127.0.0.1:2"}, nil, "127.0.0.1:2"},
		{"the flag over all", "address: 127.0.0.1:1\n", []string{"PACTLOOP_ADDRESS=127.0.0.1:2"}, []string{"--address", "127.0.0.1:3"}, "127.0.0.1:3"},
	} {
		got, err := load(t, c.file, c.environ, c.args...)
		if err != nil || got.Address != c.want || got.BaseURL != "http://"+c.want {
			t.Errorf("%s: %q, base %q, %v", c.name, got.Address, got.BaseURL, err)
		}
	}
}

func TestEverySettingHasHelpAndAFlag(t *testing.T) {
	t.Parallel()
	got, err := load(t, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	config.AddFlags(flags)
	for _, block := range strings.Split(strings.TrimSpace(got.Print()), "\n# ") {
		help, line, ok := strings.Cut(strings.TrimPrefix(block, "# "), "\n")
		name, _, _ := strings.Cut(line, ":")
		if !ok || help == "" || flags.Lookup(strings.ReplaceAll(name, "_", "-")) == nil {
			t.Errorf("%q has no help or no flag", block)
		}
	}
}

func TestPagesAreSentToAServiceOnlyWhereThatIsStated(t *testing.T) {
	t.Parallel()
	for _, file := range []string{
		"ocr: azure\nocr_endpoint: https://x.example\nocr_key: k\nocr_send_pages: true\n",
		"ocr: textract\nocr_region: r\nocr_key_id: i\nocr_key: k\nocr_send_pages: true\n",
	} {
		if got, err := load(t, file, nil); err != nil || !got.OCRSendPages {
			t.Errorf("%q: %v", file, err)
		}
	}
	if got, err := load(t, "", nil); err != nil || got.OCRSendPages || got.OCR != "tesseract" {
		t.Errorf("the default sends pages: %+v, %v", got.OCR, err)
	}
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	t.Parallel()
	const canary = "canary-5ecret"
	got, err := load(t, "smtp_password: "+canary+"\n", []string{"PACTLOOP_ADMIN_PASSWORD=" + canary, "PACTLOOP_DATABASE_URL=postgres://u:" + canary + "@h/db"})
	if err != nil || got.SMTPPassword != canary || got.AdminPassword != canary || !strings.Contains(got.DatabaseURL, canary) {
		t.Fatalf("%v", err)
	}
	if out := got.Print(); strings.Contains(out, canary) || strings.Count(out, "********") != 3 {
		t.Errorf("printed:\n%s", out)
	}
}

func TestWrongSettingsAreRefusedWithTheirName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, file, environ, says string }{
		{"unknown in the file", "adress: x\n", "", "adress"},
		{"no YAML", "a: [\n", "", "YAML"},
		{"an unknown role", "roles: api,boss\n", "", "boss"},
		{"a file limit of nothing", "max_file_mib: 0\n", "", "max_file_mib"},
		{"a webhook limit beyond reason", "", "PACTLOOP_MAX_HOOK_MIB=101", "max_hook_mib"},
		{"replays of nothing", "replay_events: 0\n", "", "replay_events"},
		{"replays without end", "", "PACTLOOP_REPLAY_TIME=1h", "replay_time"},
		{"a number that is none", "", "PACTLOOP_READ_WORKERS=two", "read_workers"},
		{"a duration that is none", "read_timeout: soon\n", "", `read_timeout: "soon" is not a duration such as 30s, 5m or 1h30m.`},
		{"a duration without a unit", "read_timeout: 60\n", "", `read_timeout: "60" is not a duration`},
		{"a duration of the environment", "", "PACTLOOP_SEAL_EVERY=1 second", `seal_every: "1 second" is not a duration such as 30s, 5m or 1h30m.`},
		{"neither true nor false", "new_secret_key: perhaps\n", "", `new_secret_key: "perhaps" is not true or false.`},
		{"a variable with a letter too few", "", "PACTLOOP_ADRESS=127.0.0.1:1", "PACTLOOP_ADRESS is no setting; did you mean PACTLOOP_ADDRESS?"},
		{"a variable with two letters swapped", "", "PACTLOOP_DATABASE_ULR=postgres://x", "did you mean PACTLOOP_DATABASE_URL?"},
		{"a short variable", "", "PACTLOOP_DATE=x", "did you mean PACTLOOP_DATA?"},
		{"a variable of one word", "", "PACTLOOP_READTIMEOUT=5s", "did you mean PACTLOOP_READ_TIMEOUT?"},
		{"a language model without its name", "llm_provider: openai\n", "", "llm_model"},
		{"a daily cost without prices", "llm_provider: openai\nllm_model: m\nllm_daily_cost: \"5\"\n", "", "llm_price_in"},
		{"half of the prices", "llm_provider: openai\nllm_model: m\nllm_price_in: \"5\"\n", "", "llm_price_out"},
		{"a price that is none", "llm_provider: openai\nllm_model: m\nllm_price_in: cheap\nllm_price_out: \"1\"\n", "", "llm_price_in"},
		{"patience below the timeout", "llm_provider: openai\nllm_model: m\nllm_patience: 5s\n", "", "llm_patience"},
		{"Azure without the statement", "ocr: azure\nocr_endpoint: https://x.example\nocr_key: k\n", "", "ocr_send_pages: true"},
		{"Textract without the statement", "ocr: textract\nocr_region: r\nocr_key_id: i\nocr_key: k\nocr_send_pages: false\n", "", "ocr_send_pages: true"},
		{"Azure without a key", "ocr: azure\nocr_send_pages: true\n", "", "ocr_key"},
		{"an unknown kind of TLS", "smtp_tls: maybe\n", "", "smtp_tls"},
	} {
		_, err := load(t, c.file, []string{c.environ})
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	config.AddFlags(flags)
	if err := flags.Parse([]string{"--config", filepath.Join(t.TempDir(), "none.yaml")}); err != nil {
		t.Fatal(err)
	}
	if _, err := config.Load(flags, nil); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "none.yaml") {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestTheRestOfTheEnvironmentIsLeftAlone(t *testing.T) {
	t.Parallel()
	if _, err := load(t, "", []string{
		"PACTLOOP_TEST_POSTGRES=postgres://x", "HOME=/root", "PACTLOOP_KILL_AT=write/1", "PACTLOOP_API_KEY=k", "PACTLOOP_PORT=tcp://10.0.0.1:80", "PACTLOOP_SERVICE_HOST=10.0.0.1",
		"PACTLOOP_SERVICE_PORT=80", "PACTLOOP_PORT_80_TCP_ADDR=10.0.0.1", "PACTLOOP_SOAK=1", "PACTLOOP_SLOW=1", "PACTLOOP_SHOTS=x", "PACTLOOP_POINTS=3", "PACTLOOP_E2E_BINARY=x", "PACTLOOP_POSTGRES_DURABLE=on",
	}); err != nil {
		t.Error(err)
	}
	got, err := load(t, "base_url: https://pactloop.example/\nroles: api\n", nil)
	if err != nil || got.BaseURL != "https://pactloop.example" || !got.Has("api") || got.Has("worker") {
		t.Errorf("%+v %v", got, err)
	}
}

func TestAVariableThatIsNoSettingIsNamedWithTheNearest(t *testing.T) {
	t.Parallel()
	got := config.Ignored([]string{"PACTLOOP_LISTEN_ADDRESS=x", "PACTLOOP_ADDRESS=x", "PACTLOOP_API_KEY=k", "HOME=/root", "PACTLOOP_PORT=1", "PACTLOOP_PORT_80_TCP=x", "PACTLOOP_SERVICE_HOST=x"})
	if len(got) != 1 || got[0] != "PACTLOOP_LISTEN_ADDRESS" {
		t.Errorf("ignored: %v", got)
	}
	if near := config.Nearest("PACTLOOP_DATABASE"); near != "PACTLOOP_DATA" && near != "PACTLOOP_DATABASE_URL" {
		t.Errorf("nearest: %s", near)
	}
	if near := config.Nearest("PACTLOOP_QZXWVJ"); near != "" {
		t.Errorf("nothing is near, but %s is named", near)
	}
}
