package main

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// guide is a file that tells people what to type. The tests do it.
type guide string

// hosting is the guide for who runs the host.
const hosting guide = "../../README.md"

// blocks are the code blocks of the guide in a language.
func (g guide) blocks(t *testing.T, language string) []string {
	t.Helper()
	text, err := os.ReadFile(string(g))
	require.NoError(t, err)
	var found []string
	for _, match := range regexp.MustCompile("(?ms)^ *```"+language+"\n(.*?)^ *```").FindAllStringSubmatch(string(text), -1) {
		found = append(found, match[1])
	}
	require.NotEmpty(t, found)
	return found
}

// linesOf are the lines of a block without what indents them.
func linesOf(block string) []string {
	var found []string
	for line := range strings.Lines(block) {
		found = append(found, strings.TrimSpace(line))
	}
	return found
}

// What the guide writes into /etc/navid.env is what serve takes.
func TestGuideSettings(t *testing.T) {
	t.Parallel()
	for _, block := range hosting.blocks(t, "env") {
		o, err := parseServe(nil, linesOf(block))
		require.NoError(t, err, block)
		assert.EqualValues(t, "https://login.example", o.publicURL)
		h := newHost(o, new(strings.Builder))
		_, err = h.sender()
		require.NoError(t, err)
		_, err = h.sendsFrom()
		require.NoError(t, err)
	}
	for _, file := range []string{"../../README.md", "deploy/navid.service", "deploy/Containerfile"} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, name := range regexp.MustCompile(`NAVID_[A-Z_]+`).FindAllString(string(text), -1) {
			assert.True(t, name == "NAVID_NAME" || slices.Contains(knownVariables(), name), "%s: %s", file, name)
		}
	}
}

// navidCommands are the command lines of the guide that run navid.
func (g guide) navidCommands(t *testing.T) [][]string {
	t.Helper()
	var commands [][]string
	for _, block := range g.blocks(t, "sh") {
		for _, line := range linesOf(block) {
			line = regexp.MustCompile(`^sudo -u \S+ `).ReplaceAllString(line, "")
			if words := strings.Fields(line); len(words) > 0 && path.Base(words[0]) == "navid" {
				commands = append(commands, words[1:])
			}
		}
	}
	require.NotEmpty(t, commands)
	return commands
}

// The guide's commands do what it says, in its order, on a host as it sets one up.
func TestGuideCommands(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	r := startHost(t, folder, "-dev", atLocalhost)
	r.prove(t, "ann@idp.test")
	r.prove(t, "bob@idp.test")
	commands := hosting.navidCommands(t)
	require.Greater(t, len(commands), 10)
	for _, words := range commands {
		for i := range words {
			words[i] = strings.NewReplacer("/var/lib/navid", folder, "/var/backups/navid", folder).Replace(words[i])
		}
		switch line := strings.Join(words, " "); {
		case words[0] == "doctor": // which looks at the internet
			require.NoError(t, new(doctorOptions).settings().parseAll(words[1:], linesOf(hosting.blocks(t, "env")[0])), line)
		case strings.Contains(line, "postgres://"): // there is none at this name
			_, err := keysSettings(words[0], new(dataOptions)).parse(words[1:], nil)
			require.NoError(t, err, line)
		default:
			stdout, stderr := runFor(t, exitOK, words...)
			assert.NotEmpty(t, stdout, line)
			assert.Empty(t, stderr, line)
		}
	}
}

// The backup goes into a folder that the guide makes for the program's user: the
// one above is root's.
func TestGuideBackupFolder(t *testing.T) {
	t.Parallel()
	made := false
	for _, block := range hosting.blocks(t, "sh") {
		for _, line := range linesOf(block) {
			made = made || line == "install -d -o navid -m 700 /var/backups/navid"
			if strings.Contains(line, "/var/backups/navid/") {
				assert.True(t, made, line)
			}
			assert.NotContains(t, line, "/var/backups/navid.backup")
		}
	}
	assert.True(t, made)
}

// The sample for nginx says what the host has to hear.
func TestGuideProxies(t *testing.T) {
	t.Parallel()
	nginx := hosting.blocks(t, "nginx")[0]
	for _, line := range []string{"Host $host;", "X-Forwarded-For $proxy_add_x_forwarded_for;", "X-Forwarded-Proto $scheme;"} {
		assert.Contains(t, nginx, "proxy_set_header "+line)
	}
	assert.Equal(t, strings.Count(nginx, "{"), strings.Count(nginx, "}"))
	o, err := parseServe(nil, linesOf(hosting.blocks(t, "env")[1]))
	require.NoError(t, err)
	assert.Contains(t, nginx, "http://"+o.listen)
	assert.Contains(t, hosting.blocks(t, "caddy")[0], o.listen)
}

// The units start what there is, and with the care that they claim.
func TestDeployUnits(t *testing.T) {
	t.Parallel()
	for name, starts := range map[string]string{"navid": "serve", "navid-idp": "idp totp"} {
		unit, err := os.ReadFile("deploy/" + name + ".service")
		require.NoError(t, err)
		for _, line := range []string{
			"ExecStart=/usr/local/bin/navid " + starts, "EnvironmentFile=/etc/" + name + ".env", "StateDirectory=" + name,
			"WorkingDirectory=/var/lib/" + name, "User=" + name, "ProtectSystem=strict", "NoNewPrivileges=yes",
		} {
			assert.Contains(t, string(unit), "\n"+line+"\n")
		}
		if systemd, err := exec.LookPath("systemd-analyze"); err == nil {
			// The program is not installed here: any other stands for it.
			file := filepath.Join(t.TempDir(), name+".service")
			text := strings.Replace(string(unit), "/usr/local/bin/navid", "/bin/true", 1)
			require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
			output, err := exec.CommandContext(t.Context(), systemd, "verify", file).CombinedOutput()
			require.NoError(t, err, string(output))
			assert.NotContains(t, string(output), name+".service:", "no line that systemd does not know")
		}
	}
}

// The recipe makes what it claims.
func TestDeployContainer(t *testing.T) {
	t.Parallel()
	recipe, err := os.ReadFile("deploy/Containerfile")
	require.NoError(t, err)
	for _, line := range []string{"FROM gcr.io/distroless/static:nonroot", "USER 65532:65532", `ENTRYPOINT ["/navid"]`, "RUN CGO_ENABLED=0 go build"} {
		assert.Contains(t, string(recipe), "\n"+line)
	}
}
