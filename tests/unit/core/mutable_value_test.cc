#include "core/mutable_value.h"
