// SPDX-License-Identifier: Apache-2.0

package weirtest

import (
	"net/url"
	"testing"
)

// Shards are the shards of a table's latest stream.
type Shards struct {
	t       testing.TB
	control *control
	table   string
}

// Shard is a shard of a stream.
type Shard struct {
	ShardID       string `json:"ShardId"`
	ParentShardID string `json:"ParentShardId"`
	// State is OPEN, CLOSED, or VACANT: closed, with a child that opens with the next record.
	State string
	// FirstHash and LastHash bound the hashes of the keys whose records the shard has.
	FirstHash, LastHash string
	// EndingSequenceNumber is empty if the shard is open.
	StartingSequenceNumber, EndingSequenceNumber string
}

// Shards returns the shards of the table's latest stream. Their methods fail `t`.
func (s *Server) Shards(t testing.TB, table string) Shards {
	return Shards{t, s.control, table}
}

type shardsAnswer struct {
	Shards               []Shard
	LastEvaluatedShardID string `json:"LastEvaluatedShardId"`
}

// List returns all shards, in the order of their ids.
func (s Shards) List() []Shard {
	s.t.Helper()
	var all []Shard
	query := url.Values{"table": {s.table}}
	for {
		var page shardsAnswer
		if err := s.control.get("/_weir/shards?"+query.Encode(), &page); err != nil {
			s.t.Fatal(err)
		}
		all = append(all, page.Shards...)
		if page.LastEvaluatedShardID == "" {
			return all
		}
		query.Set("after", page.LastEvaluatedShardID)
	}
}

// Split closes the open shards with these ids, or without ids all of them, and gives each two
// children.
func (s Shards) Split(ids ...string) {
	s.t.Helper()
	s.each("SPLIT", ids)
}

// Rotate closes the open shards with these ids, or without ids all of them, and gives each one
// child.
func (s Shards) Rotate(ids ...string) {
	s.t.Helper()
	s.each("ROTATE", ids)
}

// Close closes the open shards with these ids, or without ids all of them. The child of each opens
// with the next record.
func (s Shards) Close(ids ...string) {
	s.t.Helper()
	s.each("CLOSE", ids)
}

// Set splits the widest shards until `open` shards are open.
func (s Shards) Set(open int) {
	s.t.Helper()
	s.change(action{Action: "SET", OpenShards: open})
}

func (s Shards) each(name string, ids []string) {
	s.t.Helper()
	if len(ids) == 0 {
		s.change(action{Action: name})
	}
	for _, id := range ids {
		s.change(action{Action: name, ShardID: id})
	}
}

// action is the body of POST /_weir/shards.
type action struct {
	TableName  string
	Action     string
	ShardID    string `json:"ShardId,omitempty"`
	OpenShards int    `json:",omitempty"`
}

func (s Shards) change(body action) {
	s.t.Helper()
	body.TableName = s.table
	if err := s.control.post("/_weir/shards", body, nil); err != nil {
		s.t.Fatal(err)
	}
}
