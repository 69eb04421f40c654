package rp

// offer is something that a gardener gives away: what the site would be about, if it were about something.
type offer struct {
	Plant, Note, From string
}

var offers = []offer{
	{"Runner bean ‘Painted Lady’", "Saved last autumn, about thirty beans.", "Marit, plot 14"},
	{"Rhubarb crowns", "Dividing a big one in February. Bring a spade.", "Tomás, plot 3"},
	{"Calendula", "Seeds itself everywhere. Take a handful, please.", "Ines, plot 27"},
}
