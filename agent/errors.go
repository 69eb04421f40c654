package agent

import (
	"errors"
	"fmt"
)

// Code names what went wrong in a way that programs can branch on. Codes are
// stable: the dialog has a sentence for each, and relying parties see some of
// them as the reason of a cancelled sign-in.
type Code string

// The codes. This is the one list: testdata/errors.json is its golden copy,
// which the JavaScript tests read too.
const (
	// CodeCancelled: the person closed or cancelled the sign-in.
	CodeCancelled Code = "cancelled"
	// CodeInvalidOrigin: the page that asked is not one that may ask.
	CodeInvalidOrigin Code = "invalid_origin"
	// CodeInvalidOptions: the relying party's options are not usable.
	CodeInvalidOptions Code = "invalid_options"
	// CodeInvalidEmail: what was typed is not an e-mail address.
	CodeInvalidEmail Code = "invalid_email"

	// CodeHostUnreachable: the login host itself did not answer.
	CodeHostUnreachable Code = "host_unreachable"
	// CodeHostBusy: the login host has had too many questions from here.
	CodeHostBusy Code = "host_busy"
	// CodeNoProvider: nobody vouches for addresses of this domain.
	CodeNoProvider Code = "no_provider"
	// CodeProviderUnreachable: the domain has a provider that does not answer.
	CodeProviderUnreachable Code = "provider_unreachable"
	// CodeProviderInvalid: the domain's support document is broken.
	CodeProviderInvalid Code = "provider_invalid"
	// CodeProviderSilent: the provider's page never spoke.
	CodeProviderSilent Code = "provider_silent"
	// CodeProviderRefused: the provider will not vouch for this address, even
	// after its own sign-in.
	CodeProviderRefused Code = "provider_refused"
	// CodeProviderMisspoke: the provider's page broke the protocol.
	CodeProviderMisspoke Code = "provider_misspoke"
	// CodePopupBlocked: the browser would not open the provider's window.
	CodePopupBlocked Code = "popup_blocked"

	// CodeCertificateMalformed: what the provider sent is not a certificate.
	CodeCertificateMalformed Code = "certificate_malformed"
	// CodeCertificateWrongAddress: it vouches for another address.
	CodeCertificateWrongAddress Code = "certificate_wrong_address"
	// CodeCertificateWrongKey: it certifies another key.
	CodeCertificateWrongKey Code = "certificate_wrong_key"
	// CodeCertificateWrongIssuer: it is from someone else than the authority.
	CodeCertificateWrongIssuer Code = "certificate_wrong_issuer"
	// CodeCertificateTooLong: it lives longer than it may.
	CodeCertificateTooLong Code = "certificate_too_long"
	// CodeCertificateWrongTime: it is over, or not valid yet.
	CodeCertificateWrongTime Code = "certificate_wrong_time"
	// CodeCertificateBadSignature: no published key of the issuer signed it.
	CodeCertificateBadSignature Code = "certificate_bad_signature"
	// CodeIssuerKeyUnsupported: browsers cannot check the issuer's kind of key.
	CodeIssuerKeyUnsupported Code = "issuer_key_unsupported"
	// CodeAlgorithmUnsupported: site, provider and browser share no algorithm.
	CodeAlgorithmUnsupported Code = "algorithm_unsupported"

	// CodeNotProven: what proves the address is not there, though it was to be.
	CodeNotProven Code = "not_proven"
	// CodeWrongCode: this is not the code that was mailed.
	CodeWrongCode Code = "wrong_code"
	// CodeCodeExpired: the code was good for a time that is over.
	CodeCodeExpired Code = "code_expired"
	// CodeCodeSpent: the code has served, or was guessed at too often.
	CodeCodeSpent Code = "code_spent"
	// CodeTooMany: too many mails, or too many tries.
	CodeTooMany Code = "too_many"
	// CodeMailFailed: the mail with the code could not be delivered.
	CodeMailFailed Code = "mail_failed"
	// CodeProviderExists: the domain has a provider by now, who alone vouches for it.
	CodeProviderExists Code = "provider_exists"
	// CodeBlocked: the login host's operator lets this address sign in no more.
	CodeBlocked Code = "blocked"

	// CodeStorageBlocked: the browser keeps nothing for this site.
	CodeStorageBlocked Code = "storage_blocked"
	// CodeStorageFull: there is no room; the sign-in goes on, unremembered.
	CodeStorageFull Code = "storage_full"
	// CodeStorageCorrupt: what was stored could not be read, and was put aside.
	CodeStorageCorrupt Code = "storage_corrupt"
	// CodeBrowserTooOld: the browser lacks something that Navid needs.
	CodeBrowserTooOld Code = "browser_too_old"
	// CodeInternal: a fault of our own.
	CodeInternal Code = "internal"
)

// Codes returns every code, in the order of their declaration.
func Codes() []Code {
	return []Code{
		CodeCancelled, CodeInvalidOrigin, CodeInvalidOptions, CodeInvalidEmail,
		CodeHostUnreachable, CodeHostBusy, CodeNoProvider, CodeProviderUnreachable, CodeProviderInvalid,
		CodeProviderSilent, CodeProviderRefused, CodeProviderMisspoke, CodePopupBlocked,
		CodeCertificateMalformed, CodeCertificateWrongAddress, CodeCertificateWrongKey,
		CodeCertificateWrongIssuer, CodeCertificateTooLong, CodeCertificateWrongTime,
		CodeCertificateBadSignature, CodeIssuerKeyUnsupported, CodeAlgorithmUnsupported,
		CodeNotProven, CodeWrongCode, CodeCodeExpired, CodeCodeSpent, CodeTooMany, CodeMailFailed,
		CodeProviderExists, CodeBlocked,
		CodeStorageBlocked, CodeStorageFull, CodeStorageCorrupt, CodeBrowserTooOld, CodeInternal,
	}
}

// Error is a failure with a code. Its text is for logs and developers; what a
// person reads is the dialog's sentence for the code.
type Error struct {
	Code Code
	Err  error // the cause; may be nil
}

// Error returns the code and the cause.
func (e *Error) Error() string {
	if e.Err == nil {
		return string(e.Code)
	}
	return fmt.Sprintf("%s: %v", e.Code, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is an *Error of the same code, so that
// errors.Is(err, &Error{Code: CodeCancelled}) works whatever the cause.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// fail makes an *Error of a code and its cause.
func fail(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Err: fmt.Errorf(format, args...)}
}

// CodeOf returns the code of an error, CodeInternal if it has none.
func CodeOf(err error) Code {
	if coded, ok := errors.AsType[*Error](err); ok {
		return coded.Code
	}
	return CodeInternal
}
