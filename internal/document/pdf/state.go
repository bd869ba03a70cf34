package pdf

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

// PDFium's reasons for not opening a file.
const (
	codePassword = 4
	codeSecurity = 5
)

func unopened(code int) error {
	switch code {
	case codePassword:
		return document.Failed(pact.DocumentEncrypted, "The PDF opens only with a password. Save a copy without the password and upload that.")
	case codeSecurity:
		return document.Failed(pact.DocumentEncrypted, "The PDF is encrypted in a way that can not be read here. Save a copy without protection and upload that.")
	}
	return document.Failed(pact.DocumentDamaged, "The PDF is damaged or was cut off, and can not be opened. Ask the sender for a new copy.")
}

func tooLarge(what string) error {
	return document.Failed(pact.DocumentRejected, fmt.Sprintf("The PDF is over a limit: %s. Split it, or send only the contract.", what))
}

// broken is the state of a file on which the parser itself failed.
func broken(err error) error {
	if strings.Contains(err.Error(), "out of memory") || strings.Contains(err.Error(), "out of bounds") || errors.Is(err, errMemory) {
		return document.Failed(pact.DocumentRejected, "The PDF needs more memory than one file may use. Send a smaller or simpler copy, such as the original printed to PDF.")
	}
	return document.Failed(pact.DocumentDamaged, "The PDF is damaged: the parser stopped in the middle of it. Ask the sender for a new copy.")
}

func stated(err error) bool {
	var e *document.Error
	return errors.As(err, &e)
}

func trapped(err error) bool { return strings.Contains(err.Error(), "calling ") }
