package api

import "strings"

// kind is a word for people, and what a User-Agent header says when it fits.
type kind struct{ sign, name string }

// browsers in an order in which the first that fits is right: most claim to be
// several.
var browsers = []kind{
	{"Edg", "Edge"},
	{"OPR/", "Opera"},
	{"SamsungBrowser/", "Samsung Internet"},
	{"Firefox/", "Firefox"},
	{"FxiOS/", "Firefox"},
	{"Chrome/", "Chrome"},
	{"CriOS/", "Chrome"},
	{"Safari/", "Safari"},
}

var systems = []kind{
	{"Android", "Android"},
	{"iPhone", "an iPhone"},
	{"iPad", "an iPad"},
	{"CrOS", "ChromeOS"},
	{"Windows", "Windows"},
	{"Mac OS X", "a Mac"},
	{"Linux", "Linux"},
}

// browserOf says in words which kind of browser sends such a User-Agent. Nothing
// of the header itself goes into mails.
func browserOf(userAgent string) string {
	browser, system := first(browsers, userAgent), first(systems, userAgent)
	switch {
	case browser == "" && system == "":
		return "an unknown browser"
	case browser == "":
		return "a browser on " + system
	case system == "":
		return browser
	}
	return browser + " on " + system
}

func first(kinds []kind, userAgent string) string {
	for _, k := range kinds {
		if strings.Contains(userAgent, k.sign) {
			return k.name
		}
	}
	return ""
}
