package ironclad

import (
	"encoding/json"
	"net/mail"
	"regexp"
	"strings"
	"time"

	"github.com/pactloop/pactloop/simulator/stage"
)

var (
	durationForm = regexp.MustCompile(`^P(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?$`)
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)
)

// checkProperties refuses what the account does not know or what is not of its type. free allows new names (obligation types define their own).
func (w *world) checkProperties(props stage.Object, at string, free bool) error {
	for name, raw := range props {
		param := at + "." + name
		p, ok := raw.(stage.Object)
		if !ok {
			return invalid(param, "property %s must be an object with type and value", name)
		}
		kind := text(p["type"])
		if kind == "" {
			return missing(param + ".type")
		}
		value, ok := p["value"]
		if !ok || value == nil {
			return missing(param + ".value")
		}
		known, exists := w.properties[name]
		if !exists && !free {
			return invalid(param, "unknown property %s", name)
		}
		if exists && !free && known.Type != kind {
			return invalid(param, "property %s is of type %s, not %s", name, known.Type, kind)
		}
		if why := checkValue(kind, value); why != "" {
			return invalid(param, "property %s: %s", name, why)
		}
	}
	return nil
}

// checkValue says what is wrong with a value of a kind, or nothing.
func checkValue(kind string, v any) string {
	str, isText := v.(string)
	switch kind {
	case "string", "playbookClause":
		if !isText {
			return "the value must be a string"
		}
	case "number":
		n, ok := v.(json.Number)
		if !ok || strings.ContainsAny(n.String(), ".eE") {
			return "the value must be an integer"
		}
	case "boolean":
		if _, ok := v.(bool); !ok {
			return "the value must be true or false"
		}
	case "date":
		if !isText {
			return "the value must be an ISO 8601 date-time"
		}
		if _, err := time.Parse(time.RFC3339, str); err != nil {
			return "the value must be an ISO 8601 date-time such as 2018-05-08T00:00:00-07:00"
		}
	case "duration":
		if !isText || len(str) < 3 || !durationForm.MatchString(str) {
			return "the value must be an ISO 8601 duration such as P1Y3M2W1D"
		}
	case "email":
		if a, err := mail.ParseAddress(str); !isText || err != nil || a.Address != str {
			return "the value must be an e-mail address"
		}
	case "monetary_amount":
		return checkMoney(v)
	case "clause":
		o, ok := v.(stage.Object)
		if source := text(o["source"]); !ok || (source != "ai" && source != "manual") {
			return "the clause needs source ai or manual"
		}
	case "address":
		return checkAddress(v)
	case "array":
		list, ok := v.([]any)
		if !ok || len(list) == 0 {
			return "the value must be a list of at least one string"
		}
		for _, item := range list {
			if _, ok := item.(string); !ok {
				return "the value must be a list of strings"
			}
		}
	case "reference":
		o, ok := v.(stage.Object)
		if !ok || text(o["recordId"]) == "" {
			return "the reference needs recordId"
		}
	default:
		return "unknown type " + kind
	}
	return ""
}

func checkMoney(v any) string {
	o, ok := v.(stage.Object)
	if !ok {
		return "the value must be an object with amount and currency"
	}
	if _, ok := o["amount"].(json.Number); !ok {
		return "amount must be a number"
	}
	if !currencyForm.MatchString(text(o["currency"])) {
		return "currency must be an ISO 4217 code"
	}
	return ""
}

func checkAddress(v any) string {
	o, ok := v.(stage.Object)
	if !ok {
		return "the address must be an object"
	}
	lines, present := o["lines"]
	list, ok := lines.([]any)
	if present && (!ok || len(list) > 4) {
		return "lines must be a list of at most four"
	}
	return ""
}
