// SPDX-License-Identifier: Apache-2.0

// The server under test as a store: the API over HTTP, on connections that are kept.

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	// requestTime bounds one request, for a server that hangs.
	requestTime   = time.Minute
	authorization = "AWS4-HMAC-SHA256 " +
		"Credential=linearizability/20260101/us-east-1/dynamodb/aws4_request, " +
		"SignedHeaders=host;x-amz-date, Signature=0"
)

// server is safe for concurrent use.
type server struct {
	endpoint string
	http     http.Client
	tables   tables
}

// newServer makes the tables of a run on the server at `endpoint`.
func newServer(endpoint, prefix string) (*server, error) {
	s := &server{endpoint: endpoint, tables: newTables(prefix)}
	s.http.Timeout = requestTime
	s.http.Transport = &http.Transport{MaxIdleConnsPerHost: 2 * clientCount}
	for _, definition := range s.tables.definitions() {
		status, body, err := s.call("CreateTable", definition)
		if err == nil && status != http.StatusOK {
			err = fmt.Errorf("CreateTable: %d %s", status, body)
		}
		if err != nil {
			return nil, err
		}
	}
	return s, s.awaitTables()
}

// awaitTables waits until both tables can be used; Weir's can at once.
func (s *server) awaitTables() error {
	for _, name := range []string{s.tables.hashed, s.tables.sorted} {
		for deadline := time.Now().Add(requestTime); ; time.Sleep(100 * time.Millisecond) {
			var description struct{ Table struct{ TableStatus string } }
			_, body, err := s.call("DescribeTable", object{"TableName": name})
			if err == nil {
				err = json.Unmarshal(body, &description)
			}
			if err != nil || description.Table.TableStatus == "ACTIVE" {
				if err != nil {
					return err
				}
				break
			}
			if time.Now().After(deadline) {
				return fmt.Errorf("%s is not ACTIVE: %s", name, body)
			}
		}
	}
	return nil
}

// close deletes the tables.
func (s *server) close() error {
	for _, name := range []string{s.tables.hashed, s.tables.sorted} {
		status, body, err := s.call("DeleteTable", object{"TableName": name})
		if err == nil && status != http.StatusOK {
			err = fmt.Errorf("DeleteTable: %d %s", status, body)
		}
		if err != nil {
			return err
		}
	}
	s.http.CloseIdleConnections()
	return nil
}

func (s *server) do(o *operation) (outcome, error) {
	status, body, err := s.call(o.kind.String(), s.tables.request(o))
	if err != nil {
		return outcome{}, err
	}
	return s.tables.decode(o, status, body)
}

// call sends one request; answers its status and body.
func (s *server) call(operation string, content interface{}) (int, []byte, error) {
	text, err := json.Marshal(content)
	if err != nil {
		return 0, nil, err
	}
	request, err := http.NewRequest(http.MethodPost, s.endpoint, bytes.NewReader(text))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/x-amz-json-1.0")
	request.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
	request.Header.Set("X-Amz-Date", "20260101T000000Z")
	request.Header.Set("Authorization", authorization)
	reply, err := s.http.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	return reply.StatusCode, body, err
}
