// SPDX-License-Identifier: Apache-2.0

module github.com/weir-dynamodb/weirtest

go 1.19
