// SPDX-License-Identifier: Apache-2.0
#include "runtimes/keeper.h"

int main() {
  return weir::runtimes::RunKeeper();
}
