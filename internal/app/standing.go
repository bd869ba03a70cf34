package app

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// standing reads from the store, at each scrape, what waits there: counters of one process can not know it, and every node
// says the same.
type standing struct {
	store store.Store
	now   func() time.Time
	log   *slog.Logger

	answers, jobs, unsealed, actions, oldest, deliveries, late *prometheus.Desc
}

// scrapeTime bounds what a scrape may cost.
const scrapeTime = 10 * time.Second

func newStanding(s store.Store, now func() time.Time, log *slog.Logger) *standing {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("pactloop_"+name, help, labels, nil)
	}
	return &standing{
		store: s, now: now, log: log,
		answers:    desc("database_answers", "1 where the database answered the scrape; without it the figures of what waits are absent."),
		jobs:       desc("jobs", "Jobs in the queue: available (ready or running), retrying (waiting for another try), discarded (given up and kept).", "state"),
		unsealed:   desc("audit_unsealed", "Entries of the audit trail that wait for the sealer."),
		actions:    desc("outbox_actions", "Writes to other systems that are not done, by state.", "state"),
		oldest:     desc("outbox_oldest_seconds", "Age of the oldest write that is still to be tried; 0 where none waits."),
		deliveries: desc("deliveries", "Webhooks that were kept and are not processed: received (waiting), failed.", "state"),
		late:       desc("timers_late_seconds", "How long the earliest timer is overdue (clocks, polls, renewals); 0 where none is."),
	}
}

// Describe names the figures.
func (s *standing) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{s.answers, s.jobs, s.unsealed, s.actions, s.oldest, s.deliveries, s.late} {
		out <- d
	}
}

// Collect reads them.
func (s *standing) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(pact.WithActor(context.Background(), pact.System("metrics")), scrapeTime)
	defer cancel()
	figures, err := s.read(ctx)
	answered := 1.0
	if err != nil {
		s.log.Warn("reading what waits, for the metrics", "error", err)
		answered, figures = 0, nil
	}
	out <- prometheus.MustNewConstMetric(s.answers, prometheus.GaugeValue, answered)
	for _, f := range figures {
		out <- f
	}
}

func (s *standing) read(ctx context.Context) ([]prometheus.Metric, error) {
	var out []prometheus.Metric
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out = append(out, prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...))
	}
	b, err := s.store.Backlog(ctx)
	if err != nil {
		return nil, err
	}
	gauge(s.jobs, float64(b.JobsAvailable), "available")
	gauge(s.jobs, float64(b.JobsRetrying), "retrying")
	gauge(s.jobs, float64(b.JobsDiscarded), "discarded")
	gauge(s.unsealed, float64(b.Unsealed))
	reads := s.store.Reads()
	for _, state := range []pact.ActionState{pact.ActionPending, pact.ActionDenied, pact.ActionUnmapped, pact.ActionInvalid, pact.ActionConflict, pact.ActionUnavailable, pact.ActionNeedsCheck} {
		n, err := reads.Actions.Count(ctx, store.Where(store.Eq("state", string(state))))
		if err != nil {
			return nil, err
		}
		gauge(s.actions, float64(n), string(state))
	}
	for _, state := range []string{"received", "failed"} {
		n, err := reads.Deliveries.Count(ctx, store.Where(store.Eq("state", state)))
		if err != nil {
			return nil, err
		}
		gauge(s.deliveries, float64(n), state)
	}
	first, err := reads.Actions.List(ctx, store.Query{Where: []store.Cond{store.Eq("state", string(pact.ActionPending))}, Order: []string{"created_at"}, Limit: 1})
	if err != nil {
		return nil, err
	}
	age := 0.0
	if len(first.Items) > 0 {
		age = max(0, s.now().Sub(first.Items[0].CreatedAt).Seconds())
	}
	gauge(s.oldest, age)
	due, ok, err := s.store.Schedule().Next(ctx)
	if err != nil {
		return nil, err
	}
	late := 0.0
	if ok {
		late = max(0, s.now().Sub(due).Seconds())
	}
	gauge(s.late, late)
	return out, nil
}
