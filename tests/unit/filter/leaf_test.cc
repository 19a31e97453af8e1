// SPDX-License-Identifier: Apache-2.0
#include "consumers/filter/leaf.h"

#include "tests/unit/filter/matching.h"

namespace weir::consumers {
namespace {

TEST_CASE("A literal matches the same value of the same kind", "[filter]") {
  CheckValues(std::vector<ValueCase>{
      {R"(["INSERT"])", R"("INSERT")", true},
      {R"(["INSERT"])", R"("insert")", false},
      {R"(["INSERT"])", R"("INSERT ")", false},
      {R"(["INSERT","REMOVE"])", R"("REMOVE")", true},
      {R"(["INSERT","REMOVE"])", R"("MODIFY")", false},
      {R"([""])", R"("")", true},
      {R"([""])", R"(" ")", false},
      {R"([""])", R"(null)", false},
      {R"(["a\u00e9\"b"])", R"("aé\u0022b")", true},  // both unescaped
      {R"(["e\u0301"])", R"("é")", false},            // composed and decomposed differ
      {R"([null])", R"(null)", true},
      {R"([null])", R"("null")", false},
      {R"([null])", R"(false)", false},
      {R"([true])", R"(true)", true},
      {R"([true])", R"("true")", false},
      {R"([true])", R"(false)", false},
      {R"([false])", R"(false)", true},
      {R"([false])", R"(0)", false},
      {R"([{"exactly":"a*"}])", R"("a*")", true},
      {R"([{"exactly":"a*"}])", R"("ab")", false},
  });
}

TEST_CASE("A number matches each way of writing it", "[filter]") {
  CheckValues(std::vector<ValueCase>{
      {"[300]", "300", true},
      {"[300]", "300.0", true},
      {"[300]", "3e2", true},
      {"[300.0]", "3.0E+2", true},
      {"[3e2]", "300", true},
      {"[300]", "300.000001", false},
      {"[300]", "30", false},
      {"[300]", "-300", false},
      {"[300]", R"("300")", false},
      {R"(["300"])", "300", false},
      {"[0]", "-0.0", true},
      {"[0]", "0e99", true},
      {"[0.1]", "0.1", true},
      {"[0.1]", "100000e-6", true},
      {"[0.000001]", "1e-6", true},
      {"[0.000001]", "0.000002", false},
      {"[-1.5]", "-15e-1", true},
      {"[4999999999.999999]", "4999999999.999999", true},
      {"[5000000000]", "5e9", true},
      // Beyond what filters calculate with, a number is compared as it is written.
      {"[123456789012]", "123456789012", true},
      {"[123456789012]", "123456789013", false},
      {"[123456789012]", "123456789012.0", false},
      {"[1e10]", "1e10", true},
      {"[1e10]", "10000000000", false},
      {"[0.0000001]", "0.0000001", true},
      {"[0.0000001]", "1e-7", false},
      {"[0.0000001]", "0", false},
  });
}

TEST_CASE("prefix and suffix match strings alone", "[filter]") {
  CheckValues(std::vector<ValueCase>{
      {R"([{"prefix":"order-"}])", R"("order-1")", true},
      {R"([{"prefix":"order-"}])", R"("order-")", true},
      {R"([{"prefix":"order-"}])", R"("order")", false},
      {R"([{"prefix":"order-"}])", R"("Order-1")", false},
      {R"([{"prefix":""}])", R"("anything")", true},
      {R"([{"prefix":""}])", R"("")", true},
      {R"([{"prefix":""}])", "1", false},
      {R"([{"prefix":"1"}])", "12", false},
      {R"([{"prefix":"t"}])", "true", false},
      {R"([{"suffix":".png"}])", R"("a.png")", true},
      {R"([{"suffix":".png"}])", R"("a.PNG")", false},
      {R"([{"suffix":".png"}])", R"("png")", false},
      {R"([{"suffix":"2"}])", "12", false},
      {R"([{"prefix":"a"},{"suffix":"z"}])", R"("bz")", true},
      {R"([{"prefix":{"equals-ignore-case":"Event"}}])", R"("eVENTb")", true},
      {R"([{"prefix":{"equals-ignore-case":"Event"}}])", R"("even")", false},
      {R"([{"suffix":{"equals-ignore-case":".png"}}])", R"("A.PNG")", true},
      {R"([{"suffix":{"equals-ignore-case":"É"}}])", R"("caf\u00e9")", true},
      {R"([{"suffix":{"equals-ignore-case":".png"}}])", R"("A.PNGs")", false},
  });
}

TEST_CASE("equals-ignore-case ignores the case of letters", "[filter]") {
  CheckValues(std::vector<ValueCase>{
      {R"([{"equals-ignore-case":"alice"}])", R"("ALICE")", true},
      {R"([{"equals-ignore-case":"ALICE"}])", R"("alice")", true},
      {R"([{"equals-ignore-case":"alice"}])", R"("alice ")", false},
      {R"([{"equals-ignore-case":"Straße"}])", R"("STRAßE")", true},
      {R"([{"equals-ignore-case":"ÄÖÜ"}])", R"("äöü")", true},
      {R"([{"equals-ignore-case":"привет"}])", R"("ПРИВЕТ")", true},
      {R"([{"equals-ignore-case":"ΛΌΓΟ"}])", R"("λόγο")", true},
      {R"([{"equals-ignore-case":"Việt"}])", R"("VIỆT")", true},
      {R"([{"equals-ignore-case":"[a]"}])", R"("{A}")", false},
      {R"([{"equals-ignore-case":"true"}])", "true", false},
      {R"([{"equals-ignore-case":""}])", R"("")", true},
  });
}

TEST_CASE("anything-but matches each value that is not excluded", "[filter]") {
  CheckValues(std::vector<ValueCase>{
      {R"([{"anything-but":"a"}])", R"("b")", true},
      {R"([{"anything-but":"a"}])", R"("a")", false},
      {R"([{"anything-but":["a","b"]}])", R"("b")", false},
      {R"([{"anything-but":["a","b"]}])", R"("c")", true},
      {R"([{"anything-but":[""]}])", R"("")", false},
      {R"([{"anything-but":"a"}])", "null", true},  // null is a value
      {R"([{"anything-but":"true"}])", "true", true},
      {R"([{"anything-but":"1"}])", "1", true},
      {R"([{"anything-but":1}])", R"("1")", true},
      {R"([{"anything-but":100}])", "1e2", false},
      {R"([{"anything-but":[100,200]}])", "200.0", false},
      {R"([{"anything-but":[100,200]}])", "300", true},
      {R"([{"anything-but":100}])", "99999999999", true},
      {R"([{"anything-but":"10.0.0.1"}])", R"("10.0.0.01")", true},  // a text here
      {R"([{"anything-but":{"prefix":"in"}}])", R"("init")", false},
      {R"([{"anything-but":{"prefix":"in"}}])", R"("out")", true},
      {R"([{"anything-but":{"prefix":["in","out"]}}])", R"("output")", false},
      {R"([{"anything-but":{"prefix":"1"}}])", "12", true},
      {R"([{"anything-but":{"suffix":".png"}}])", R"("a.png")", false},
      {R"([{"anything-but":{"suffix":[".png",".jpg"]}}])", R"("a.gif")", true},
      {R"([{"anything-but":{"equals-ignore-case":"Init"}}])", R"("INIT")", false},
      {R"([{"anything-but":{"equals-ignore-case":["a","b"]}}])", R"("B")", false},
      {R"([{"anything-but":{"equals-ignore-case":["a","b"]}}])", R"("C")", true},
      {R"([{"anything-but":{"wildcard":"*/lib/*"}}])", R"("/usr/lib/a")", false},
      {R"([{"anything-but":{"wildcard":["*/lib/*","*.so"]}}])", R"("a.so")", false},
      {R"([{"anything-but":{"wildcard":["*/lib/*","*.so"]}}])", R"("/bin/a")", true},
      {R"([{"anything-but":"a"},"a"])", R"("a")", true},  // the values of a leaf are or
      {R"([{"anything-but":"a"},{"anything-but":"b"}])", R"("a")", true},
  });
}

TEST_CASE("numeric compares numbers alone", "[filter]") {
  CheckValues(std::vector<ValueCase>{
      {R"([{"numeric":["=",5]}])", "5", true},
      {R"([{"numeric":["=",5]}])", "5.0", true},
      {R"([{"numeric":["=",5]}])", "5.000001", false},
      {R"([{"numeric":["=",3.018e2]}])", "301.8", true},
      {R"([{"numeric":["<",10]}])", "9.999999", true},
      {R"([{"numeric":["<",10]}])", "10", false},
      {R"([{"numeric":["<",10]}])", "-5e9", true},
      {R"([{"numeric":["<=",10]}])", "10", true},
      {R"([{"numeric":["<=",10]}])", "10.000001", false},
      {R"([{"numeric":[">",0]}])", "1.764086E9", true},
      {R"([{"numeric":[">",0]}])", "0", false},
      {R"([{"numeric":[">",0]}])", "0.000001", true},
      {R"([{"numeric":[">=",0]}])", "-0", true},
      {R"([{"numeric":[">=",0]}])", "-1", false},
      {R"([{"numeric":[">=",0,"<",5]}])", "0", true},
      {R"([{"numeric":[">=",0,"<",5]}])", "5", false},
      {R"([{"numeric":[">",0,"<=",5]}])", "5", true},
      {R"([{"numeric":[">",0,"<=",5]}])", "0", false},
      {R"([{"numeric":[">",-2.5,"<",-2.4]}])", "-2.45", true},
      {R"([{"numeric":[">",0]}])", R"("101")", false},  // as attributes of type N are
      {R"([{"numeric":[">",0]}])", "true", false},
      {R"([{"numeric":[">",0]}])", "null", false},
      {R"([{"numeric":[">",0]}])", "5000000001", false},  // out of the range of filters
      {R"([{"numeric":[">",0]}])", "1.0000001", false},   // too precise for them
      {R"([{"numeric":["<",1]},{"numeric":[">",9]}])", "10", true},
  });
}

TEST_CASE("cidr and addresses match each way of writing an address", "[filter]") {
  CheckValues(std::vector<ValueCase>{
      {R"([{"cidr":"10.0.0.0/24"}])", R"("10.0.0.255")", true},
      {R"([{"cidr":"10.0.0.0/24"}])", R"("10.0.1.0")", false},
      {R"([{"cidr":"10.0.0.77/24"}])", R"("10.0.0.1")", true},  // the bits after 24 don't count
      {R"([{"cidr":"10.0.0.0/31"}])", R"("10.0.0.1")", true},
      {R"([{"cidr":"10.0.0.0/31"}])", R"("10.0.0.2")", false},
      {R"([{"cidr":"0.0.0.0/0"}])", R"("255.255.255.255")", true},
      {R"([{"cidr":"0.0.0.0/0"}])", R"("::1")", false},
      {R"([{"cidr":"10.0.0.0/8"}])", R"("010.1.2.3")", true},
      {R"([{"cidr":"10.0.0.0/8"}])", R"("10.1.2")", false},
      {R"([{"cidr":"10.0.0.0/8"}])", R"("10.1.2.256")", false},
      {R"([{"cidr":"10.0.0.0/8"}])", R"("10.1.2.3 ")", false},
      {R"([{"cidr":"10.0.0.0/8"}])", R"("::ffff:a01:203")", true},
      {R"([{"cidr":"10.0.0.0/8"}])", "10", false},
      {R"([{"cidr":"2001:db8::/32"}])", R"("2001:DB8:ffff::1")", true},
      {R"([{"cidr":"2001:db8::/32"}])", R"("2001:db9::1")", false},
      {R"([{"cidr":"::/0"}])", R"("1:2:3:4:5:6:7:8")", true},
      {R"([{"cidr":"::/0"}])", R"("1:2:3:4:5:6:7")", false},
      {R"([{"cidr":"::/0"}])", R"("1::2::3")", false},
      {R"([{"cidr":"::/0"}])", R"("1:2:3:4:5:6:7:8:9")", false},
      {R"([{"cidr":"::/0"}])", R"("12345::")", false},
      {R"([{"cidr":"::/0"}])", R"("1:2:3:4:5:6:7:")", false},
      {R"(["10.0.0.1"])", R"("10.0.0.1")", true},
      {R"(["10.0.0.1"])", R"("10.0.0.01")", true},
      {R"(["10.0.0.1"])", R"("10.0.0.2")", false},
      {R"(["::1"])", R"("0:0:0:0:0:0:0:1")", true},
  });
}

TEST_CASE("exists asks for a value, whatever it is", "[filter]") {
  CheckValues(std::vector<ValueCase>{
      {R"([{"exists":true}])", R"("")", true},
      {R"([{"exists":true}])", "null", true},
      {R"([{"exists":true}])", "false", true},
      {R"([{"exists":true}])", R"({"a":1})", false},  // no leaf
      {R"([{"exists":true}])", "{}", false},
      {R"([{"exists":true}])", "[]", false},
      {R"([{"exists":true}])", "[1]", true},
      {R"([{"exists":false}])", "1", false},
      {R"([{"exists":false}])", "null", false},
      {R"([{"exists":false}])", R"({"a":1})", true},
      {R"([{"exists":false}])", "[]", true},
      {R"([{"exists":false}])", "[1]", false},
      {R"([{"exists":false},"a"])", R"("a")", true},
      {R"([{"exists":false},"a"])", R"("b")", false},
  });
}

}  // namespace
}  // namespace weir::consumers
