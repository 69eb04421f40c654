package personal

import (
	"bytes"
	"embed"
	"fmt"
	"math"
	"text/template"
)

//go:embed servers/*
var serverFiles embed.FS

// placed are the files of servers/ by where they go. Apache reads its own from the folders that they are about, so that a web root's
// own stays as it is.
var placed = map[string]string{
	"README.md":          pagesFolder + "README.md",
	"nginx.conf":         pagesFolder + "servers/nginx.conf",
	"Caddyfile":          pagesFolder + "servers/Caddyfile",
	"headers.txt":        "_headers",
	"wellknown.htaccess": ".well-known/.htaccess",
	"pages.htaccess":     pagesFolder + ".htaccess",
}

// servers are what the owner reads and what web servers have to be told.
func (c *Config) servers() (map[string][]byte, error) {
	parsed, err := template.ParseFS(serverFiles, "servers/*")
	if err != nil {
		return nil, err
	}
	facts := map[string]any{
		"Domain": c.Domain, "Host": c.Host, "Rounds": grouped(c.Rounds), "Guesses": grouped(GuessesPerSecond(c.Rounds)),
		"Closed": []string{"sign_in", "key_change", "sign_out"}, // hosts of static sites leave the .html out
	}
	for _, bits := range []int{28, 40, 51, 77, SuggestedBits} {
		facts[fmt.Sprintf("Needs%d", bits)] = guessingTime(bits, c.Rounds)
	}
	files := map[string][]byte{}
	for name, place := range placed {
		var file bytes.Buffer
		if err := parsed.ExecuteTemplate(&file, name, facts); err != nil {
			return nil, err
		}
		files[place] = file.Bytes()
	}
	return files, nil
}

// guessingTime is how long one graphics card needs on average, in words: half of all tries.
func guessingTime(bits, rounds int) string {
	hours := math.Exp2(float64(bits-1)) / float64(GuessesPerSecond(rounds)) / 3600
	years := hours / 24 / 365
	switch {
	case hours < 48:
		return fmt.Sprintf("%.0f hours", math.Ceil(hours))
	case years < 10_000:
		return fmt.Sprintf("%.0f years", math.Ceil(years))
	case years < 1e9:
		return fmt.Sprintf("%.0f million years", math.Ceil(years/1e6))
	default:
		return fmt.Sprintf("%.0f billion years", math.Ceil(years/1e9))
	}
}
