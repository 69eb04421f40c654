package browserid

import (
	"encoding/base64"
	"math/bits"
	"strconv"
	"strings"
)

// The numbers of a key are kept as big-endian bytes without leading zeros, in a
// string so that they cannot be changed. The three functions that read them
// look at the length first: the cost of a conversion grows with its square.

// maxNumberBytes is the size of the largest number in any key: 4096 bits.
const maxNumberBytes = 512

// maxDecimalDigits is how many digits a number of 4096 bits has at most.
const maxDecimalDigits = 1234

// numberOfDecimal reads the digits of classic RSA keys.
func numberOfDecimal(s string) (string, bool) {
	if s == "" || len(s) > maxDecimalDigits || !consistsOf(s, isDigit) {
		return "", false
	}
	words := make([]uint64, 0, maxNumberBytes/wordBytes+1) // little-endian
	for len(s) > 0 {
		n, scale := uint64(0), uint64(1)
		chunk := s[:min(wordDigits, len(s))]
		for _, digit := range []byte(chunk) {
			n, scale = 10*n+uint64(digit-'0'), 10*scale
		}
		words = multiplyAdd(words, scale, n)
		s = s[len(chunk):]
	}
	number := make([]byte, wordBytes*len(words))
	for i := range number {
		number[len(number)-1-i] = byte(words[i/wordBytes] >> (i % wordBytes * 8))
	}
	trimmed := trimZeros(string(number))
	return trimmed, len(trimmed) <= maxNumberBytes
}

// A word has 64 bits, and as many decimal digits as certainly fit into it.
const (
	wordBytes  = 8
	wordDigits = 19
)

// multiplyAdd returns words*factor + carry.
func multiplyAdd(words []uint64, factor, carry uint64) []uint64 {
	for i, word := range words {
		high, low := bits.Mul64(word, factor)
		sum, over := bits.Add64(low, carry, 0)
		words[i], carry = sum, high+over
	}
	if carry > 0 {
		words = append(words, carry)
	}
	return words
}

// decimalOf is the inverse of numberOfDecimal.
func decimalOf(number string) string {
	digits := ""
	for rest := []byte(number); len(rest) > 0; {
		remainder := divide(rest, 1_000_000_000)
		chunk := strconv.FormatUint(remainder, 10)
		rest = []byte(trimZeros(string(rest)))
		if len(rest) > 0 {
			chunk = strings.Repeat("0", 9-len(chunk)) + chunk
		}
		digits = chunk + digits
	}
	if digits == "" {
		return "0"
	}
	return digits
}

// divide divides the big-endian number in place and returns the remainder.
func divide(number []byte, divisor uint64) (remainder uint64) {
	for i, digit := range number {
		remainder = remainder<<8 | uint64(digit)
		number[i] = byte(remainder / divisor)
		remainder %= divisor
	}
	return remainder
}

const hexDigits = "0123456789abcdef"

// numberOfHex reads the digits of classic DSA keys.
func numberOfHex(s string) (string, bool) {
	lower, ok := lowerASCII(s)
	if !ok || s == "" || len(s) > 2*maxNumberBytes || !consistsOf(lower, isHex) {
		return "", false
	}
	if len(lower)%2 == 1 {
		lower = "0" + lower
	}
	number := make([]byte, len(lower)/2)
	for i := range number {
		high := strings.IndexByte(hexDigits, lower[2*i])
		low := strings.IndexByte(hexDigits, lower[2*i+1])
		number[i] = byte(high<<4 | low)
	}
	return trimZeros(string(number)), true
}

// hexOf is the inverse of numberOfHex: no leading zero (C4).
func hexOf(number string) string {
	var digits strings.Builder
	for i := range len(number) {
		digits.WriteByte(hexDigits[number[i]>>4])
		digits.WriteByte(hexDigits[number[i]&15])
	}
	return strings.TrimPrefix(digits.String(), "0")
}

// octetsOfBase64 reads the base64url of a JWK as it stands. Padding is
// tolerated: old keys have it (C4, C4.6).
func octetsOfBase64(s string) (string, bool) {
	if len(s) > base64.URLEncoding.EncodedLen(maxNumberBytes+1) {
		return "", false
	}
	octets, ok := decodeBase64(strings.TrimRight(s, "="))
	return string(octets), ok && len(octets) > 0
}

// numberOfBase64 reads the base64url of a JWK as a number.
func numberOfBase64(s string) (string, bool) {
	octets, ok := octetsOfBase64(s)
	number := trimZeros(octets)
	return number, ok && len(number) <= maxNumberBytes
}

func trimZeros(number string) string { return strings.TrimLeft(number, "\x00") }

// bitLength returns the number of bits of a number without leading zeros.
func bitLength(number string) int {
	if number == "" {
		return 0
	}
	bits := 8 * (len(number) - 1)
	for first := number[0]; first > 0; first >>= 1 {
		bits++
	}
	return bits
}

func isOdd(number string) bool { return number != "" && number[len(number)-1]&1 == 1 }

// less compares two numbers without leading zeros.
func less(a, b string) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}
