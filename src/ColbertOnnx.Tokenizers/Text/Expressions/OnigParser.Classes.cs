using System.Runtime.InteropServices;

namespace ColbertOnnx.Text.Expressions;

internal sealed partial class OnigParser
{
    /// <summary>A bracket expression, after its '['.</summary>
    private CodePointSet ParseClass()
    {
        int start = position - 1;
        if (++depth > Limits.ExpressionDepth)
            throw TooDeep();
        bool negated = Take("^");
        var parts = new List<CodePointSet>();
        CodePointSet? intersected = null;
        // A first ']' stands for itself if another one follows.
        bool first = !AtEnd && pattern[position] == ']';
        if (first && pattern.IndexOf(']', position + 1) < 0)
            throw Unsupported($"the empty class at {start}");
        for (; ; first = false)
        {
            if (AtEnd)
                throw Unsupported($"the class without end at {start}");
            if (!first && Take("]"))
                break;
            if (Take("&&"))
            {
                intersected = Both();
                parts.Clear();
                continue;
            }
            parts.Add(ParseClassPart());
        }
        CodePointSet set = Both();
        depth--;
        if (ignoreCase)
        {
            set = CaseFolding.Close(set);
            if (!negated && CaseFolding.HasSeveral(set))
                throw Unsupported($"the class at {start} in any case (a character in it folds to several)");
        }
        return negated ? set.Negate() : set;

        CodePointSet Both()
        {
            CodePointSet union = CodePointSet.UnionOf(CollectionsMarshal.AsSpan(parts));
            return intersected is null ? union : intersected.Intersect(union);
        }
    }

    private CodePointSet ParseClassPart()
    {
        if (Take("[:") && TakePosix() is { } posix)
            return posix;
        if (Take("["))
            return ParseClass();
        if (!TakeMember(out int from, out CodePointSet? set))
            return set!;
        // A range, unless the '-' is the last one or a class follows it: then it stands for itself.
        if (AtEnd || pattern[position] != '-' || position + 1 >= pattern.Length || pattern[position + 1] == ']')
            return CodePointSet.Of(from, from);
        int before = position++;
        if (pattern[position] == '[' || string.CompareOrdinal(pattern, position, "&&", 0, 2) == 0)
            throw Unsupported($"the '-' at {before}");
        if (!TakeMember(out int to, out set))
            return CodePointSet.Of(from, from, '-', '-').Union(set!);
        if (to < from)
            throw Unsupported($"the reversed range at {before}");
        return CodePointSet.Of(from, to);
    }

    // True: one code point. False: a set.
    private bool TakeMember(out int cp, out CodePointSet? set)
    {
        set = null;
        cp = TakeCodePoint();
        if (cp != '\\')
            return true;
        if (AtEnd)
            throw Unsupported("a backslash at the end");
        if (Take("w"))
            set = CharacterClasses.PosixWord;
        else if (Take("W"))
            set = CharacterClasses.PosixWord.Negate();
        else if (pattern[position] is 'R' or 'N' or 'O' or 'X')
            throw Unsupported($"\\{pattern[position]} in a class");
        else
            set = ClassEscape();
        if (set is not null)
            return false;
        cp = CharacterEscape(inClass: true);
        return true;
    }

    // After "[:"; goes back when it is not a POSIX bracket.
    private CodePointSet? TakePosix()
    {
        int before = position;
        bool negated = Take("^");
        int end = pattern.IndexOf(":]", position, StringComparison.Ordinal);
        if (end > position && pattern.AsSpan(position, end - position).ToString().All(char.IsAsciiLetter))
        {
            CodePointSet set =
                CharacterClasses.Posix(pattern[position..end]) ?? throw Unsupported($"the bracket [:{pattern[position..end]}:]");
            position = end + 2;
            return negated ? set.Negate() : set;
        }
        position = before - 2;
        return null;
    }
}
