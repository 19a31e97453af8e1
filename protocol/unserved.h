// SPDX-License-Identifier: Apache-2.0
// UnservedCall: a request for a service that is not here.
#pragma once

#include <string>
#include <string_view>

#include "protocol/http.h"

namespace weir::protocol {

struct UnservedCall {
  // How the service's clients read errors.
  enum class Form { kJson, kCbor, kQuery, kEc2Query, kRestXml, kRestJson };

  std::string service;    // as signatures name it: "lambda"
  std::string operation;  // "ListTables"; of a service with paths its method and path
  Form form = Form::kRestJson;

  static UnservedCall Of(const HttpRequest& request);

  // Makes `response` an error with that message, in the form of the call's own service.
  void Refuse(std::string_view message, HttpResponse& response) const;
};

}  // namespace weir::protocol
