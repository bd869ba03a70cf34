package postgres

import (
	"context"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/jackc/pgx/v5"
)

// nodeLocks is the first half of the advisory locks that show which nodes live; the second half is the node.
const nodeLocks = 7_220_518

// sweepEvery is how often nodes look for one that died. A node is taken for dead when it is missing twice.
const sweepEvery = 5 * time.Second

// nodeLock is the second half of a node's lock.
func nodeLock(node string) int32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(node))
	return int32(h.Sum32() & 0x7fffffff) //nolint:gosec // 31 bits
}

// present shows on a connection that this node lives: the server drops the lock with the connection.
func (d *database) present(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1, $2)", int32(nodeLocks), nodeLock(d.node))
	return err
}

// sweep frees the jobs of nodes that died, until ctx ends. River itself would wait as long as the longest job may take.
func (d *database) sweep(ctx context.Context) {
	missing := map[string]bool{}
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		now, err := d.missing(ctx)
		var dead []string
		for node := range now {
			if missing[node] {
				dead = append(dead, node)
			}
		}
		if err == nil && len(dead) > 0 {
			err = d.free(ctx, dead)
		}
		if err == nil {
			missing = now
		} else if ctx.Err() == nil {
			d.log.WarnContext(ctx, "looking for jobs of nodes that died did not work; it is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// missing gives the nodes that have jobs running and are not there.
func (d *database) missing(ctx context.Context) (map[string]bool, error) {
	rows, err := d.pool.Query(ctx, "SELECT DISTINCT attempted_by[array_upper(attempted_by, 1)] FROM river_job WHERE state = 'running'")
	if err != nil {
		return nil, fmt.Errorf("reading who runs jobs: %w", err)
	}
	nodes, err := pgx.CollectRows(rows, pgx.RowTo[*string])
	if err != nil || len(nodes) == 0 {
		return nil, err
	}
	rows, err = d.pool.Query(ctx, `SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = $1 AND granted
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`, nodeLocks)
	if err != nil {
		return nil, fmt.Errorf("reading which nodes live: %w", err)
	}
	locks, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("reading which nodes live: %w", err)
	}
	alive := map[int64]bool{}
	for _, l := range locks {
		alive[l] = true
	}
	out := map[string]bool{}
	for _, node := range nodes {
		if node != nil && !alive[int64(nodeLock(*node))] {
			out[*node] = true
		}
	}
	return out, nil
}

func (d *database) free(ctx context.Context, dead []string) error {
	tag, err := d.pool.Exec(ctx, `UPDATE river_job SET state = 'available' WHERE state = 'running'
		AND attempted_by[array_upper(attempted_by, 1)] = ANY($1)`, dead)
	if err != nil {
		return fmt.Errorf("freeing interrupted jobs: %w", err)
	}
	if n := tag.RowsAffected(); n > 0 {
		d.log.WarnContext(ctx, "a node died; its jobs run again", "jobs", n, "nodes", dead)
	}
	return nil
}
