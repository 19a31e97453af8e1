// SPDX-License-Identifier: Apache-2.0
module example.com/plays

go 1.26

require github.com/aws/aws-lambda-go v1.55.1
