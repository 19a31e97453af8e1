// SPDX-License-Identifier: Apache-2.0

// Package check is what the Go programs share: it runs their tests. A check that fails panics, so
// that a test reads as a list of what should happen.
package check

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"time"
)

// timeout is what one test may take. Only a client that hangs takes that long.
const timeout = time.Minute

// Tests are the tests of a program, in their order.
type Tests []test

type test struct {
	name string
	use  func(context.Context)
}

// Add appends a test with the name that is printed.
func (t *Tests) Add(name string, use func(context.Context)) {
	*t = append(*t, test{name, use})
}

// failure is the panic of a check that failed; other panics end the process.
type failure string

// Run calls the tests, prints `passed TEST` or `FAILED TEST: why` for each, and ends the process.
func (t Tests) Run() {
	code := 0
	for _, test := range t {
		if why := test.call(); why != "" {
			fmt.Printf("FAILED %s: %s\n", test.name, strings.ReplaceAll(why, "\n", " "))
			code = 1
		} else {
			fmt.Printf("passed %s\n", test.name)
		}
	}
	os.Exit(code)
}

// call runs the test, and returns why it failed.
func (t test) call() (why string) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	defer func() {
		if panicked := recover(); panicked != nil {
			failed, ok := panicked.(failure)
			if !ok {
				panic(panicked)
			}
			why = string(failed)
		}
	}()
	t.use(ctx)
	return ""
}

// Fail ends the test.
func Fail(format string, arguments ...any) {
	panic(failure(fmt.Sprintf(format, arguments...)))
}

// NoError fails if there is an error.
func NoError(err error) {
	if err != nil {
		Fail("%v", err)
	}
}

// Must returns the value, or fails if there is an error.
func Must[T any](value T, err error) T {
	NoError(err)
	return value
}

// Equal fails unless both are deeply equal.
func Equal[T any](actual, expected T) {
	if !reflect.DeepEqual(actual, expected) {
		Fail("%+v, not %+v", actual, expected)
	}
}

// As returns the error of the type E that err is or wraps, or fails.
func As[E error](err error) E {
	var found E
	if !errors.As(err, &found) {
		Fail("%v (%T), not a %T", err, err, found)
	}
	return found
}
