package salesforce

import (
	"context"
	"encoding/base64"
	"fmt"
	"math/big"
	"net/mail"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pactloop/pactloop/simulator/stage"
)

// Moment is how the API writes a date-time.
const Moment = "2006-01-02T15:04:05.000-0700"

// check turns a request body into column values, or says what Salesforce would say. creating demands the required columns.
func (s *Simulator) check(t object, in stage.Object, creating bool, self string) (stage.Object, error) {
	out := stage.Object{}
	for name, v := range in {
		if name == "attributes" {
			continue
		}
		f, ok := t.field(name)
		if !ok {
			resolved, err := s.byRelation(t, name, v)
			if err != nil {
				return nil, err
			}
			out[resolved.name] = resolved.value
			continue
		}
		if f.readOnly {
			verb := "update"
			if creating {
				verb = "create"
			}
			return nil, apiError{Code: "INVALID_FIELD_FOR_INSERT_UPDATE", Message: fmt.Sprintf("Unable to create/update fields: %s. Please check the security settings of this field and verify that it is read/write for your profile or permission set. (%s)", f.name, verb), Fields: []string{f.name}}
		}
		value, err := s.checkValue(t, f, v)
		if err != nil {
			return nil, err
		}
		out[f.name] = value
	}
	if err := missingFields(t, out, creating); err != nil {
		return nil, err
	}
	return out, s.checkUnique(t, out, self)
}

func missingFields(t object, out stage.Object, creating bool) error {
	var missing []string
	for _, f := range t.fields {
		v, given := out[f.name]
		if !given && creating && f.fallback != nil {
			out[f.name] = f.fallback
			continue
		}
		if f.required && (given || creating) && v == nil {
			missing = append(missing, f.name)
		}
	}
	if missing != nil {
		slices.Sort(missing)
		return apiError{Code: "REQUIRED_FIELD_MISSING", Message: fmt.Sprintf("Required fields are missing: [%s]", strings.Join(missing, ", ")), Fields: missing}
	}
	return nil
}

func (s *Simulator) checkUnique(t object, out stage.Object, self string) error {
	for _, f := range t.fields {
		value, ok := out[f.name].(string)
		if !f.unique || !ok {
			continue
		}
		for _, other := range s.byValue(t.name, f.name, value) {
			if other["Id"] != self {
				return apiError{Code: "DUPLICATE_VALUE", Message: fmt.Sprintf("duplicate value found: %s duplicates value on record with id: %s", f.name, other["Id"])}
			}
		}
	}
	return nil
}

type pair struct {
	name  string
	value any
}

// byRelation reads {"Account":{"Pactloop_Key__c":"…"}}: a reference given by the other row's external id.
func (s *Simulator) byRelation(t object, name string, v any) (pair, error) {
	f, ok := t.relation(name)
	nested, isObject := v.(stage.Object)
	if !ok || !isObject {
		return pair{}, apiError{Code: "INVALID_FIELD", Message: fmt.Sprintf("No such column '%s' on sobject of type %s", name, t.name)}
	}
	for column, value := range nested {
		if column == "attributes" {
			continue
		}
		for _, target := range f.refs {
			ext, ok := s.schema[target].field(column)
			if !ok || !ext.external {
				continue
			}
			switch found := s.byValue(target, ext.name, stage.Show(value)); len(found) {
			case 1:
				return pair{f.name, found[0]["Id"]}, nil
			case 0:
			default:
				return pair{}, apiError{Code: "DUPLICATE_EXTERNAL_ID", Message: fmt.Sprintf("%s: more than one record found for external id field", ext.name)}
			}
		}
		return pair{}, apiError{Code: "INVALID_FIELD", Message: fmt.Sprintf("Foreign key external ID: %s not found for field %s in entity %s", stage.Show(value), column, strings.Join(f.refs, ", "))}
	}
	return pair{}, apiError{Code: "INVALID_FIELD", Message: "an external id is missing for " + name}
}

func (s *Simulator) checkValue(t object, f field, v any) (any, error) {
	if v == nil || v == "" {
		if f.kind == "boolean" {
			return nil, unreadable(f, v)
		}
		return nil, nil
	}
	str, isText := v.(string)
	switch f.kind {
	case "boolean":
		if _, ok := v.(bool); !ok {
			return nil, unreadable(f, v)
		}
		return v, nil
	case "currency", "double", "percent", "int":
		return v, checkNumber(f, v)
	}
	if !isText {
		return nil, unreadable(f, v)
	}
	switch f.kind {
	case "date":
		if _, err := time.Parse("2006-01-02", str); err != nil {
			return nil, unreadable(f, v)
		}
		return str, nil
	case "datetime":
		at, ok := parseMoment(str)
		if !ok {
			return nil, unreadable(f, v)
		}
		return at.Format(Moment), nil
	case "reference":
		return s.checkReference(f, str)
	case "picklist":
		if f.restricted && !slices.Contains(f.values, str) {
			return nil, apiError{Code: "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", Message: fmt.Sprintf("%s: bad value for restricted picklist field: %s", f.label, str), Fields: []string{f.name}}
		}
	case "email":
		if a, err := mail.ParseAddress(str); err != nil || a.Address != str {
			return nil, apiError{Code: "INVALID_EMAIL_ADDRESS", Message: fmt.Sprintf("%s: invalid email address: %s", f.label, str), Fields: []string{f.name}}
		}
	case "base64":
		if _, err := base64.StdEncoding.DecodeString(str); err != nil {
			return nil, unreadable(f, "(base64)")
		}
	}
	if f.length > 0 && utf8.RuneCountInString(str) > f.length {
		return nil, apiError{Code: "STRING_TOO_LONG", Message: fmt.Sprintf("%s: data value too large: %.200s (max length=%d)", f.label, str, f.length), Fields: []string{f.name}}
	}
	return str, nil
}

func unreadable(f field, v any) error {
	return apiError{Code: "JSON_PARSER_ERROR", Message: fmt.Sprintf("Cannot deserialize instance of %s from value %.80s or request may be missing a required field at %s", f.kind, stage.Show(v), f.name)}
}

func checkNumber(f field, v any) error {
	n, ok := number(v)
	if !ok || len(n) > 40 {
		return unreadable(f, v)
	}
	if strings.ContainsAny(n.String(), "eE") {
		return nil
	}
	r, ok := new(big.Rat).SetString(n.String())
	if !ok {
		return unreadable(f, v)
	}
	limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(f.precision-f.scale)), nil)
	if f.precision > 0 && new(big.Rat).Abs(r).Cmp(new(big.Rat).SetInt(limit)) >= 0 {
		return apiError{Code: "NUMBER_OUTSIDE_VALID_RANGE", Message: fmt.Sprintf("%s: value outside of valid range on numeric field: %s", f.label, n), Fields: []string{f.name}}
	}
	return nil
}

func (s *Simulator) checkReference(f field, id string) (any, error) {
	full, ok := fullID(id)
	if !ok {
		return nil, apiError{Code: "MALFORMED_ID", Message: fmt.Sprintf("%s: id value of incorrect type: %s", f.label, id), Fields: []string{f.name}}
	}
	if name, _ := s.anyRow(full, f.refs...); name == "" {
		return nil, apiError{Code: "INVALID_CROSS_REFERENCE_KEY", Message: "invalid cross reference id", Fields: []string{f.name}}
	}
	return full, nil
}

func parseMoment(v string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, Moment, "2006-01-02T15:04:05-0700"} {
		if t, err := time.Parse(layout, v); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// insert makes a row of a request body.
func (s *Simulator) insert(ctx context.Context, t object, in stage.Object) (stage.Object, error) {
	values, err := s.check(t, in, true, "")
	if err != nil {
		return nil, err
	}
	now := s.cfg.Clock.Now().Format(Moment)
	values["Id"] = s.newID(t.prefix)
	for k, v := range map[string]any{"OwnerId": IntegrationUser, "CreatedById": IntegrationUser, "LastModifiedById": IntegrationUser, "CreatedDate": now, "LastModifiedDate": now, "SystemModstamp": now, "IsDeleted": false} {
		if values[k] == nil {
			values[k] = v
		}
	}
	s.rows[t.name] = append(s.rows[t.name], values)
	switch t.name {
	case "Case":
		values["CaseNumber"] = fmt.Sprintf("%08d", 1000+len(s.rows["Case"]))
	case "ContentVersion":
		s.publish(values, now)
	}
	s.applied(ctx, t, values, "create")
	return values, nil
}

// publish gives a new file its document, and links it where it was asked to go.
func (s *Simulator) publish(v stage.Object, now string) {
	title := stage.Show(v["Title"])
	if title == "" {
		title = strings.TrimSuffix(path.Base(stage.Show(v["PathOnClient"])), path.Ext(stage.Show(v["PathOnClient"])))
		v["Title"] = title
	}
	doc := stage.Object{"Id": s.newID("069"), "Title": title, "LatestPublishedVersionId": v["Id"], "CreatedDate": now, "SystemModstamp": now, "LastModifiedDate": now, "IsDeleted": false}
	s.rows["ContentDocument"] = append(s.rows["ContentDocument"], doc)
	v["ContentDocumentId"], v["FileExtension"], v["IsLatest"] = doc["Id"], strings.TrimPrefix(path.Ext(stage.Show(v["PathOnClient"])), "."), true
	if at := v["FirstPublishLocationId"]; at != nil {
		s.rows["ContentDocumentLink"] = append(s.rows["ContentDocumentLink"], stage.Object{"Id": s.newID("06A"), "ContentDocumentId": doc["Id"], "LinkedEntityId": at, "ShareType": "V", "SystemModstamp": now, "IsDeleted": false})
	}
}

// change writes a body into a row. The time stamps move even when nothing else does.
func (s *Simulator) change(ctx context.Context, t object, row, in stage.Object) error {
	values, err := s.check(t, in, false, stage.Show(row["Id"]))
	if err != nil {
		return err
	}
	for k, v := range values {
		row[k] = v
	}
	now := s.cfg.Clock.Now().Format(Moment)
	row["LastModifiedDate"], row["SystemModstamp"], row["LastModifiedById"] = now, now, IntegrationUser
	s.applied(ctx, t, row, "update")
	return nil
}

func (s *Simulator) erase(ctx context.Context, t object, row stage.Object) {
	now := s.cfg.Clock.Now().Format(Moment)
	row["IsDeleted"], row["SystemModstamp"], row["LastModifiedDate"] = true, now, now
	s.applied(ctx, t, row, "delete")
}

func (s *Simulator) applied(ctx context.Context, t object, row stage.Object, kind string) {
	e := stage.Effect{Object: t.name, RecordID: stage.Show(row["Id"]), Kind: kind}
	for _, f := range t.fields {
		if f.external && e.ExternalID == "" {
			e.ExternalID = stage.Show(row[f.name])
		}
	}
	stage.Applied(ctx, e)
}
