package channel

import "strings"

// Parse reads a message of the provisioning channel, from either side. Its
// errors wrap [ErrMalformed].
func Parse(text string) (Message, error) {
	members, err := parseObject([]byte(text))
	if err != nil {
		return nil, err
	}
	message, err := parseMembers(members)
	if err != nil {
		return nil, err
	}
	if err := members.end(); err != nil {
		return nil, err
	}
	return message, nil
}

func parseMembers(members object) (Message, error) {
	switch {
	case !members.has("method"):
		return parseAnswer(members)
	case members.has("id"):
		return parseCall(members)
	default:
		return parseNotification(members)
	}
}

func parseCall(members object) (Message, error) {
	id, err := members.takeNumber("id")
	if err != nil {
		return nil, err
	}
	method, err := members.takeString("method")
	if err != nil {
		return nil, err
	}
	if members.take("params") != nil {
		return nil, malformed("a call with params")
	}
	switch method {
	case methodBeginProvisioning:
		return BeginProvisioning{id}, nil
	case methodGenKeyPair:
		return GenKeyPair{id}, nil
	}
	return nil, malformed("unknown call")
}

func parseNotification(members object) (Message, error) {
	method, err := members.takeString("method")
	if err != nil {
		return nil, err
	}
	if method == methodRaiseProvisioningFailure && !members.has("params") {
		return RaiseProvisioningFailure{}, nil // the reason is optional
	}
	params, err := members.takeString("params")
	if err != nil {
		return nil, err
	}
	switch method {
	case methodReady:
		if params == "ping" || params == "pong" {
			return Ready{Pong: params == "pong"}, nil
		}
	case methodRegisterCertificate:
		return RegisterCertificate{params}, nil
	case methodRaiseProvisioningFailure:
		return RaiseProvisioningFailure{params}, nil
	}
	return nil, malformed("unknown notification")
}

func parseAnswer(members object) (Message, error) {
	id, err := members.takeNumber("id")
	if err != nil {
		return nil, err
	}
	if members.has("error") {
		return parseCallError(id, members)
	}
	if strings.HasPrefix(string(members["result"]), "{") {
		return parseBegun(id, members)
	}
	key, err := members.takeString("result")
	return KeyPair{id, key}, err
}

func parseCallError(id int64, members object) (Message, error) {
	code, err := members.takeString("error")
	if err != nil {
		return nil, err
	}
	text, err := members.takeString("message")
	return CallError{id, code, text}, err
}

func parseBegun(id int64, members object) (Message, error) {
	result, err := members.takeObject("result")
	if err != nil {
		return nil, err
	}
	email, err := result.takeString("email")
	if err != nil {
		return nil, err
	}
	seconds, err := result.takeNumber("cert_duration_s")
	if err != nil {
		return nil, err
	}
	return Begun{id, email, seconds}, result.end()
}
