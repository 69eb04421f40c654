package testbrowser

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
)

// Message is something that a page wrote to its console, or that the browser wrote there about it.
type Message struct {
	Time  time.Time
	Page  string // where the page was when it appeared
	Level string // "log", "info", "warning", "error", "exception", "crash" …
	Text  string
	URL   string // of the script or resource that it is about; may be empty
}

// String is the message on one line.
func (m Message) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s: %s %s", m.Level, m.Text, m.URL))
}

// failing tells whether the message fails a test that does not expect it.
func (m Message) failing() bool {
	return slices.Contains([]string{"error", "assert", "exception", "crash"}, m.Level)
}

// console collects the messages of all pages of a browser.
type console struct {
	mu       sync.Mutex
	messages []Message
	expected []*expectation
}

// expectation is a pattern of messages that do not fail the test.
type expectation struct {
	pattern *regexp.Regexp
	must    bool // occur
	met     bool
}

// ExpectConsole says that an error matching the pattern (on the message as [Message.String] writes it) will occur. The test fails when it
// does not.
func (b *Browser) ExpectConsole(pattern string) {
	b.console.expect(pattern, true)
}

// AllowConsole says that errors matching the pattern may occur.
func (b *Browser) AllowConsole(pattern string) {
	b.console.expect(pattern, false)
}

// Console returns what all pages of this browser have written so far, in the order it arrived.
func (b *Browser) Console() []Message {
	b.console.mu.Lock()
	defer b.console.mu.Unlock()
	return slices.Clone(b.console.messages)
}

func (c *console) expect(pattern string, must bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.expected = append(c.expected, &expectation{pattern: regexp.MustCompile(pattern), must: must})
}

// complaints says what is wrong with the messages: those that nobody expected, and expectations that nothing met.
func (c *console) complaints() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var wrong []string
	for _, message := range c.messages {
		if message.failing() && !c.isExpected(message) {
			wrong = append(wrong, message.String()+" (in "+message.Page+")")
		}
	}
	for _, e := range c.expected {
		if e.must && !e.met {
			wrong = append(wrong, fmt.Sprintf("expected an error like %q, and there was none", e.pattern))
		}
	}
	return wrong
}

func (c *console) isExpected(message Message) bool {
	found := false
	for _, e := range c.expected {
		if e.pattern.MatchString(message.String()) {
			e.met, found = true, true
		}
	}
	return found
}

// listener takes the events of one page. What the page wrote before it was listened to comes as well, because the browser repeats it.
func (c *console) listener(info *target.Info) func(event any) {
	where := info.URL
	return func(event any) {
		if navigated, ok := event.(*page.EventFrameNavigated); ok && navigated.Frame.ParentID == "" {
			where = navigated.Frame.URL
		}
		message, ok := toMessage(event)
		if !ok {
			return
		}
		message.Page = info.Type + " " + where
		c.mu.Lock()
		defer c.mu.Unlock()
		c.messages = append(c.messages, message)
	}
}

func toMessage(event any) (Message, bool) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		return Message{Time: time.Now(), Level: string(e.Type), Text: joinArguments(e.Args), URL: callSite(e.StackTrace)}, true
	case *runtime.EventExceptionThrown:
		return Message{Time: time.Now(), Level: "exception", Text: exceptionText(e.ExceptionDetails), URL: e.ExceptionDetails.URL}, true
	case *log.EventEntryAdded:
		return Message{Time: time.Now(), Level: string(e.Entry.Level), Text: e.Entry.Text, URL: e.Entry.URL}, true
	case *inspector.EventTargetCrashed:
		return Message{Time: time.Now(), Level: "crash", Text: "the page crashed"}, true
	}
	return Message{}, false
}

func joinArguments(arguments []*runtime.RemoteObject) string {
	texts := make([]string, len(arguments))
	for i, argument := range arguments {
		texts[i] = argument.Description
		if texts[i] == "" {
			texts[i] = plain(argument.Value)
		}
	}
	return strings.Join(texts, " ")
}

// plain is a JSON value as the console shows it: a string without quotes.
func plain(value []byte) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	return string(value)
}

func exceptionText(details *runtime.ExceptionDetails) string {
	if details.Exception == nil {
		return details.Text
	}
	return details.Text + " " + joinArguments([]*runtime.RemoteObject{details.Exception})
}

func callSite(stack *runtime.StackTrace) string {
	if stack == nil || len(stack.CallFrames) == 0 {
		return ""
	}
	frame := stack.CallFrames[0]
	return fmt.Sprintf("%s:%d", frame.URL, frame.LineNumber+1)
}
