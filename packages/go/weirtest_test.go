// SPDX-License-Identifier: Apache-2.0

package weirtest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/weir-dynamodb/weirtest"
)

// call sends one request of DynamoDB, and returns the answer's body and status.
func call(t *testing.T, w *weirtest.Server, operation, body string) (string, int) {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, w.URL, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-amz-json-1.0")
	request.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
	request.Header.Set("X-Amz-Date", "20260101T000000Z")
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 "+
		"Credential=weirtest/20260101/us-east-1/dynamodb/aws4_request, "+
		"SignedHeaders=host;x-amz-date, Signature=0")
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), reply.StatusCode
}

func createTable(t *testing.T, w *weirtest.Server, name string) {
	t.Helper()
	body := fmt.Sprintf(`{"TableName": %q, "BillingMode": "PAY_PER_REQUEST",
		"KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
		"AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
		"StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}}`, name)
	if text, status := call(t, w, "CreateTable", body); status != http.StatusOK {
		t.Fatalf("CreateTable: %d %s", status, text)
	}
}

func tables(t *testing.T, w *weirtest.Server) []string {
	t.Helper()
	text, _ := call(t, w, "ListTables", "{}")
	var answer struct{ TableNames []string }
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return answer.TableNames
}

func TestServersOfParallelTestsAreSeparate(t *testing.T) {
	for _, name := range []string{"One", "Two", "Three"} {
		name := name
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := weirtest.Start(t)
			createTable(t, w, name+"Table")
			if got := tables(t, w); len(got) != 1 || got[0] != name+"Table" {
				t.Errorf("tables: %q", got)
			}
		})
	}
}

func TestStartSaysWhatItStarted(t *testing.T) {
	w := weirtest.Start(t)
	if want := fmt.Sprintf("http://127.0.0.1:%d", w.Port); w.URL != want {
		t.Errorf("URL is %s, not %s", w.URL, want)
	}
	reply, err := http.Get(w.URL + "/_weir/health")
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	var health struct{ Version string }
	if err := json.NewDecoder(reply.Body).Decode(&health); err != nil {
		t.Fatal(err)
	}
	command, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", w.PID))
	if err != nil || !strings.Contains(string(command), "\x00serve\x00") {
		t.Errorf("process %d is %q, %v", w.PID, command, err)
	}
	if w.Version != health.Version {
		t.Errorf("version is %q, not %q", w.Version, health.Version)
	}
}

func TestPortOfTheCaller(t *testing.T) {
	for _, flags := range [][]string{
		{"--port", "%d"}, {"--port=%d"}, {"-inMemory", "-port", "%d"},
	} {
		t.Run(flags[0], func(t *testing.T) {
			// The port of a server that has ended with its test is free.
			var port int
			t.Run("other", func(t *testing.T) { port = weirtest.Start(t).Port })
			last := len(flags) - 1
			flags[last] = strings.Replace(flags[last], "%d", strconv.Itoa(port), 1)
			if got := weirtest.Start(t, weirtest.Flags(flags...)).Port; got != port {
				t.Errorf("the port is %d, not %d", got, port)
			}
		})
	}
}

func TestServerEndsWithItsTest(t *testing.T) {
	var url string
	t.Run("inner", func(t *testing.T) { url = weirtest.Start(t).URL })
	if reply, err := http.Get(url + "/_weir/health"); err == nil {
		reply.Body.Close()
		t.Errorf("%s still answers", url)
	}
}

func TestReset(t *testing.T) {
	w := weirtest.Start(t)
	createTable(t, w, "Orders")
	w.Clock(t).FreezeAt(time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC))
	w.Reset(t)
	if got := tables(t, w); len(got) != 0 {
		t.Errorf("tables: %q", got)
	}
	if now := w.Clock(t).Now(); now.Year() == 2040 {
		t.Errorf("the clock shows %s", now)
	}
}

func TestSharedServerIsEmptyForEachTest(t *testing.T) {
	var urls []string
	for _, name := range []string{"first", "second"} {
		t.Run(name, func(t *testing.T) {
			w := weirtest.Shared(t)
			urls = append(urls, w.URL)
			if got := tables(t, w); len(got) != 0 {
				t.Errorf("tables: %q", got)
			}
			createTable(t, w, "Orders")
			if got := os.Getenv("AWS_ENDPOINT_URL_DYNAMODB"); got != w.URL {
				t.Errorf("AWS_ENDPOINT_URL_DYNAMODB is %q", got)
			}
		})
	}
	if urls[0] != urls[1] {
		t.Errorf("two servers: %q", urls)
	}
	if other := weirtest.Shared(t, weirtest.Flags("--simple-streams")); other.URL == urls[0] {
		t.Error("other flags have the same server")
	}
}

func TestSharedRefusesParallelTests(t *testing.T) {
	// The outer test returns when the inner one has ended.
	t.Run("group", func(t *testing.T) {
		t.Run("inner", func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Error("Shared did not panic")
				}
			}()
			weirtest.Shared(t)
		})
	})
}

func TestClock(t *testing.T) {
	w := weirtest.Start(t)
	clock := w.Clock(t)
	noon := time.Date(2040, 1, 31, 12, 0, 0, 123456000, time.UTC)
	steps := []struct {
		name      string
		got, want time.Time
	}{
		{"FreezeAt", clock.FreezeAt(noon), noon},
		{"Advance", clock.Advance(36 * time.Hour), noon.Add(36 * time.Hour)},
		{"Advance 1 µs", clock.Advance(time.Microsecond), noon.Add(36*time.Hour + 1000)},
		{"Set", clock.Set(noon.AddDate(0, 1, 0)), noon.AddDate(0, 1, 0)},
		{"Freeze", clock.Freeze(), noon.AddDate(0, 1, 0)},
		{"Now", clock.Now(), noon.AddDate(0, 1, 0)},
	}
	if !clock.IsFrozen() {
		t.Error("the clock is not frozen")
	}
	for _, step := range steps {
		if !step.got.Equal(step.want) {
			t.Errorf("%s: %s, not %s", step.name, step.got, step.want)
		}
	}
	resumed := clock.Resume()
	if clock.IsFrozen() {
		t.Error("the clock is frozen")
	}
	if resumed.Before(noon.AddDate(0, 1, 0)) {
		t.Errorf("Resume: %s", resumed)
	}
	for deadline := time.Now().Add(10 * time.Second); !clock.Now().After(resumed); {
		if time.Now().After(deadline) {
			t.Fatal("the clock does not run on")
		}
	}
}

func TestShards(t *testing.T) {
	w := weirtest.Start(t, weirtest.Flags("--stream-shards", "1"))
	createTable(t, w, "Music")
	shards := w.Shards(t, "Music")
	states := func() string {
		var all []string
		for _, shard := range shards.List() {
			all = append(all, shard.State)
		}
		return strings.Join(all, " ")
	}
	expect := func(what, want string) {
		t.Helper()
		if got := states(); got != want {
			t.Errorf("after %s: %s, not %s", what, got, want)
		}
	}
	expect("CreateTable", "OPEN")
	root := shards.List()[0]
	shards.Split(root.ShardID)
	expect("Split", "CLOSED OPEN OPEN")
	child := shards.List()[1]
	if child.ParentShardID != root.ShardID || child.StartingSequenceNumber == "" {
		t.Errorf("the child is %+v", child)
	}
	shards.Rotate(child.ShardID)
	if got := strings.Count(states(), "OPEN"); got != 2 {
		t.Errorf("after Rotate: %s", states())
	}
	shards.Set(5)
	if got := strings.Count(states(), "OPEN"); got != 5 {
		t.Errorf("after Set: %s", states())
	}
	shards.Close()
	if got := states(); strings.Contains(got, "OPEN") || strings.Count(got, "VACANT") != 5 {
		t.Errorf("after Close: %s", got)
	}
}

func TestSetenv(t *testing.T) {
	before := map[string]string{
		"AWS_REGION": "eu-central-1", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
	}
	takenAway := []string{
		"AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
	}
	for _, name := range takenAway {
		before[name] = "of the user"
	}
	for name, value := range before {
		t.Setenv(name, value)
	}
	var w *weirtest.Server
	t.Run("inner", func(t *testing.T) {
		w = weirtest.Start(t)
		w.Setenv(t)
		for name, want := range map[string]string{
			"AWS_ENDPOINT_URL_DYNAMODB":           w.URL,
			"AWS_ENDPOINT_URL_DYNAMODB_STREAMS":   w.URL,
			"AWS_ENDPOINT_URL_STS":                w.URL,
			"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
			"AWS_ACCESS_KEY_ID":                   "local",
			"AWS_SECRET_ACCESS_KEY":               "local",
			"AWS_REGION":                          "us-east-1",
			"AWS_DEFAULT_REGION":                  "us-east-1",
		} {
			if got := os.Getenv(name); got != want {
				t.Errorf("%s is %q, not %q", name, got, want)
			}
		}
		for _, name := range takenAway {
			if got, set := os.LookupEnv(name); set {
				t.Errorf("%s is %q", name, got)
			}
		}
	})
	for name, want := range before {
		if got := os.Getenv(name); got != want {
			t.Errorf("%s is %q afterwards", name, got)
		}
	}
}

func TestSettingsOfAnotherServerAreNotTaken(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	t.Setenv("WEIR_DATA_DIR", folder)
	t.Setenv("WEIR_STREAM_SHARDS", "7")
	w := weirtest.Start(t)
	createTable(t, w, "Orders")
	if got := len(w.Shards(t, "Orders").List()); got == 7 {
		t.Error("WEIR_STREAM_SHARDS was taken")
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("WEIR_DATA_DIR was taken")
	}
}
