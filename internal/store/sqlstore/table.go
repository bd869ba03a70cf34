package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/audit"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// table is one noun, outside a change (change is nil, reading only) or inside one.
type table[T any] struct {
	store  *Store
	noun   *noun
	change *change
}

var (
	errNoActor = errors.New("store used without an actor in the context")
	errNested  = errors.New("the store was used with the context of a transaction: use the tables of the transaction")
	errEnded   = errors.New("a transaction was used after it ended")
)

// open checks who asks and gives what to ask.
func (t table[T]) open(ctx context.Context) (pact.Actor, querier, error) {
	actor, ok := pact.ActorFrom(ctx)
	if !ok {
		return actor, nil, errNoActor
	}
	if t.noun.access == admins && actor.Kind != "system" && actor.Role != pact.Admin ||
		t.noun.access == systemOnly && actor.Kind != "system" {
		return actor, nil, fault.New(fault.Denied, "%s are for administrators only", strings.ReplaceAll(t.noun.name, "_", " "))
	}
	if t.change == nil {
		if t.store.inside(ctx) {
			return actor, nil, errNested
		}
		return actor, t.store.db, nil
	}
	if t.change.ended {
		return actor, nil, errEnded
	}
	return actor, t.change.tx, nil
}

func (t table[T]) writing(ctx context.Context) (pact.Actor, error) {
	actor, _, err := t.open(ctx)
	if err == nil && t.noun.access == everyone && actor.Kind != "system" && actor.Role != pact.Admin {
		err = fault.New(fault.Denied, "%s are changed by administrators only", t.noun.name)
	}
	return actor, err
}

func (t table[T]) missing(id string) error {
	return fault.New(fault.NotFound, "there is no %s %.80q", t.noun.singular(), id)
}

func (n *noun) singular() string {
	s := strings.ReplaceAll(n.name, "_", " ")
	if stem, ok := strings.CutSuffix(s, "ies"); ok && n.name != "deliveries" {
		return stem + "y"
	}
	if n.name == "deliveries" {
		return "delivery"
	}
	return strings.TrimSuffix(s, "s")
}

// Get gives one row.
func (t table[T]) Get(ctx context.Context, id string) (T, error) { return t.byID(ctx, id, "") }

// Lock gives one row and keeps others from changing it.
func (t table[T]) Lock(ctx context.Context, id string) (T, error) {
	row, err := t.byID(ctx, id, t.store.dialect.forUpdate(false))
	if err != nil {
		return row, err
	}
	return row, t.remember(id, &row)
}

func (t table[T]) byID(ctx context.Context, id, tail string) (T, error) {
	var zero T
	actor, db, err := t.open(ctx)
	if err != nil {
		return zero, err
	}
	if _, err := text("id", id); err != nil {
		return zero, t.missing("")
	}
	w := &where{}
	w.add(`"id" = ?`, id)
	w.scope(t.noun, actor)
	rows, err := t.rows(ctx, db, t.noun.columns, w, tail)
	if err != nil {
		return zero, err
	}
	if len(rows) == 0 {
		return zero, t.missing(id)
	}
	return rows[0], nil
}

// rows runs a SELECT of some columns.
func (t table[T]) rows(ctx context.Context, db querier, columns []column, w *where, tail string) ([]T, error) {
	result, err := db.Query(ctx, "SELECT "+selectList(columns)+" FROM "+t.noun.name+w.String()+tail, w.args...)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", t.noun.name, err)
	}
	defer result.Close()
	var out []T
	for result.Next() {
		var row T
		if err := result.Scan(cells(columns, reflect.ValueOf(&row).Elem())...); err != nil {
			return nil, fmt.Errorf("reading %s: %w", t.noun.name, err)
		}
		out = append(out, row)
	}
	if err := result.Err(); err != nil {
		return nil, fmt.Errorf("reading %s: %w", t.noun.name, err)
	}
	return out, nil
}

// One gives the first row that matches.
func (t table[T]) One(ctx context.Context, q store.Query) (T, error) {
	var zero T
	q.Limit = 1
	page, err := t.page(ctx, q, 1)
	if err != nil {
		return zero, err
	}
	if len(page) == 0 {
		return zero, fault.New(fault.NotFound, "there is no such %s", t.noun.singular())
	}
	return page[0], nil
}

// List gives a page.
func (t table[T]) List(ctx context.Context, q store.Query) (store.Page[T], error) {
	limit := q.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	limit = min(limit, maxLimit)
	if len(q.Only) > 0 {
		return store.Page[T]{}, fmt.Errorf("a page of %s holds whole rows", t.noun.name) // its cursor needs them
	}
	items, err := t.page(ctx, q, limit+1)
	if err != nil || len(items) <= limit {
		return store.Page[T]{Items: items}, err
	}
	items = items[:limit]
	order, err := t.noun.order(q.Order)
	if err != nil {
		return store.Page[T]{}, err
	}
	next, err := t.noun.cursorAfter(order, reflect.ValueOf(items[limit-1]))
	return store.Page[T]{Items: items, Next: next}, err
}

// All gives every row that matches.
func (t table[T]) All(ctx context.Context, q store.Query) ([]T, error) {
	if q.Limit > 0 && q.Limit <= maxAll {
		return t.page(ctx, q, q.Limit)
	}
	items, err := t.page(ctx, q, maxAll+1)
	if err != nil {
		return nil, err
	}
	if len(items) > maxAll {
		return nil, fmt.Errorf("more than %d %s match: read them with Each", maxAll, t.noun.name)
	}
	return items, nil
}

// Each calls fn with every row that matches, by id.
func (t table[T]) Each(ctx context.Context, q store.Query, fn func(T) error) error {
	q.Order, q.Limit, q.After = []string{"id"}, 0, ""
	if len(q.Only) > 0 && !slices.Contains(q.Only, "id") {
		q.Only = append(slices.Clone(q.Only), "id") // the next page begins after it
	}
	order, err := t.noun.order(q.Order)
	if err != nil {
		return err
	}
	for {
		items, err := t.page(ctx, q, eachPage)
		if err != nil {
			return err
		}
		for i := range items {
			if err := fn(items[i]); err != nil {
				return err
			}
		}
		if len(items) < eachPage {
			return nil
		}
		if q.After, err = t.noun.cursorAfter(order, reflect.ValueOf(items[len(items)-1])); err != nil {
			return err
		}
	}
}

func (t table[T]) page(ctx context.Context, q store.Query, limit int) ([]T, error) {
	actor, db, err := t.open(ctx)
	if err != nil {
		return nil, err
	}
	w, err := t.noun.matching(t.store.dialect, actor, q)
	if err != nil {
		return nil, err
	}
	order, err := t.noun.order(q.Order)
	if err != nil {
		return nil, err
	}
	if err := t.noun.after(w, t.store.dialect, order, q.After); err != nil {
		return nil, err
	}
	columns, err := t.noun.only(q.Only)
	if err != nil {
		return nil, err
	}
	return t.rows(ctx, db, columns, w, fmt.Sprintf("%s LIMIT %d", orderBy(order), limit))
}

// Count counts the rows that match.
func (t table[T]) Count(ctx context.Context, q store.Query) (int, error) {
	counts, err := t.count(ctx, q, "''", "")
	return counts[""], err
}

// CountBy counts by the values of a column.
func (t table[T]) CountBy(ctx context.Context, q store.Query, name string) (map[string]int, error) {
	c, ok := t.noun.byName[name]
	if !ok || c.form == jsonForm || c.form == moneyForm {
		return nil, fmt.Errorf("%s can not be counted by %q", t.noun.name, name)
	}
	return t.count(ctx, q, "COALESCE(CAST("+quote(name)+" AS TEXT), '')", " GROUP BY "+quote(name))
}

func (t table[T]) count(ctx context.Context, q store.Query, key, tail string) (map[string]int, error) {
	actor, db, err := t.open(ctx)
	if err != nil {
		return nil, err
	}
	w, err := t.noun.matching(t.store.dialect, actor, q)
	if err != nil {
		return nil, err
	}
	rows, err := db.Query(ctx, "SELECT "+key+", COUNT(*) FROM "+t.noun.name+w.String()+tail, w.args...)
	if err != nil {
		return nil, fmt.Errorf("counting %s: %w", t.noun.name, err)
	}
	defer rows.Close()
	counts := map[string]int{}
	for rows.Next() {
		var key string
		var n int64
		if err := rows.Scan(&key, &n); err != nil {
			return nil, fmt.Errorf("counting %s: %w", t.noun.name, err)
		}
		counts[key] += int(n)
	}
	return counts, rows.Err()
}

// Insert adds a row.
func (t table[T]) Insert(ctx context.Context, row *T) error {
	actor, err := t.writing(ctx)
	if err != nil {
		return err
	}
	v := reflect.ValueOf(row).Elem()
	if err := t.noun.owned(actor, v); err != nil {
		return err
	}
	t.noun.stamp(v, t.change.now)
	var args []any
	for _, c := range t.noun.columns {
		values, err := c.values(t.store.dialect, v.Field(c.index))
		if err != nil {
			return err
		}
		args = append(args, values...)
	}
	// A taken key must leave the transaction usable: on PostgreSQL an error would end it.
	added, err := t.change.tx.Exec(ctx, "INSERT INTO "+t.noun.name+" ("+selectList(t.noun.columns)+") VALUES ("+placeholders(len(args))+") ON CONFLICT DO NOTHING", args...)
	if err != nil {
		return fmt.Errorf("adding to %s: %w", t.noun.name, err)
	}
	if added == 0 {
		return fault.New(fault.Conflict, "this %s is there already", t.noun.singular())
	}
	return t.change.wrote(t.noun, v, nil)
}

// stamp sets what every new row has.
func (n *noun) stamp(row reflect.Value, now time.Time) {
	if row.Field(n.id).String() == "" {
		row.Field(n.id).SetString(pact.NewID[string](n.prefix, now))
	}
	if n.created >= 0 && row.Field(n.created).IsZero() {
		row.Field(n.created).Set(reflect.ValueOf(now))
	}
	if n.updated >= 0 {
		row.Field(n.updated).Set(reflect.ValueOf(now))
	}
	if n.revision >= 0 {
		row.Field(n.revision).SetInt(1)
	}
}

// owned refuses rows of business units the actor does not see.
func (n *noun) owned(actor pact.Actor, row reflect.Value) error {
	if n.access != scoped {
		return nil
	}
	if unit := row.Field(n.unit).String(); !actor.Sees(unit) {
		return fault.New(fault.Denied, "business unit %.80q is outside your scope", unit)
	}
	return nil
}

// Update writes a row whose revision is still the one that was read.
func (t table[T]) Update(ctx context.Context, row *T) error {
	actor, err := t.writing(ctx)
	if err != nil {
		return err
	}
	if t.noun.immutable {
		return fmt.Errorf("%s are never changed", t.noun.name)
	}
	v := reflect.ValueOf(row).Elem()
	id := v.Field(t.noun.id).String()
	if err := t.noun.owned(actor, v); err != nil {
		return err
	}
	before, err := t.before(ctx, id)
	if err != nil {
		return err
	}
	read := int64(0)
	if t.noun.revision >= 0 {
		read = v.Field(t.noun.revision).Int()
		v.Field(t.noun.revision).SetInt(read + 1)
	}
	if t.noun.updated >= 0 {
		v.Field(t.noun.updated).Set(reflect.ValueOf(t.change.now))
	}
	if err := t.write(ctx, actor, v, id, read); err != nil {
		if t.noun.revision >= 0 {
			v.Field(t.noun.revision).SetInt(read)
		}
		return err
	}
	return t.change.wrote(t.noun, v, before)
}

func (t table[T]) write(ctx context.Context, actor pact.Actor, v reflect.Value, id string, read int64) error {
	var set []string
	var args []any
	for _, c := range t.noun.columns {
		if c.name == "id" || c.index == t.noun.created {
			continue
		}
		values, err := c.values(t.store.dialect, v.Field(c.index))
		if err != nil {
			return err
		}
		for i, name := range c.names() {
			set = append(set, quote(name)+" = ?")
			args = append(args, values[i])
		}
	}
	w := &where{}
	w.add(`"id" = ?`, id)
	if t.noun.revision >= 0 {
		w.add(`"revision" = ?`, read)
	}
	w.scope(t.noun, actor)
	// A unique key taken by another row ends the statement only on SQLite; a savepoint makes PostgreSQL do the same.
	changed, err := t.change.guarded(ctx, "UPDATE "+t.noun.name+" SET "+strings.Join(set, ", ")+w.String(), append(args, w.args...)...)
	if err != nil {
		return fmt.Errorf("changing %s: %w", t.noun.name, err)
	}
	if changed > 0 {
		return nil
	}
	if _, err := t.Get(ctx, id); err != nil {
		return err
	}
	return fault.New(fault.Conflict, "this %s was changed in the meantime; read it again", t.noun.singular())
}

// Delete removes a row.
func (t table[T]) Delete(ctx context.Context, id string) error {
	actor, err := t.writing(ctx)
	if err != nil {
		return err
	}
	row, err := t.byID(ctx, id, t.store.dialect.forUpdate(false))
	if err != nil {
		return err
	}
	if err := t.remember(id, &row); err != nil {
		return err
	}
	w := &where{}
	w.add(`"id" = ?`, id)
	w.scope(t.noun, actor)
	n, err := t.change.tx.Exec(ctx, "DELETE FROM "+t.noun.name+w.String(), w.args...)
	if err != nil {
		return fmt.Errorf("deleting from %s: %w", t.noun.name, err)
	}
	if n == 0 {
		return t.missing(id)
	}
	t.change.removed(t.noun, reflect.ValueOf(row))
	return nil
}

// before makes sure that the row as it was before this change is known. Nouns that leave no trail need none.
func (t table[T]) before(ctx context.Context, id string) (audit.Image, error) {
	if !t.store.tracked[t.noun.name] {
		return nil, nil
	}
	if image, ok := t.change.known(t.noun, id); ok {
		return image, nil
	}
	row, err := t.byID(ctx, id, t.store.dialect.forUpdate(false))
	if err != nil {
		return nil, err
	}
	return audit.ImageOf(row)
}

// remember keeps a locked row as the image before the change.
func (t table[T]) remember(id string, row *T) error {
	if t.change == nil || !t.store.tracked[t.noun.name] {
		return nil
	}
	if _, ok := t.change.known(t.noun, id); ok {
		return nil
	}
	image, err := audit.ImageOf(row)
	if err == nil {
		t.change.remember(t.noun, id, image)
	}
	return err
}
