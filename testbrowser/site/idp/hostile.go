package idp

import (
	"encoding/json"
	"net/http"
	"slices"
)

// Report is what a page of a [Hostile] provider found, which it also keeps in its global hostileReport.
type Report struct {
	// ID tells the reports of different pages apart; a page reports again when it has heard something.
	ID string
	// Page is its path: [ProvisioningPath] or [AuthenticationPath].
	Page string
	// Framed tells whether it was in a frame, rather than in a window.
	Framed bool
	// Reached are the windows that it got hold of and sent its messages to, each once. Its own opener, or its parent, is always among
	// them as long as nothing has cut it off: that is the dialog, which the page talks to anyway.
	Reached []Reached
	// Heard are the messages that came back, each with the origin in front.
	Heard []string
}

// Reached is another window, as a hostile page sees it.
type Reached struct {
	// Path is the shortest way there: "opener", "parent", "opener.opener", "parent.opener" …
	Path string
	// Frames is the number of frames that it could count.
	Frames int
	// Communication tells whether it could see a frame with the name that the observer frame has.
	Communication bool
}

// Reports are what the pages of a hostile provider found so far.
func (p *Provider) Reports() []Report {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.reports)
}

func (p *Provider) takeReport(w http.ResponseWriter, r *http.Request) {
	var report Report
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxFormBytes)).Decode(&report); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.IndexFunc(p.reports, func(earlier Report) bool { return earlier.ID == report.ID }); i >= 0 {
		p.reports[i] = report
	} else {
		p.reports = append(p.reports, report)
	}
	w.WriteHeader(http.StatusNoContent)
}
