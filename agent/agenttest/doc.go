// Package agenttest has what tests of the agent and of its parts need:
// conformance suites for each interface that the agent consumes, a World of
// mail domains that behave as told, a KeyStore made of Go's own cryptography,
// and a Person who answers the dialog's screens by a script.
package agenttest
