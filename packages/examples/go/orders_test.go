// SPDX-License-Identifier: Apache-2.0
package orders

import (
	"testing"
	"time"

	"github.com/weir-dynamodb/weirtest"
)

func TestADayPasses(t *testing.T) {
	w := weirtest.Start(t)
	clock := w.Clock(t)
	clock.Freeze()
	before := clock.Now()
	clock.Advance(24 * time.Hour)
	if passed := clock.Now().Sub(before); passed != 24*time.Hour {
		t.Errorf("%v have passed on %s", passed, w.URL)
	}
}
