package discovery_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

// outcome is what one of several callers got.
type outcome struct {
	provider *discovery.Provider
	err      error
}

func ask(ctx context.Context, client *discovery.Client, domain browserid.Domain, answers chan<- outcome) {
	provider, err := client.Discover(ctx, domain)
	answers <- outcome{provider, err}
}

// gate holds a site's answer back until it is opened.
func gate(site http.Handler) (gated http.Handler, open chan struct{}) {
	open = make(chan struct{})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		<-open
		site.ServeHTTP(w, r)
	}), open
}

func TestOneLookupServesAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newPipeWorld(t)
		site, open := gate(answer(200, document, "Content-Type", jsonType))
		w.site("idp.test", site)
		client := discovery.New(w.config())
		answers := make(chan outcome, 100)
		for range cap(answers) {
			go ask(t.Context(), client, "idp.test", answers)
		}
		synctest.Wait()
		close(open)
		for range cap(answers) {
			require.NoError(t, (<-answers).err)
		}
		assert.Len(t, w.asked(), 1)
	})
}

func TestLookupOutlivesItsFirstCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newPipeWorld(t)
		site, open := gate(answer(200, document, "Content-Type", jsonType))
		w.site("idp.test", site)
		client := discovery.New(w.config())
		first, second := make(chan outcome, 1), make(chan outcome, 1)
		ctx, cancel := context.WithCancel(t.Context())
		go ask(ctx, client, "idp.test", first)
		synctest.Wait()
		go ask(t.Context(), client, "idp.test", second)
		synctest.Wait()

		cancel()
		left := <-first
		require.ErrorIs(t, left.err, context.Canceled)
		var failure *discovery.Error
		require.NotErrorAs(t, left.err, &failure, "it says nothing of the domain")
		close(open)
		require.NoError(t, (<-second).err)
		assert.Len(t, w.asked(), 1)
	})
}

func TestTimeLimits(t *testing.T) {
	t.Parallel()
	silent := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	dribble := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		for r.Context().Err() == nil {
			_, _ = w.Write([]byte(" "))
			_ = http.NewResponseController(w).Flush()
			time.Sleep(time.Second)
		}
	})
	slow := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(discovery.HopTimeout - time.Second)
		next := strings.Replace(r.Host, ".test", "x.test", 1)
		answer(200, `{"authority":"`+next+`"}`, "Content-Type", jsonType).ServeHTTP(w, r)
	})
	tests := []struct {
		name string
		site http.Handler
		want time.Duration
	}{
		{"no answer", silent, discovery.HopTimeout},
		{"an answer without end", dribble, discovery.HopTimeout},
		{"a slow chain", slow, discovery.TotalTimeout},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newPipeWorld(t)
				for _, domain := range []string{"idp.test", "idpx.test", "idpxx.test", "idpxxx.test"} {
					w.site(domain, test.site)
				}
				began := time.Now()
				requireState(t, discovery.New(w.config()), "idp.test", discovery.Offline)
				assert.Equal(t, test.want, time.Since(began))
			})
		})
	}
}

// A host that takes the connection and is silent, or never takes it, costs a bounded time; and nothing is left behind, which the
// bubble would report.
func TestSilentHosts(t *testing.T) {
	t.Parallel()
	for name, dial := range map[string]func(context.Context, string, string) (net.Conn, error){
		"no handshake": func(context.Context, string, string) (net.Conn, error) {
			here, there := net.Pipe()
			go func() { _, _ = io.Copy(io.Discard, there) }()
			return here, nil
		},
		"no connection": func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				requireState(t, discovery.New(discovery.Config{InsecureDial: dial}), "idp.test", discovery.Offline)
				assert.Equal(t, discovery.HopTimeout, time.Since(began))
			})
		})
	}
}

// slowInternet dials in this world, but for slow-… domains, where connections hang.
func slowInternet(w *world) discovery.Config {
	config := w.config()
	config.Now = nil
	config.InsecureDial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if strings.HasPrefix(address, "slow-") {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return w.dial(ctx, network, address)
	}
	return config
}

// Security test 31: strangers hold up neither what is cached nor what was seen before, and their number is bounded.
func TestSlowStrangersHoldNobodyUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newPipeWorld(t)
		w.publish("cached.test", document)
		w.publish("known.test", document, "Cache-Control", "max-age=60")
		w.publish("new.test", document)
		client := discovery.New(slowInternet(w))
		requireProvider(t, client, "known.test")
		time.Sleep(2 * time.Minute)
		requireProvider(t, client, "cached.test")

		began := time.Now()
		answers := make(chan outcome, 1000)
		for i := range cap(answers) {
			go ask(t.Context(), client, browserid.Domain(fmt.Sprintf("slow-%d.test", i)), answers)
		}
		synctest.Wait()
		requireProvider(t, client, "cached.test")
		requireProvider(t, client, "known.test")
		assert.Zero(t, time.Since(began), "no wait")
		failure := requireState(t, client, "new.test", discovery.Offline)
		require.ErrorIs(t, failure, discovery.ErrBusy)
		assert.Zero(t, time.Since(began), "the queue is full: turned away at once")

		busy := 0
		for range cap(answers) {
			if errors.Is((<-answers).err, discovery.ErrBusy) {
				busy++
			}
		}
		assert.Equal(t, cap(answers)-discovery.DefaultMaxLookups, busy)
		assert.LessOrEqual(t, time.Since(began), discovery.TotalTimeout)
		requireProvider(t, client, "new.test")
	})
}

// A stranger who finds all slots taken gets one when it is free.
func TestStrangersQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newPipeWorld(t)
		site, open := gate(answer(200, document, "Content-Type", jsonType))
		w.site("first.test", site)
		w.publish("second.test", document)
		config := slowInternet(w)
		config.MaxLookups = 1
		client := discovery.New(config)
		answers := make(chan outcome, 2)
		go ask(t.Context(), client, "first.test", answers)
		synctest.Wait()
		go ask(t.Context(), client, "second.test", answers)
		synctest.Wait()
		assert.Equal(t, []string{"first.test?domain=first.test"}, w.asked())
		close(open)
		for range cap(answers) {
			require.NoError(t, (<-answers).err)
		}
	})
}
