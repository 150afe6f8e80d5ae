//===- CallText.cpp - Renders the call texts of the registry --------------===//

#include "compiler/Target/Kernel/CallText.h"

#include "compiler/Dialect/Metalium/Metalium.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tilewright;

static bool isNameChar(char c) { return llvm::isAlnum(c) || c == '_'; }

/// Position of the '}' that closes the group whose inside starts `text`.
static size_t findGroupEnd(StringRef text) {
  unsigned depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{')
      ++depth;
    else if (text[i] == '}' && depth-- == 0)
      return i;
  }
  return text.size();
}

std::optional<std::string>
tilewright::renderCallText(StringRef text, const CallTextParts &parts) {
  std::string out;
  while (!text.empty()) {
    char c = text.front();
    text = text.drop_front();
    if (c == '{') {
      size_t end = findGroupEnd(text);
      StringRef group = text.take_front(end);
      text = text.drop_front(std::min(end + 1, text.size()));
      bool wanted = !group.consume_front("!");
      auto [name, inside] = group.split(':');
      if (parts.isGiven(name) != wanted)
        continue;
      std::optional<std::string> rendered = renderCallText(inside, parts);
      if (!rendered)
        return std::nullopt;
      out += *rendered;
    } else if (c == '%') {
      StringRef name = text.take_while(isNameChar);
      text = text.drop_front(name.size());
      StringRef modifier;
      for (StringRef candidate : {"bits", "bool"})
        if (text.starts_with((":" + candidate).str())) {
          modifier = candidate;
          text = text.drop_front(candidate.size() + 1);
        }
      std::optional<std::string> value = parts.value(name, modifier);
      if (!value)
        return std::nullopt;
      out += *value;
    } else {
      out += c;
    }
  }
  return out;
}

/// The shortest literal that reads back as the same float.
static std::string floatLiteral(const APFloat &value) {
  if (!value.isFinite()) // stands in comments only, without its suffix
    return value.isNaN() ? "nanf" : value.isNegative() ? "-inff" : "inff";
  SmallString<32> text;
  value.toString(text, /*FormatPrecision=*/0, /*FormatMaxPadding=*/6);
  std::string literal = text.str().str();
  if (literal.find_first_of(".eE") == std::string::npos)
    literal += ".0";
  return literal + "f";
}

std::optional<std::string> tilewright::renderAttribute(Attribute attribute,
                                                       StringRef modifier) {
  using Text = std::optional<std::string>;
  return llvm::TypeSwitch<Attribute, Text>(attribute)
      .Case([&](UnitAttr) -> Text { return modifier == "bool" ? "true" : "1"; })
      .Case([](StringAttr text) -> Text { return text.str(); })
      .Case([&](IntegerAttr number) -> Text {
        std::string literal = std::to_string(number.getInt());
        if (modifier != "bits" ||
            (number.getInt() >= 0 && number.getInt() <= INT32_MAX))
          return literal;
        uint32_t bits = static_cast<uint32_t>(number.getInt());
        return llvm::formatv("{0} /* {1} */", llvm::format_hex(bits, 10),
                             literal)
            .str();
      })
      .Case([&](FloatAttr number) -> Text {
        std::string literal = floatLiteral(number.getValue());
        if (modifier != "bits")
          return literal;
        uint64_t bits = number.getValue().bitcastToAPInt().getZExtValue();
        return llvm::formatv("{0} /* {1} */", llvm::format_hex(bits, 10),
                             StringRef(literal).drop_back())
            .str();
      })
      .Case([](metalium::PoolTypeAttr pool) -> Text {
        return stringifyPoolType(pool.getValue()).str();
      })
      .Case([](metalium::ReduceDimAttr dim) -> Text {
        return stringifyReduceDim(dim.getValue()).str();
      })
      .Case([](metalium::BroadcastTypeAttr type) -> Text {
        return stringifyBroadcastType(type.getValue()).str();
      })
      .Case([](metalium::DestReuseAttr reuse) -> Text {
        return stringifyDestReuse(reuse.getValue()).str();
      })
      .Case([](tt::DataFormatAttr format) -> Text {
        return stringifyDataFormat(format.getValue()).str();
      })
      .Default([](Attribute) -> Text { return std::nullopt; });
}
