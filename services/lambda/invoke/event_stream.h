// SPDX-License-Identifier: Apache-2.0
// The events of InvokeWithResponseStream, as messages of AWS's event stream encoding:
// https://smithy.io/2.0/aws/amazon-eventstream.html
//
//   message := total-size headers-size crc(of these two) header* payload crc(of all before)
//   header  := name-size(1 byte) name %x07 value-size(2 bytes) value     ; a string
//
// Sizes and CRC32s are big-endian, of four bytes where no other size is given.
#pragma once

#include <string>
#include <string_view>

namespace weir::lambda {

// Appends a PayloadChunk event.
void AppendPayloadChunk(std::string_view payload, std::string& out);
// Appends an InvokeComplete event. `error` is the document of a function error, or empty;
// `log_result` is the end of the log in Base64, or empty.
void AppendInvokeComplete(std::string_view error, std::string_view log_result, std::string& out);

}  // namespace weir::lambda
