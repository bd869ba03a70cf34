package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"

	"github.com/pactloop/pactloop/internal/fault"
)

// DefaultAttempts is how often a job is tried where its options say nothing.
const DefaultAttempts = 25

// Queue adds jobs inside transactions of one database; TTx is River's transaction type there.
type Queue[TTx any] struct{ client *river.Client[TTx] }

// NewQueue makes a queue that adds jobs and works none.
func NewQueue[TTx any](driver riverdriver.Driver[TTx]) (*Queue[TTx], error) {
	client, err := river.NewClient(driver, &river.Config{})
	if err != nil {
		return nil, fmt.Errorf("opening the job queue: %w", err)
	}
	return &Queue[TTx]{client: client}, nil
}

// metadata travels with a job. Flat: River on SQLite breaks nested metadata.
type metadata struct {
	CorrelationID string `json:"correlation_id,omitempty"`
	Once          string `json:"once,omitempty"`
}

// Prepared is a job ready to be added. Once is not empty where only one of its arguments may wait; the store looks for a
// waiting one in the same transaction (River's own uniqueness also refuses while one is running, and would lose the
// work of an event that came in after that one had read its data).
type Prepared struct {
	Once   string
	params river.InsertManyParams
}

// Prepare checks a job and gives it the correlation id of what caused it.
func Prepare(q Queued, correlationID string) (Prepared, error) {
	args, err := json.Marshal(q.Args)
	if err != nil {
		return Prepared{}, fmt.Errorf("encoding the arguments of a job: %w", err)
	}
	p := Prepared{}
	if q.Options.Unique {
		p.Once = onceKey(q.Args.Kind(), args)
	}
	meta, err := json.Marshal(metadata{CorrelationID: correlationID, Once: p.Once})
	if err != nil {
		return Prepared{}, fmt.Errorf("encoding a job: %w", err)
	}
	attempts := q.Options.MaxAttempts
	if attempts <= 0 {
		attempts = DefaultAttempts
	}
	p.params = river.InsertManyParams{Args: encoded{kind: q.Args.Kind(), args: args}, InsertOpts: &river.InsertOpts{
		Metadata: meta,
		Queue:    q.Options.Queue,
		// One more than asked: the last one only reports a job that took its worker down each time (see Runner).
		MaxAttempts: attempts + 1,
		ScheduledAt: q.Options.NotBefore,
	}}
	return p, nil
}

// InsertTx adds jobs to a transaction.
func (q *Queue[TTx]) InsertTx(ctx context.Context, tx TTx, jobs []Prepared) error {
	if len(jobs) == 0 {
		return nil
	}
	params := make([]river.InsertManyParams, len(jobs))
	for i, j := range jobs {
		params[i] = j.params
	}
	if _, err := q.client.InsertManyTx(ctx, tx, params); err != nil {
		return fmt.Errorf("adding jobs: %w", err)
	}
	return nil
}

// encoded is arguments that were already encoded.
type encoded struct {
	kind string
	args json.RawMessage
}

// Kind names the job.
func (e encoded) Kind() string { return e.kind }

// MarshalJSON gives the arguments.
func (e encoded) MarshalJSON() ([]byte, error) { return e.args, nil }

// Snooze ends a run without result: the job runs again after d, and the attempt does not count.
func Snooze(d time.Duration) error { return river.JobSnooze(d) }

// Snoozed tells whether a run ended by Snooze.
func Snoozed(err error) bool {
	var s *river.JobSnoozeError
	return errors.As(err, &s)
}

// Retry marks an error as worth another try even where its kind says otherwise.
func Retry(err error) error { return &retry{err} }

type retry struct{ error }

func (r *retry) Unwrap() error { return r.error }

// final tells whether trying again can not help.
func final(err error) bool {
	f := fault.Of(err)
	if f == nil {
		return false
	}
	switch f.Kind {
	case fault.Invalid, fault.NotFound, fault.Denied, fault.Unsupported:
		return true
	case fault.Conflict, fault.Unavailable:
	}
	return false
}
