// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "core/base64.h"
namespace weir::protocol { using weir::Base64Fault; using weir::CheckBase64; using weir::DecodeBase64; using weir::DecodedBase64Size; using weir::EncodeBase64; using weir::Base64FaultText; }
