using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace ColbertOnnx.Text.Expressions;

/// <summary>The sets that Oniguruma's names stand for, Unicode 16.0 (its doc/RE and doc/UNICODE_PROPERTIES).</summary>
internal static class CharacterClasses
{
    private const string CategoryNames = "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Zs Zl Zp Cc Cf Cs Co Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Cn";

    private static readonly Dictionary<string, string> LongNames = new(StringComparer.Ordinal)
    {
        ["letter"] = "l",
        ["uppercaseletter"] = "lu",
        ["lowercaseletter"] = "ll",
        ["titlecaseletter"] = "lt",
        ["modifierletter"] = "lm",
        ["otherletter"] = "lo",
        ["casedletter"] = "lc",
        ["mark"] = "m",
        ["combiningmark"] = "m",
        ["nonspacingmark"] = "mn",
        ["spacingmark"] = "mc",
        ["enclosingmark"] = "me",
        ["number"] = "n",
        ["decimalnumber"] = "nd",
        ["letternumber"] = "nl",
        ["othernumber"] = "no",
        ["separator"] = "z",
        ["spaceseparator"] = "zs",
        ["lineseparator"] = "zl",
        ["paragraphseparator"] = "zp",
        ["other"] = "c",
        ["control"] = "cc",
        ["format"] = "cf",
        ["surrogate"] = "cs",
        ["privateuse"] = "co",
        ["unassigned"] = "cn",
        ["punctuation"] = "p",
        ["connectorpunctuation"] = "pc",
        ["dashpunctuation"] = "pd",
        ["openpunctuation"] = "ps",
        ["closepunctuation"] = "pe",
        ["initialpunctuation"] = "pi",
        ["finalpunctuation"] = "pf",
        ["otherpunctuation"] = "po",
        ["punct"] = "p",
        ["symbol"] = "s",
        ["mathsymbol"] = "sm",
        ["currencysymbol"] = "sc",
        ["modifiersymbol"] = "sk",
        ["othersymbol"] = "so",
    };

    private static readonly ConcurrentDictionary<string, CodePointSet?> Known = new(StringComparer.Ordinal);

    public static CodePointSet Space => Get("posix space");

    public static CodePointSet Letter { get; } = Get("l");

    public static CodePointSet Number { get; } = Get("n");

    public static CodePointSet Digit => Get("nd");

    public static CodePointSet HexDigit { get; } = CodePointSet.Of('0', '9', 'A', 'F', 'a', 'f');

    /// <summary>[[:word:]], and \w inside brackets.</summary>
    public static CodePointSet PosixWord => Get("posix word");

    /// <summary>\w on its own: below U+0100 Oniguruma asks a table of Latin-1, which has its six superscripts and fractions too.</summary>
    public static CodePointSet Word => Get("word alone");

    /// <summary>What \p{name} stands for, or null for a name that is not known. Case, blanks, '-' and '_' do not count.</summary>
    public static CodePointSet? Property(string name)
    {
        string key = string.Concat(name.Where(c => c is not (' ' or '-' or '_'))).ToLowerInvariant();
        return key.All(char.IsAsciiLetterOrDigit) ? Known.GetOrAdd(LongNames.GetValueOrDefault(key, key), Make) : null;
    }

    /// <summary>What [[:name:]] stands for, or null.</summary>
    public static CodePointSet? Posix(string name) => Known.GetOrAdd("posix " + name, Make);

    private static CodePointSet Get(string key) => Known.GetOrAdd(key, Make)!;

    private static CodePointSet? Make(string key)
    {
        CodePointSet Of(List<int> ranges) => CodePointSet.Of(CollectionsMarshal.AsSpan(ranges));
        switch (key)
        {
            case "any":
                return CodePointSet.All;
            case "assigned":
                return Get("cn").Negate();
            case "ascii" or "posix ascii":
                return CodePointSet.Of(0, 0x7F);
            case "whitespace" or "space" or "posix space":
                return Of(UnicodeData.WhitespaceRanges());
            case "alphabetic" or "alpha" or "posix alpha":
                return Of(UnicodeData.AlphabeticRanges());
            case "uppercase" or "upper" or "posix upper":
                return Of(UnicodeData.UppercaseRanges());
            case "lowercase" or "lower" or "posix lower":
                return Of(UnicodeData.LowercaseRanges());
            case "alnum" or "posix alnum":
                return Get("alpha").Union(Get("nd"));
            case "digit" or "posix digit":
                return Get("nd");
            case "xdigit" or "posix xdigit":
                return HexDigit;
            case "blank" or "posix blank":
                return Get("zs").Union(CodePointSet.Of('\t', '\t'));
            case "cntrl" or "posix cntrl":
                return Get("cc");
            case "graph" or "posix graph":
                return Get("space").Union(Get("cc")).Union(Get("cn")).Union(Get("cs")).Negate();
            case "print" or "posix print":
                return Get("graph").Union(Get("zs"));
            case "posix punct" or "posixpunct":
                return Get("p").Union(Get("s"));
            case "word" or "posix word":
                return Get("alpha").Union(Get("m")).Union(Get("nd")).Union(Get("pc"));
            case "word alone":
                return Get("posix word").Union(CodePointSet.Of(0xB2, 0xB3, 0xB9, 0xB9, 0xBC, 0xBE));
            case "lc":
                return Get("lu").Union(Get("ll")).Union(Get("lt"));
        }
        if (key.StartsWith("posix ", StringComparison.Ordinal))
            return null;
        int categories = 0;
        string[] names = CategoryNames.ToLowerInvariant().Split(' ');
        for (int i = 0; i < names.Length; i++)
        {
            if (names[i] == key || (key.Length == 1 && names[i][0] == key[0]))
                categories |= 1 << i;
        }
        if (categories != 0)
            return Of(UnicodeData.CategoryRanges(categories));
        for (int i = 0; i < ScriptData.Names.Length; i++)
        {
            if (ScriptData.Names[i].Replace("_", "", StringComparison.Ordinal).Equals(key, StringComparison.OrdinalIgnoreCase)
                || ScriptData.ShortNames[i].Equals(key, StringComparison.OrdinalIgnoreCase))
                return Of(ScriptData.Ranges(i));
        }
        return null;
    }
}
