package browserid

import (
	"bytes"
	"strconv"
	"time"
)

// Bounds of a time on the wire.
const (
	// secondsBelow is the number below which a time is in seconds (C5.3): as
	// milliseconds it would be before March 1973.
	secondsBelow = 100_000_000_000
	// maxMillis is the last time that JavaScript's Date knows.
	maxMillis = 8_640_000_000_000_000
)

// Millis is a time in milliseconds since the Unix epoch, as the claims "iat" and
// "exp" of BrowserID have it. JOSE's NumericDate is in seconds.
type Millis int64

// MillisOf converts a time; what is less than a millisecond is cut.
func MillisOf(t time.Time) Millis { return Millis(t.UnixMilli()) }

// Time returns the time in UTC.
func (m Millis) Time() time.Time { return time.UnixMilli(int64(m)).UTC() }

// UnmarshalJSON reads a JSON number. A number of an absolute value below 10^11
// is in seconds (C5.3). What stands behind a decimal point is cut. Strings,
// exponents and times that JavaScript cannot express are refused with CodeTime.
func (m *Millis) UnmarshalJSON(data []byte) error {
	whole, fraction, pointed := bytes.Cut(data, []byte("."))
	if pointed && (len(fraction) == 0 || !consistsOf(string(fraction), isDigit)) {
		return broken(CodeTime, "not a decimal number")
	}
	n, err := strconv.ParseInt(string(whole), 10, 64)
	if err != nil || n > maxMillis || n < -maxMillis {
		return broken(CodeTime, "not a number of milliseconds or seconds")
	}
	if -secondsBelow < n && n < secondsBelow {
		n *= 1000
	}
	*m = Millis(n)
	return nil
}

// MarshalJSON writes milliseconds, or whole seconds for a time so long ago that
// its milliseconds would be read as seconds.
func (m Millis) MarshalJSON() ([]byte, error) {
	n := int64(m)
	if -secondsBelow < n && n < secondsBelow {
		n /= 1000
	}
	return strconv.AppendInt(nil, n, 10), nil
}
