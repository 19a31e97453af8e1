// SPDX-License-Identifier: Apache-2.0

// linearizability -endpoint URL [-operations N] [-seeds N] [-first-seed N] [-drawings FOLDER]
//
// Sends random single-item operations and transactions to a DynamoDB server from 8 clients at once and
// has Porcupine check that each seed's history is linearizable: that there is an order of all
// operations, in keeping with when they were sent and answered, in which one after the other would
// have given the same answers. BatchGetItem, Query and Scan count as one read an item, since AWS
// promises no more. Ends with the line `N passed, N failed`, counted in seeds.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

type options struct {
	endpoint   string
	operations int
	seeds      int
	firstSeed  int64
	drawings   string
}

func parse() (options, error) {
	var o options
	flag.StringVar(&o.endpoint, "endpoint", "", "the URL of the server")
	flag.IntVar(&o.operations, "operations", 100000, "how many operations each seed makes")
	flag.IntVar(&o.seeds, "seeds", 10, "how many seeds")
	flag.Int64Var(&o.firstSeed, "first-seed", 1, "the first of them; the others follow")
	flag.StringVar(&o.drawings, "drawings", ".", "where drawings of what is not linearizable go")
	flag.Parse()
	if flag.NArg() > 0 {
		return o, fmt.Errorf("unknown argument %q", flag.Arg(0))
	}
	if o.endpoint == "" || o.operations < 1 || o.seeds < 1 {
		return o, fmt.Errorf("needs -endpoint, and at least one operation and one seed")
	}
	return o, nil
}

// runSeed makes one run on tables of its own.
func runSeed(o options, seed int64) (statistics, error) {
	prefix := fmt.Sprintf("linearizability-%d-%d", time.Now().UnixNano(), seed)
	s, err := newServer(o.endpoint, prefix)
	if err != nil {
		return statistics{}, err
	}
	r := newRun(s, seed, o.drawings)
	err = r.all(o.operations, operationsInRound)
	if closed := s.close(); err == nil {
		err = closed
	}
	return r.statistics, err
}

func main() {
	o, err := parse()
	if err != nil {
		fmt.Fprintln(os.Stderr, "linearizability:", err)
		os.Exit(2)
	}
	failed := 0
	for i := 0; i < o.seeds; i++ {
		seed := o.firstSeed + int64(i)
		started := time.Now()
		done, err := runSeed(o, seed)
		if err != nil {
			failed++
			fmt.Printf("FAILED: %v\n", err)
			continue
		}
		fmt.Printf("seed %d: %d operations in %.1f s: %v\n",
			seed, o.operations, time.Since(started).Seconds(), &done)
	}
	fmt.Printf("%d passed, %d failed\n", o.seeds-failed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}
