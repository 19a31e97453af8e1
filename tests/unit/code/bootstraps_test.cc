// SPDX-License-Identifier: Apache-2.0
#include "runtimes/code/bootstraps.h"

#include <catch2/catch.hpp>

namespace weir::runtimes {
namespace {

// tests/runtimes runs the files; this is about how they get into the binary.
TEST_CASE("The bootstraps are in the binary as they are in their files", "[runtimes][bootstraps]") {
  CHECK(PythonBootstrap().starts_with("# SPDX-License-Identifier: Apache-2.0\n"));
  CHECK(PythonBootstrap().ends_with("\nif __name__ == \"__main__\":\n    main()\n"));
  CHECK(PythonBootstrap().find("sys.stdout.write(\"\\r\".join(lines) + \"\\n\")") !=
        std::string_view::npos);
  CHECK(NodeBootstrap().starts_with("// SPDX-License-Identifier: Apache-2.0\n"));
  CHECK(NodeBootstrap().ends_with("  process.env._HANDLER,\n);\n"));
  CHECK(NodeBootstrap().find("line.replace(/\\n/g, '\\r')") != std::string_view::npos);
}

}  // namespace
}  // namespace weir::runtimes
