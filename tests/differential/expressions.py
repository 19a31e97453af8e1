# SPDX-License-Identifier: Apache-2.0
"""Makes the five kinds of expressions by a grammar, with the names and values that they need.

Every text from here parses, and operand types are mostly right. `mutations` breaks texts.
"""

from .values import ATTRIBUTES, Values, order

# Names that cannot be written in an expression without a placeholder.
NEED_PLACEHOLDER = {"name", "count", "dotted.name", "Größe"}
NAMES = tuple(ATTRIBUTES)
ORDERED = ("S", "N", "B")


class Expressions:
    """The expressions of one request. `names` and `values` are its placeholders."""

    def __init__(self, rng, schema):
        self.rng = rng
        self.schema = schema
        self.random_values = Values(rng)
        self.names = {}
        self.values = {}

    # --- Operands ---

    def name(self, attribute):
        """The attribute's name, or a placeholder for it, to be written in an expression."""
        if attribute not in NEED_PLACEHOLDER and self.rng.random() < 0.75:
            return attribute
        for placeholder, known in self.names.items():
            if known == attribute:
                return placeholder
        placeholder = f"#{self.rng.choice('abcxyz')}{len(self.names)}"
        self.names[placeholder] = attribute
        return placeholder

    def value(self, value):
        for placeholder, known in self.values.items():
            if known == value and self.rng.random() < 0.5:
                return placeholder
        placeholder = f":{self.rng.choice('vwq')}{len(self.values)}"
        self.values[placeholder] = value
        return placeholder

    def attribute(self, kind=None):
        """The name of an attribute, of that type if one is asked for."""
        if kind is None or self.rng.random() < 0.06:
            return self.rng.choice(NAMES)
        return self.rng.choice([n for n, k in ATTRIBUTES.items() if k == kind] or NAMES)

    def path(self, attribute):
        """A document path that starts with that attribute."""
        rng = self.rng
        text = self.name(attribute)
        kind = ATTRIBUTES.get(attribute)
        chance = 0.5 if kind in ("M", "L") else 0.03
        while rng.random() < chance:
            chance = 0.3
            if (kind == "L") != (rng.random() < 0.15):
                text += f"[{rng.choice((0, 0, 1, 1, 2, 3, 7))}]"
            else:
                text += "." + self.name(rng.choice(("a", "b", "c", "n", "l")))
            kind = rng.choice(("L", "M"))
        return text

    def operand_of(self, kind):
        """A value or path that mostly has that type."""
        if self.rng.random() < 0.25:
            return self.path(self.attribute(kind))
        if self.rng.random() < 0.04:
            return self.value(self.random_values.any())
        return self.value(self.random_values.of(kind))

    def _other_than(self, path, kind):
        """An operand for comparison with `path`. Mostly not the same path, since that is refused.
        """
        operand = self.operand_of(kind)
        if operand == path and self.rng.random() < 0.97:
            return self.value(self.random_values.of(kind))
        return operand

    # --- Conditions and filters ---

    def condition(self, depth=0):
        rng = self.rng
        draw = rng.random()
        if depth < 3 and draw < 0.22:
            parts = [self.condition(depth + 1) for _ in range(rng.choice((2, 2, 2, 3)))]
            joined = f" {self._word(rng.choice(('AND', 'OR')))} ".join(parts)
            return f"({joined})" if depth or rng.random() < 0.2 else joined
        if depth < 3 and draw < 0.30:
            inner = self.condition(depth + 1)
            return f"{self._word('NOT')} {inner if inner.startswith('(') else f'({inner})'}"
        return self._predicate()

    def _predicate(self):
        rng = self.rng
        draw = rng.random()
        if draw < 0.35:
            return self._comparison()
        if draw < 0.45:
            kind = rng.choice(ORDERED)
            path = self.path(self.attribute(kind))
            low, high = self._bounds(kind)
            return f"{path} {self._word('BETWEEN')} {low} {self._word('AND')} {high}"
        if draw < 0.55:
            kind = rng.choice(("S", "N", "N", "BOOL", "L"))
            path = self.path(self.attribute(kind))
            operands = ", ".join(self._other_than(path, kind) for _ in range(rng.randint(1, 4)))
            return f"{path} {self._word('IN')} ({operands})"
        return self._function()

    def _comparison(self):
        rng = self.rng
        operator = rng.choice(("=", "<>", "<", "<=", ">", ">="))
        kind = rng.choice(ORDERED + (("L", "M", "SS", "BOOL") if operator in "=<>" else ()))
        left = self.path(self.attribute(kind))
        if rng.random() < 0.15:
            left, kind = f"size({self.path(self.attribute())})", "N"
        right = self._other_than(left, kind)
        if rng.random() < 0.1:
            left, right = right, left
        blank = rng.choice((" ", " ", ""))
        return f"{left}{blank}{operator}{blank}{right}"

    def _bounds(self, kind):
        pair = [self.random_values.of(kind) for _ in range(2)]
        if self.rng.random() < 0.97:
            pair.sort(key=order)
        return self.value(pair[0]), self.value(pair[1])

    def _function(self):
        rng = self.rng
        function = rng.choice(
            (
                "attribute_exists",
                "attribute_not_exists",
                "attribute_type",
                "begins_with",
                "contains",
            )
        )
        if function.endswith("exists"):
            return f"{function}({self.path(self.attribute())})"
        if function == "attribute_type":
            path = self.path(self.attribute())
            kind = rng.choice(("S", "N", "B", "SS", "NS", "BS", "M", "L", "BOOL", "NULL"))
            return f"{function}({path}, {self.value({'S': kind})})"
        if function == "begins_with":
            kind = rng.choice(("S", "S", "B"))
            path = self.path(self.attribute(kind))
            return f"{function}({path}, {self._other_than(path, kind)})"
        holder = rng.choice(("S", "SS", "NS", "L", "L", "BS"))
        kind = {"SS": "S", "NS": "N", "BS": "B", "S": "S"}.get(holder) or rng.choice(("S", "N"))
        path = self.path(self.attribute(holder))
        return f"{function}({path}, {self._other_than(path, kind)})"

    def _word(self, keyword):
        return self.rng.choice((keyword, keyword, keyword.lower(), keyword.title()))

    # --- Projections ---

    def projection(self):
        count = self.rng.randint(1, 4)
        paths = {}
        for attribute in self.rng.sample(NAMES + tuple(sorted(self.schema.key_names)), count):
            paths[self.path(attribute) if attribute in ATTRIBUTES else self.name(attribute)] = None
        return self.rng.choice((", ", ",", " , ")).join(paths)

    # --- Key conditions ---

    def key_condition(self, key):
        """A condition on the key attributes [(name, type)…]: `=` for the first, and mostly a test
        of the second.
        """
        rng = self.rng
        (name, kind), *rest = key
        parts = [f"{self.name(name)} = {self.value(self.random_values.key_value(kind))}"]
        if rest and rng.random() < 0.6:
            parts.append(self._sort_condition(*rest[0]))
        if rng.random() < 0.15:
            parts.reverse()
        if rng.random() < 0.1:
            parts = [f"({part})" for part in parts]
        return f" {self._word('AND')} ".join(parts)

    def _sort_condition(self, name, kind):
        rng = self.rng
        values = self.random_values
        operator = rng.choice(("=", "<", "<=", ">", ">=", "BETWEEN", "begins_with"))
        if operator == "BETWEEN":
            pair = [values.key_value(kind), values.key_value(kind)]
            if rng.random() < 0.95:
                pair.sort(key=order)
            low, high = map(self.value, pair)
            return f"{self.name(name)} {self._word('BETWEEN')} {low} {self._word('AND')} {high}"
        value = self.value(values.key_value(kind))
        if operator == "begins_with" and kind != "N":
            return f"begins_with({self.name(name)}, {value})"
        operator = "=" if operator == "begins_with" else operator
        return f"{self.name(name)} {operator} {value}"

    def multi_key_condition(self, index):
        """A condition with `=` on every HASH attribute and on some of the first RANGE attributes.
        The last of these may have another operator.
        """
        parts = [self._equals(*pair) for pair in index.hash_keys]
        leading = self.rng.randint(0, len(index.range_keys))
        for position, pair in enumerate(index.range_keys[:leading]):
            last = position == leading - 1
            parts.append(self._sort_condition(*pair) if last else self._equals(*pair))
        self.rng.shuffle(parts)
        return " AND ".join(parts)

    def _equals(self, name, kind):
        return f"{self.name(name)} = {self.value(self.random_values.key_value(kind))}"

    # --- Updates ---

    def update(self):
        rng = self.rng
        sections = rng.sample(("SET", "REMOVE", "ADD", "DELETE"), rng.choice((1, 1, 1, 2, 2, 3)))
        if sections == ["REMOVE"] and rng.random() < 0.7:
            # REMOVE alone does nothing to a missing item, but some other servers create the item.
            sections.append("SET")
        attributes = list(NAMES)
        rng.shuffle(attributes)
        texts = []
        for section in sections:
            actions = []
            for _ in range(rng.choice((1, 1, 2, 3))):
                attribute = self._take(attributes, section)
                if attribute is not None:
                    actions.append(self._action(section, attribute))
            if actions:
                texts.append(f"{self._word(section)} " + ", ".join(actions))
        return " ".join(texts) or "SET " + self._action("SET", "n1")

    def _take(self, attributes, section):
        """Removes and returns an attribute that the section's actions mostly work on."""
        wanted = {"ADD": ("N", "SS", "NS", "BS"), "DELETE": ("SS", "NS", "BS")}.get(section)
        for attribute in attributes:
            if wanted is None or ATTRIBUTES[attribute] in wanted or self.rng.random() < 0.02:
                attributes.remove(attribute)
                return attribute
        return None

    def _action(self, section, attribute):
        kind = ATTRIBUTES.get(attribute, "S")
        # Deep paths are often missing in the item, and then the whole update is refused.
        target = self.path if self.rng.random() < 0.3 else self.name
        if section == "SET":
            return f"{target(attribute)} = {self._set_operand(kind)}"
        if section == "REMOVE":
            return target(attribute)
        value = self.random_values.of(kind)
        if self.rng.random() < 0.03:
            value = self.random_values.any()
        return f"{self.name(attribute)} {self.value(value)}"

    def _set_operand(self, kind, depth=0):
        rng = self.rng
        draw = rng.random()
        if depth < 2 and draw < 0.3:
            path = self.path(self.attribute(kind))
            operand = self._set_operand(kind, depth + 1)
            if operand == path and rng.random() < 0.95:
                operand = self.value(self.random_values.of(kind))
            return f"if_not_exists({path}, {operand})"
        if kind == "N" and depth == 0 and draw < 0.5:
            left = self._set_operand(kind, 1)
            sign = rng.choice((" + ", " - ", "+", "-"))
            return f"{left}{sign}{self._set_operand(kind, 1)}"
        if kind == "L" and depth == 0 and draw < 0.5:
            return f"list_append({self._set_operand('L', 1)}, {self._set_operand('L', 1)})"
        if draw < 0.85:
            return self.value(self.random_values.of(kind))
        if draw < 0.9:
            return self.value(self.random_values.any())
        return self.path(self.attribute(kind))
