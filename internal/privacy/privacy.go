// Package privacy finds personal and health data in a text and replaces it by stable keyed tokens, before the text is
// shown to anybody outside.
//
// It owns the kinds of data and how each is recognised, the policy (what is kept, tokenised or withheld), the tokens, the
// map of offsets between the text and its masked form, and the check that an answer did not alter a token. It does not
// own who is outside (extract/llm), where policies and the key are kept, nor redaction of documents for people.
//
// Invariants: pure; the same value gives the same token under one installation key, whatever the document, and nothing of
// the value can be read from it; in the masked text no found value stands as a word that the policy does not keep, and a kind
// that is kept never wins over one that is replaced; every offset
// maps both ways, and a span that touches a token maps to the whole value; a token is turned back only where it is exactly
// one that was issued for this text.
package privacy

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/strict"
)

// Kind is a kind of personal data.
type Kind string

// The kinds.
const (
	Party         Kind = "party"   // who is bound by the contract: usually needed to read it
	Person        Kind = "person"  // names of people: signatories, contacts
	Email         Kind = "email"   // e-mail addresses
	Phone         Kind = "phone"   // telephone and fax numbers
	NationalID    Kind = "id"      // social security, national insurance, passport, tax numbers
	IBAN          Kind = "iban"    // bank accounts whose check digits are right
	Card          Kind = "card"    // payment cards whose check digit is right
	Address       Kind = "address" // street addresses and boxes
	BirthDate     Kind = "birth"   // dates said to be of birth
	MedicalRecord Kind = "record"  // numbers of patients, records and health plans
	Health        Kind = "health"  // diagnoses and codes of diseases of a person
	Account       Kind = "account" // bank accounts with sort code or routing number
	IPAddress     Kind = "ip"      // internet addresses of machines
	NPI           Kind = "npi"     // numbers of US providers of health care
	EIN           Kind = "ein"     // US employer numbers: of companies, and of people who employ others
)

// Kinds lists every kind, the strongest claim first: where two that are replaced overlap, the whole is of the earlier kind.
// A party is the weakest, because what it is rests on a reading that may be wrong.
func Kinds() []Kind {
	return []Kind{IBAN, Card, Account, NationalID, NPI, EIN, MedicalRecord, Email, IPAddress, BirthDate, Phone, Address, Health, Person, Party}
}

// Action is what happens to the data of a kind.
type Action string

// The actions.
const (
	Keep     Action = "keep"     // it leaves as it is
	Tokenise Action = "tokenise" // a token stands for it; equal values have equal tokens
	Withhold Action = "withhold" // one mark for all: not even that two values are equal is told
)

// Policy says what happens to each kind. It is data, versioned as all policies; a kind it does not name is tokenised.
type Policy struct {
	Kinds map[Kind]Action `json:"kinds"`
}

// DefaultPolicy keeps the names of the parties, without which a contract can not be read, and employer numbers, which nearly
// always are a company's and are public; it tokenises all else.
func DefaultPolicy() Policy {
	p := Policy{Kinds: map[Kind]Action{}}
	for _, k := range Kinds() {
		p.Kinds[k] = Tokenise
	}
	p.Kinds[Party], p.Kinds[EIN], p.Kinds[Health] = Keep, Keep, Withhold
	return p
}

// ParsePolicy reads and checks a policy body; unknown members, kinds and actions are refused.
func ParsePolicy(body []byte) (Policy, error) {
	var p Policy
	wrong := strict.Decode(body, &p)
	for _, k := range slices.Sorted(maps.Keys(p.Kinds)) {
		switch a := p.Kinds[k]; {
		case !slices.Contains(Kinds(), k):
			wrong = append(wrong, fault.Detail{Field: fmt.Sprintf("kinds.%.40s", string(k)), Message: fmt.Sprintf("There is no kind of data named %.40q.", k)})
		case a != Keep && a != Tokenise && a != Withhold:
			wrong = append(wrong, fault.Detail{Field: fmt.Sprintf("kinds.%s", k), Message: fmt.Sprintf("%.40q is no action; use keep, tokenise or withhold.", a)})
		}
	}
	return p, pact.RefusePolicy("privacy policy", wrong)
}

// Version names what a policy says: two policies that treat every kind alike have the same.
func (p Policy) Version() string {
	h := sha256.New()
	for _, k := range Kinds() {
		h.Write([]byte(string(k) + "=" + string(p.Action(k)) + "\x00"))
	}
	return hex.EncodeToString(h.Sum(nil)[:3])
}

// With is the same policy with another action for one kind.
func (p Policy) With(k Kind, a Action) Policy {
	kinds := maps.Clone(p.Kinds)
	if kinds == nil {
		kinds = map[Kind]Action{}
	}
	kinds[k] = a
	return Policy{Kinds: kinds}
}

// Action of a kind.
func (p Policy) Action(k Kind) Action {
	if a, ok := p.Kinds[k]; ok {
		return a
	}
	return Tokenise
}
