// SPDX-License-Identifier: Apache-2.0

package weirtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// controlDeadline bounds a request. A step of the clock is answered when all that is due by the new
// time has happened.
const controlDeadline = time.Minute

// control sends requests to the endpoints under /_weir/, on connections that are kept.
type control struct {
	endpoint string
	http     http.Client
	obituary func() string
}

// newControl returns the control of the server at `endpoint`. `obituary` says how it has ended.
func newControl(endpoint string, obituary func() string) *control {
	// A transport of its own uses no proxy.
	client := http.Client{Transport: &http.Transport{}, Timeout: controlDeadline}
	return &control{endpoint, client, obituary}
}

// post sends `content` as JSON and decodes the answer into `answer`, unless that is nil.
func (c *control) post(path string, content, answer interface{}) error {
	body, err := json.Marshal(content)
	if err != nil {
		return err
	}
	return c.call(http.MethodPost, path, body, answer)
}

func (c *control) get(path string, answer interface{}) error {
	return c.call(http.MethodGet, path, nil, answer)
}

func (c *control) call(method, path string, body []byte, answer interface{}) error {
	request, err := http.NewRequest(method, c.endpoint+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	// Never sent, but it lets the transport send a POST once more if the server has closed the
	// connection meanwhile, as it does with one that was idle for long.
	request.Header["Idempotency-Key"] = []string{}
	reply, err := c.http.Do(request)
	if err != nil {
		return c.explain(err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		return c.explain(err)
	}
	if reply.StatusCode != http.StatusOK {
		var refusal struct{ Message string }
		if json.Unmarshal(text, &refusal) != nil || refusal.Message == "" {
			refusal.Message = string(text)
		}
		return fmt.Errorf("%s %s: %d: %s", method, path, reply.StatusCode, refusal.Message)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(text, answer)
}

// explain adds to the error of a request that has no answer how the server has ended, if it has.
func (c *control) explain(err error) error {
	if obituary := c.obituary(); obituary != "" {
		return fmt.Errorf("%w: %s", err, obituary)
	}
	return err
}
