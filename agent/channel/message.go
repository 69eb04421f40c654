package channel

// scope begins the name of each method of the provisioning channel (C1.7).
const scope = "vep_prov::"

// The methods of the provisioning channel.
const (
	methodReady                    = scope + "__ready"
	methodBeginProvisioning        = scope + "beginProvisioning"
	methodGenKeyPair               = scope + "genKeyPair"
	methodRegisterCertificate      = scope + "registerCertificate"
	methodRaiseProvisioningFailure = scope + "raiseProvisioningFailure"
)

// Message is a message of the provisioning channel: [Ready],
// [BeginProvisioning], [Begun], [GenKeyPair], [KeyPair], [RegisterCertificate],
// [RaiseProvisioningFailure] or [CallError].
type Message interface {
	// String returns the message as it is posted.
	String() string
	provisioning()
}

// Ready is the handshake. A page says "ping" when it is loaded; the other side
// answers "pong". What is sent earlier may be lost, so both wait for it.
type Ready struct {
	Pong bool // the answer, not the question
}

// BeginProvisioning is the page's question which address to vouch for (C1.1).
type BeginProvisioning struct {
	ID int64 // names the call in its answer
}

// Begun answers [BeginProvisioning].
type Begun struct {
	ID      int64
	Email   string
	Seconds int64 // how long the certificate shall live: cert_duration_s
}

// GenKeyPair is the page's request for a public key to certify (C1.2).
type GenKeyPair struct {
	ID int64
}

// KeyPair answers [GenKeyPair].
type KeyPair struct {
	ID        int64
	PublicKey string // JSON; on the wire it is a string, as old pages expect
}

// RegisterCertificate hands over the identity certificate (C1.3).
type RegisterCertificate struct {
	Certificate string
}

// RaiseProvisioningFailure says that the page cannot vouch for the address,
// mostly since the person is not signed in there (C1.4).
type RaiseProvisioningFailure struct {
	Reason string // the page's own words
}

// CallError is the answer to a call that cannot be served.
type CallError struct {
	ID   int64
	Code string
	Text string // for the page's developer
}

func (Ready) provisioning()                    {}
func (BeginProvisioning) provisioning()        {}
func (Begun) provisioning()                    {}
func (GenKeyPair) provisioning()               {}
func (KeyPair) provisioning()                  {}
func (RegisterCertificate) provisioning()      {}
func (RaiseProvisioningFailure) provisioning() {}
func (CallError) provisioning()                {}

// wire has the members of a jschannel message in the order of the original.
type wire struct {
	ID      *int64 `json:"id,omitempty"`
	Method  string `json:"method,omitempty"`
	Params  any    `json:"params,omitempty"`
	Result  any    `json:"result,omitempty"`
	Error   any    `json:"error,omitempty"`
	Message any    `json:"message,omitempty"`
}

type begunResult struct {
	Email   string `json:"email"`
	Seconds int64  `json:"cert_duration_s"`
}

// String returns the message as it is posted.
func (m Ready) String() string {
	word := "ping"
	if m.Pong {
		word = "pong"
	}
	return encode(wire{Method: methodReady, Params: word})
}

// String returns the message as it is posted.
func (m BeginProvisioning) String() string {
	return encode(wire{ID: &m.ID, Method: methodBeginProvisioning})
}

// String returns the message as it is posted.
func (m Begun) String() string {
	return encode(wire{ID: &m.ID, Result: begunResult{m.Email, m.Seconds}})
}

// String returns the message as it is posted.
func (m GenKeyPair) String() string {
	return encode(wire{ID: &m.ID, Method: methodGenKeyPair})
}

// String returns the message as it is posted.
func (m KeyPair) String() string {
	return encode(wire{ID: &m.ID, Result: m.PublicKey})
}

// String returns the message as it is posted.
func (m RegisterCertificate) String() string {
	return encode(wire{Method: methodRegisterCertificate, Params: m.Certificate})
}

// String returns the message as it is posted.
func (m RaiseProvisioningFailure) String() string {
	return encode(wire{Method: methodRaiseProvisioningFailure, Params: m.Reason})
}

// String returns the message as it is posted.
func (m CallError) String() string {
	return encode(wire{ID: &m.ID, Error: m.Code, Message: m.Text})
}
