// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"
)

// statistics counts what a run did, so that its report shows what was tried.
type statistics struct {
	answered  [kinds]int
	refused   [kinds]int
	histories int
	longest   int
}

func (s *statistics) count(d done) {
	s.answered[d.operation.kind]++
	if d.answer.refused() {
		s.refused[d.operation.kind]++
	}
}

func (s *statistics) checked(operations int) {
	s.histories++
	if operations > s.longest {
		s.longest = operations
	}
}

func (s *statistics) String() string {
	var parts []string
	for k := kind(0); k < kinds; k++ {
		part := fmt.Sprintf("%s %d", k, s.answered[k])
		if s.refused[k] > 0 {
			part += fmt.Sprintf(" (%d refused by a condition)", s.refused[k])
		}
		parts = append(parts, part)
	}
	return fmt.Sprintf("%s; %d histories of at most %d operations",
		strings.Join(parts, ", "), s.histories, s.longest)
}
