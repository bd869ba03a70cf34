package mailbox

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/jhillyerd/enmime/v2"

	"github.com/pactloop/pactloop/simulator/stage"
)

// NewSession begins one SMTP connection.
func (s *Simulator) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &session{sim: s, conn: c}, nil
}

type session struct {
	sim  *Simulator
	conn *smtp.Conn
	user string
	from string
	to   []string
}

func (x *session) AuthMechanisms() []string { return []string{sasl.Plain, sasl.Login} }

func (x *session) Auth(mech string) (sasl.Server, error) {
	check := func(username, password string) error {
		if !stage.Same(username, x.sim.cfg.Username) || !stage.Same(password, x.sim.cfg.Password) {
			return smtp.ErrAuthFailed
		}
		x.user = username
		return nil
	}
	switch mech {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, username, password string) error { return check(username, password) }), nil
	case sasl.Login:
		return &login{check: check}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

// login is the server side of AUTH LOGIN, which the library has for clients only.
type login struct {
	check    func(username, password string) error
	username *string
	asked    bool
}

func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case !l.asked && response == nil:
		l.asked = true
		return []byte("Username:"), false, nil
	case l.username == nil:
		l.asked = true
		name := string(response)
		l.username = &name
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(*l.username, string(response))
}

func (x *session) Mail(from string, _ *smtp.MailOptions) error {
	if x.sim.cfg.RequireAuth && x.user == "" {
		return smtp.ErrAuthRequired
	}
	if _, err := x.fault("MAIL", from); err != nil {
		return err
	}
	x.from, x.to = from, nil
	return nil
}

func (x *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if _, err := x.fault("RCPT", to); err != nil {
		return err
	}
	x.to = append(x.to, to)
	return nil
}

func (x *session) Data(r io.Reader) error {
	after, err := x.fault("DATA", strings.Join(x.to, ","))
	if err != nil {
		return err
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m := read(raw)
	_, m.TLS = x.conn.TLSConnectionState()
	m.ID, m.From, m.To, m.User, m.ReceivedAt = stage.NewHex(8), x.from, append([]string{}, x.to...), x.user, x.sim.cfg.Clock.Now()
	x.sim.mu.Lock()
	x.sim.messages = append(x.sim.messages, m)
	x.sim.mu.Unlock()
	entry := stage.Request{Method: "DATA", Path: strings.Join(x.to, ","), Status: 250, Body: m.Subject, Applied: true}
	if after {
		entry.Fault = stage.FaultDropAfterApply
	}
	x.sim.Note(entry, stage.Effect{Object: "message", RecordID: m.MessageID, ExternalID: m.MessageID, Kind: "create", Detail: strings.Join(m.To, ",")})
	if after {
		return x.conn.Conn().Close()
	}
	return nil
}

// fault applies the stage's rules to SMTP: the method is the command, the path the address. dropAfter asks the caller to cut the connection once the
// message is kept.
func (x *session) fault(command, address string) (dropAfter bool, err error) {
	f, wait := x.sim.Faults().Pick(command, address)
	if wait > 0 {
		t := time.NewTimer(min(wait, time.Minute))
		defer t.Stop()
		<-t.C
	}
	if f == nil {
		return false, nil
	}
	if f.Kind == stage.FaultDropAfterApply {
		return true, nil
	}
	x.sim.Note(stage.Request{Method: command, Path: address, Status: f.Status, Fault: f.Kind})
	if f.Kind == stage.FaultStatus {
		message := f.Code
		if message == "" {
			message = "injected by the simulator"
		}
		return false, &smtp.SMTPError{Code: f.Status, EnhancedCode: smtp.EnhancedCode{f.Status / 100, 3, 0}, Message: message}
	}
	if err := x.conn.Conn().Close(); err != nil {
		return false, err
	}
	return false, errors.New("the connection was cut by the simulator")
}

func (x *session) Reset()        { x.from, x.to = "", nil }
func (x *session) Logout() error { return nil }

// read takes a message apart. What cannot be read is kept raw with the reason.
func read(raw []byte) Message {
	m := Message{Raw: string(raw), Headers: map[string][]string{}, Attachments: []Attachment{}}
	env, err := enmime.ReadEnvelope(bytes.NewReader(raw))
	if err != nil {
		m.Unreadable = err.Error()
		return m
	}
	m.Subject, m.MessageID, m.Text, m.HTML = env.GetHeader("Subject"), env.GetHeader("Message-Id"), env.Text, env.HTML
	for _, k := range env.GetHeaderKeys() {
		m.Headers[k] = env.GetHeaderValues(k)
	}
	for _, part := range append(append([]*enmime.Part{}, env.Attachments...), env.Inlines...) {
		m.Attachments = append(m.Attachments, Attachment{Filename: part.FileName, ContentType: part.ContentType, Size: len(part.Content)})
	}
	return m
}
