using System.Globalization;

namespace ColbertOnnx.Text.Expressions;

/// <summary>
/// Reads Oniguruma's default syntax (doc/RE of Oniguruma 6.9.10) as far as tokenizer.json files use it. What is not
/// mapped exactly is refused: back references, calls, \K, \G, \X, absent groups, conditions, callouts.
/// </summary>
internal sealed partial class OnigParser(string pattern, string path)
{
    private int position;
    private bool ignoreCase;
    private bool dotAll;
    private int depth;
    private int stacked;

    public RegexNode Parse()
    {
        RegexNode node = ParseChoice();
        if (position < pattern.Length)
            throw Unsupported("an unmatched ')'");
        return node;
    }

    private bool AtEnd => position >= pattern.Length;

    private bool Take(string text)
    {
        if (string.CompareOrdinal(pattern, position, text, 0, text.Length) != 0)
            return false;
        position += text.Length;
        return true;
    }

    private int TakeCodePoint()
    {
        if (AtEnd)
            throw Unsupported("an end of the expression where a character is needed");
        int cp = CodePoint.At(pattern, position, out int length);
        position += length;
        return cp;
    }

    private RegexNode ParseChoice()
    {
        if (++depth > Limits.ExpressionDepth)
            throw TooDeep();
        (bool oldCase, bool oldDot) = (ignoreCase, dotAll);
        var options = new List<RegexNode> { ParseSequence() };
        while (Take("|"))
            options.Add(ParseSequence());
        (ignoreCase, dotAll) = (oldCase, oldDot);
        depth--;
        return options.Count == 1 ? options[0] : new RegexNode.Choice([.. options]);
    }

    private RegexNode ParseSequence()
    {
        var parts = new List<RegexNode>();
        var literal = new List<int>(); // code points in a row, to notice foldings of several
        while (!AtEnd && pattern[position] is not ('|' or ')'))
        {
            int before = position;
            if (ParseOptions(out RegexNode? rest))
            {
                if (rest is not null)
                    parts.Add(rest);
                continue;
            }
            int single = -1;
            RegexNode? atom = ParseAtom(ref single);
            if (atom is null)
                continue;
            bool repeated = false;
            while (ParseQuantifier(ref atom))
            {
                // Over the whole expression: the groups that they stand on may hold others.
                if (repeated && ++stacked > Limits.ExpressionDepth)
                    throw TooDeep();
                repeated = true;
            }
            if (ignoreCase && single >= 0 && !repeated)
                literal.Add(CaseFolding.Fold(single));
            else
                literal.Clear();
            if (CaseFolding.EndsWithSeveral(literal))
                throw Unsupported($"the letters at {before} in any case (together they are the folding of another character)");
            parts.Add(atom);
        }
        return parts.Count == 1 ? parts[0] : new RegexNode.Sequence([.. parts]);
    }

    // (?i) to the end of the group: the rest of the group, alternatives included, becomes one part.
    private bool ParseOptions(out RegexNode? rest)
    {
        rest = null;
        int before = position;
        if (!Take("(?"))
            return false;
        (bool oldCase, bool oldDot) = (ignoreCase, dotAll);
        if (!TakeFlags() || !Take(")"))
        {
            position = before;
            (ignoreCase, dotAll) = (oldCase, oldDot);
            return false;
        }
        rest = ParseChoice();
        (ignoreCase, dotAll) = (oldCase, oldDot);
        return true;
    }

    private bool TakeFlags()
    {
        bool on = true;
        for (int count = 0; !AtEnd; position++, count++)
        {
            switch (pattern[position])
            {
                case '-':
                    on = false;
                    break;
                case 'i':
                    ignoreCase = on;
                    break;
                case 'm':
                    dotAll = on;
                    break;
                default:
                    return count > 0;
            }
        }
        return false;
    }

    private RegexNode? ParseAtom(ref int single)
    {
        int cp = TakeCodePoint();
        switch (cp)
        {
            case '(':
                return ParseGroup();
            case '[':
                return new RegexNode.One(ParseClass());
            case '.':
                return new RegexNode.One(dotAll ? CodePointSet.All : NoNewline);
            case '^':
                return new RegexNode.Position(PositionKind.LineStart);
            case '$':
                return new RegexNode.Position(PositionKind.LineEnd);
            case '*' or '+' or '?':
                throw Unsupported($"a quantifier without a target at {position - 1}");
            case '\\':
                return ParseEscape(ref single);
            default:
                single = cp;
                return Literal(cp);
        }
    }

    private RegexNode.One Literal(int cp)
    {
        if (!ignoreCase)
            return new(CodePointSet.Of(cp, cp));
        if (CaseFolding.FoldsToSeveral(cp))
            throw Unsupported($"'{char.ConvertFromUtf32(cp)}' in any case");
        return new(CaseFolding.Close(CodePointSet.Of(cp, cp)));
    }

    private RegexNode? ParseGroup()
    {
        if (!Take("?"))
        {
            if (!AtEnd && pattern[position] == '*')
                throw Unsupported("a callout");
            return Close(ParseChoice());
        }
        if (Take("#"))
        {
            int end = pattern.IndexOf(')', position);
            if (end < 0)
                throw Unsupported("a comment without end");
            position = end + 1;
            return null;
        }
        if (Take(":"))
            return Close(ParseChoice());
        if (Take("="))
            return new RegexNode.Look(Close(ParseChoice()), false, false);
        if (Take("!"))
            return new RegexNode.Look(Close(ParseChoice()), false, true);
        if (Take(">"))
            return new RegexNode.Atomic(Close(ParseChoice()));
        if (Take("<="))
            return Behind(false);
        if (Take("<!"))
            return Behind(true);
        if (Take("<") || Take("'"))
        {
            char end = pattern[position - 1] == '<' ? '>' : '\'';
            int close = pattern.IndexOf(end, position);
            if (close <= position || !(char.IsAsciiLetter(pattern[position]) || pattern[position] == '_')
                || !pattern.AsSpan(position, close - position).ToString().All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
                throw Unsupported($"the group at {position}");
            position = close + 1;
            return Close(ParseChoice());
        }
        (bool oldCase, bool oldDot) = (ignoreCase, dotAll);
        if (!TakeFlags() || !Take(":"))
            throw Unsupported($"the group at {position}");
        RegexNode node = Close(ParseChoice());
        (ignoreCase, dotAll) = (oldCase, oldDot);
        return node;
    }

    private RegexNode.Look Behind(bool negative)
    {
        int start = position;
        RegexNode body = Close(ParseChoice());
        if (body.MaxLength >= RegexNode.Limit)
            throw Unsupported($"the look-behind at {start}, which has no limit");
        return new(body, true, negative);
    }

    private RegexNode Close(RegexNode node)
    {
        if (!Take(")"))
            throw Unsupported("a group without end");
        return node;
    }

    private bool ParseQuantifier(ref RegexNode atom)
    {
        if (AtEnd)
            return false;
        int before = position;
        (int min, int max, bool interval) = (0, 0, false);
        switch (pattern[position])
        {
            case '*':
                (min, max) = (0, -1);
                position++;
                break;
            case '+':
                (min, max) = (1, -1);
                position++;
                break;
            case '?':
                (min, max) = (0, 1);
                position++;
                break;
            case '{' when TakeInterval(out min, out max):
                interval = true;
                break;
            default:
                return false;
        }
        RepeatKind kind = RepeatKind.Greedy;
        // {n,m} with n > m is possessive; a fixed {n} has no lazy form, and no interval has a possessive one.
        if (max >= 0 && min > max)
            (min, max, kind) = (max, min, RepeatKind.Possessive);
        else if (!(interval && min == max) && Take("?"))
            kind = RepeatKind.Lazy;
        else if (!interval && Take("+"))
            kind = RepeatKind.Possessive;
        if (max < 0 && atom.IsNullable)
            (atom, min) = (Simplify(atom, kind, before), 0);
        if (Math.Max(min, max) > 1000)
            throw Unsupported($"more than 1000 repetitions at {before}");
        atom = new RegexNode.Repeat(atom, min, max, kind);
        return true;
    }

    // (x*)* and its kin are x*. Any other loop whose body may match nothing depends on when the engine leaves the loop.
    private RegexNode Simplify(RegexNode atom, RepeatKind kind, int at)
    {
        if (kind == RepeatKind.Greedy && atom is RegexNode.Repeat { Kind: RepeatKind.Greedy, Min: 0, Max: -1 or 1 } inner
            && !inner.Body.IsNullable)
            return inner.Body;
        throw Unsupported($"the repetition at {at} of what may be empty");
    }

    private bool TakeInterval(out int min, out int max)
    {
        int at = position + 1;
        (min, max) = (0, -1);
        bool hasMin = Number(ref at, ref min), comma = at < pattern.Length && pattern[at] == ',';
        bool hasMax = false;
        if (comma)
        {
            at++;
            hasMax = Number(ref at, ref max);
        }
        else
        {
            max = min;
        }
        // Anything else is a brace that stands for itself.
        if (at >= pattern.Length || pattern[at] != '}' || (!hasMin && !hasMax))
            return false;
        position = at + 1;
        return true;
    }

    private bool Number(ref int at, ref int value)
    {
        int start = at;
        while (at < pattern.Length && char.IsAsciiDigit(pattern[at]))
            at++;
        if (at == start)
            return false;
        if (!int.TryParse(pattern.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out value))
            throw Unsupported($"the number at {start}");
        return true;
    }

    private ColbertException TooDeep() => Unsupported(
        $"more than {Limits.ExpressionDepth} groups within each other, or quantifiers on quantifiers (the limit "
            + $"{nameof(Limits.ExpressionDepth)})");

    private ColbertException Unsupported(string what) => new(ColbertErrorId.TokenizerUnsupported,
        $"The expression at {path} holds {what}: {pattern}", path,
        "Use a tokenizer whose expressions this version knows, or report the expression.");
}
