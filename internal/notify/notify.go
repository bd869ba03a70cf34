// Package notify is a message to a person.
//
// It owns the port: what a message is and how sending can end. It does not own when a message is sent (respond) nor the
// channels (notify/email). Invariant: Key names the message; an uncertain send is reported as such and not repeated.
package notify

import (
	"context"
	"errors"
)

// Message is plain text with an HTML form of the same content.
type Message struct {
	Key     string // unique; becomes the Message-ID
	To      string
	Subject string
	Text    string
	HTML    string
}

// Sender sends a message once.
type Sender interface {
	Name() string // "email"
	Send(ctx context.Context, m Message) error
}

// ErrPossiblySent says that the server may have taken the message: its answer was lost after the data was handed over.
var ErrPossiblySent = errors.New("possibly sent: the server's answer was lost after the message was handed over")

// ErrRefused says that the server refused the message for good; trying again is pointless.
var ErrRefused = errors.New("refused by the mail server")
