package verify

// CheckSignature is checkSignature, for vectors whose issuer is not known.
var CheckSignature = checkSignature
