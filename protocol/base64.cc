#include "core/base64.cc"
