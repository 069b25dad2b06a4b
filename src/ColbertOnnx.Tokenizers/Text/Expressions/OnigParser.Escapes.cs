using System.Globalization;

namespace ColbertOnnx.Text.Expressions;

internal sealed partial class OnigParser
{
    private static readonly CodePointSet NoNewline = CodePointSet.Of('\n', '\n').Negate();

    private RegexNode? ParseEscape(ref int single)
    {
        int start = position - 1;
        int cp = TakeCodePoint();
        switch (cp)
        {
            case 'A':
                return new RegexNode.Position(PositionKind.TextStart);
            case 'z':
                return new RegexNode.Position(PositionKind.TextEnd);
            case 'Z':
                return new RegexNode.Position(PositionKind.TextEndOrNewline);
            case 'b':
                return new RegexNode.Position(PositionKind.WordBoundary);
            case 'B':
                return new RegexNode.Position(PositionKind.NoWordBoundary);
            case 'R':
                // One piece: what comes after never takes the line feed of CR LF away.
                return new RegexNode.Atomic(new RegexNode.Choice(
                [
                    new RegexNode.Sequence(
                    [
                        new RegexNode.One(CodePointSet.Of('\r', '\r')), new RegexNode.One(CodePointSet.Of('\n', '\n')),
                    ]),
                    new RegexNode.One(CodePointSet.Of(10, 13, 0x85, 0x85, 0x2028, 0x2029)),
                ]));
            case 'N':
                return new RegexNode.One(NoNewline);
            case 'O':
                return new RegexNode.One(CodePointSet.All);
            case 'w':
                return new RegexNode.One(CharacterClasses.Word);
            case 'W':
                return new RegexNode.One(CharacterClasses.Word.Negate());
            case 'G' or 'K' or 'X' or 'y' or 'Y' or 'g' or 'k' or (>= '1' and <= '9'):
                throw Unsupported($"\\{(char)cp} at {start}");
        }
        position = start + 1;
        if (ClassEscape() is { } set)
            return new RegexNode.One(set);
        single = CharacterEscape(inClass: false);
        return Literal(single);
    }

    /// <summary>\s, \d, \h, \p{...} and their complements, at the letter; null when it is none of them.</summary>
    private CodePointSet? ClassEscape()
    {
        switch (pattern.Length > position ? pattern[position] : '\0')
        {
            case 's':
                position++;
                return CharacterClasses.Space;
            case 'S':
                position++;
                return CharacterClasses.Space.Negate();
            case 'd':
                position++;
                return CharacterClasses.Digit;
            case 'D':
                position++;
                return CharacterClasses.Digit.Negate();
            case 'h':
                position++;
                return CharacterClasses.HexDigit;
            case 'H':
                position++;
                return CharacterClasses.HexDigit.Negate();
            case 'p' or 'P':
                return Property();
            default:
                return null;
        }
    }

    private CodePointSet Property()
    {
        int start = position - 1;
        bool negated = pattern[position++] == 'P';
        if (!Take("{"))
            throw Unsupported($"a property without braces at {start}");
        if (Take("^"))
            negated = !negated;
        int end = pattern.IndexOf('}', position);
        string name = end < 0 ? "" : pattern[position..end];
        CodePointSet set = (end < 0 ? null : CharacterClasses.Property(name)) ?? throw Unsupported($"the property '{name}'");
        position = end + 1;
        return negated ? set.Negate() : set;
    }

    /// <summary>An escape that stands for one code point, at the letter after the backslash.</summary>
    private int CharacterEscape(bool inClass)
    {
        int start = position - 1;
        int cp = TakeCodePoint();
        switch (cp)
        {
            case 't':
                return '\t';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 'f':
                return '\f';
            case 'v':
                return '\v';
            case 'a':
                return '\a';
            case 'e':
                return 0x1B;
            case 'b' when inClass:
                return '\b';
            case 'u':
                return Hex(4, 4, start, 0xFFFF);
            case 'x' when Take("{"):
                int value = Hex(1, 8, start, 0x10FFFF);
                if (!Take("}"))
                    throw Unsupported($"the escape at {start}");
                return value;
            case 'x':
                // More than 7F would be a lone byte of UTF-8.
                return Hex(0, 2, start, 0x7F);
            case '0':
                int octal = 0;
                for (int i = 0; i < 2 && !AtEnd && pattern[position] is >= '0' and <= '7'; i++)
                    octal = octal * 8 + pattern[position++] - '0';
                return octal;
        }
        if (cp < 0x80 && char.IsAsciiLetterOrDigit((char)cp))
            throw Unsupported($"\\{(char)cp} at {start}");
        return cp;
    }

    private int Hex(int least, int most, int start, int limit)
    {
        int length = 0;
        while (length < most && position + length < pattern.Length && char.IsAsciiHexDigit(pattern[position + length]))
            length++;
        if (length < least)
            throw Unsupported($"the escape at {start}");
        if (!long.TryParse(pattern.AsSpan(position, length), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out long value))
            value = 0;
        if (value > limit || value is >= 0xD800 and <= 0xDFFF)
            throw Unsupported($"the escape at {start}");
        position += length;
        return (int)value;
    }
}
