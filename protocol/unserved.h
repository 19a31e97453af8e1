// SPDX-License-Identifier: Apache-2.0
// UnservedCall: a request for a service that Weir does not have.
#pragma once

#include <string>
#include <string_view>

#include "protocol/http.h"

namespace weir::protocol {

struct UnservedCall {
  // The form in which the service's clients expect errors.
  enum class Form { kJson, kCbor, kQuery, kEc2Query, kRestXml, kRestJson };

  std::string service;    // as signatures name it: "kinesis"
  std::string operation;  // "ListTables"; method and path where a request does not name it
  Form form = Form::kRestJson;

  static UnservedCall Of(const HttpRequest& request);

  // Makes `response` an error with that message, in the call's form.
  void Refuse(std::string_view message, HttpResponse& response) const;
};

}  // namespace weir::protocol
