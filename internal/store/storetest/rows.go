package storetest

import "reflect"

// identity is the id of a row.
func identity(row any) string { return reflect.ValueOf(row).FieldByName("ID").String() }

// keep gives a row the identity and bookkeeping of another, so that it can be written over it.
func keep[T any](row *T, of T) {
	to, from := reflect.ValueOf(row).Elem(), reflect.ValueOf(of)
	for _, name := range []string{"ID", "Revision", "CreatedAt", "UpdatedAt"} {
		if f := to.FieldByName(name); f.IsValid() {
			f.Set(from.FieldByName(name))
		}
	}
}
