using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ColbertOnnx.Text;

namespace ColbertOnnx.Tests.Text;

/// <summary>Every code point against digests of what tokenizers 0.23.2 and Python 3.11 say (tools/oracle made them).</summary>
public sealed class UnicodeDigestTests
{
    private static readonly JsonElement Oracle = Read("unicode-digests.json"), Python = Read("python-digests.json");

    [Fact]
    public void Properties_of_every_code_point_are_those_of_the_original()
    {
        var tests = new Dictionary<string, Func<int, bool>>
        {
            ["bert_punctuation"] = UnicodeData.IsBertPunctuation,
            ["numeric"] = UnicodeData.IsNumeric,
            ["whitespace"] = UnicodeData.IsWhitespace,
            ["word"] = UnicodeData.IsWord,
            ["combining_mark"] = UnicodeData.IsCombiningMark,
            ["oniguruma_posix_word"] = UnicodeData.IsPosixWord,
        };
        string[] categories = "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Zs Zl Zp Cc Cf Cs Co Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Cn".Split(' ');
        for (int i = 0; i < categories.Length; i++)
        {
            int category = i;
            if (categories[i] != "Cs")
                tests.Add("category_" + categories[i], cp => (int)UnicodeData.Category(cp) == category);
        }
        JsonElement properties = Oracle.GetProperty("properties");
        string[] wrong = [.. tests.Where(t => Property(t.Value) != properties.GetProperty(t.Key).GetString()).Select(t => t.Key)];
        Assert.Empty(wrong);
    }

    [Fact]
    public void Mappings_of_every_code_point_are_those_of_the_original()
    {
        JsonElement mappings = Oracle.GetProperty("mappings");
        var to = new int[2];
        Assert.Equal(mappings.GetProperty("lowercase").GetString(), Mapping(cp => to[..UnicodeData.ToLower(cp, to)]));
        foreach (UnicodeForm form in Enum.GetValues<UnicodeForm>())
            Assert.Equal(mappings.GetProperty(form.ToString().ToLowerInvariant()).GetString(), Mapping(cp => Normalize(form, [cp])));
        Assert.Equal(
            mappings.GetProperty("strip_accents").GetString(),
            Mapping(cp => [.. Normalize(UnicodeForm.Nfd, [cp]).Where(c => !UnicodeData.IsMark(c))]));
        Assert.Equal(mappings.GetProperty("clean_text").GetString(), Mapping(cp =>
            cp is 0 or 0xFFFD || UnicodeData.IsControl(cp) ? [] : [UnicodeData.IsWhitespace(cp) ? ' ' : cp]));
    }

    [Fact]
    public void Sequences_of_letters_and_marks_are_normalized_as_by_the_original()
    {
        List<int[]> sequences = DrawSequences(new Draws());
        foreach (UnicodeForm form in Enum.GetValues<UnicodeForm>())
        {
            var text = new StringBuilder();
            foreach (int[] sequence in sequences)
            {
                foreach (int cp in Normalize(form, sequence))
                    CodePoint.Append(text, cp);
                text.Append('\n');
            }
            Assert.Equal(
                Oracle.GetProperty("sequences").GetProperty(form.ToString().ToLowerInvariant()).GetString(),
                Sha(Encoding.UTF8.GetBytes(text.ToString())));
        }
    }

    [Fact]
    public void Scripts_separate_texts_as_those_of_the_original()
    {
        var draws = new Draws();
        DrawSequences(draws);
        int[] codePoints = [.. Enumerable.Range(0, 0x110000).Where(cp => !IsSurrogate(cp))];
        var pieces = new StringBuilder();
        for (int list = 0; list * 128 < 200_000; list++)
        {
            var text = new List<int>();
            for (int i = list * 128; i < Math.Min(list * 128 + 128, 200_000); i++)
            {
                text.Add(codePoints[draws.Next(2) != 0
                    ? draws.Next(0x3000)
                    : (draws.Next(4096) * 300 + draws.Next(300)) % codePoints.Length]);
                if (draws.Next(3) == 0)
                    text.Add(' ');
            }
            AppendScripts(text, pieces);
        }
        Assert.Equal(Oracle.GetProperty("scripts").GetString(), Sha(Encoding.UTF8.GetBytes(pieces.ToString())));
    }

    // The original's loop: what stands before the first code point with a script of its own is lost.
    private static void AppendScripts(List<int> text, StringBuilder pieces)
    {
        int last = -1;
        bool inside = false;
        foreach (int cp in text)
        {
            int script = UnicodeData.Script(cp);
            if (script != 0 && last != script)
            {
                if (inside)
                    pieces.Append('\n');
                inside = true;
            }
            if (script != 0)
                last = script;
            if (inside)
                CodePoint.Append(pieces, cp);
        }
        pieces.Append('\n');
    }

    private static List<int[]> DrawSequences(Draws draws)
    {
        (int First, int Last)[] ranges =
        [
            (0x41, 0x7a), (0xc0, 0x17f), (0x300, 0x36f), (0x300, 0x36f), (0x591, 0x5c7), (0x900, 0x9ff), (0xf70, 0xf84), (0x1100, 0x11ff),
            (0x1e00, 0x1eff), (0x3040, 0x30ff), (0xac00, 0xad00), (0x1d15e, 0x1d1c0), (0x11099, 0x110ba),
        ];
        var sequences = new List<int[]>();
        for (int i = 0; i < 20000; i++)
        {
            var sequence = new int[draws.Next(50) == 0 ? 60 : draws.Next(12) + 1];
            for (int k = 0; k < sequence.Length; k++)
            {
                (int first, int last) = ranges[draws.Next(ranges.Length)];
                sequence[k] = first + draws.Next(last - first + 1);
            }
            sequences.Add(sequence);
        }
        return sequences;
    }

    /// <summary>The same numbers as the script that asked the original.</summary>
    private sealed class Draws
    {
        private uint state = 1;

        public int Next(int n)
        {
            state = state * 1664525 + 1013904223;
            return (int)(state / 65536) % n;
        }
    }

    [Fact]
    public void Python_strips_and_lowers_every_code_point_in_the_same_way()
    {
        Assert.Equal(Python.GetProperty("space").GetString(), Property(PythonText.IsSpace));
        Assert.Equal(Python.GetProperty("lower").GetString(), Mapping(cp => cp == 0x3A3 ? [cp] : CodePoints(PythonText.Lower(Text(cp)))));
        var lines = new StringBuilder();
        for (int cp = 0; cp < 0x110000; cp++)
        {
            if (IsSurrogate(cp))
                continue;
            string c = Text(cp);
            bool between = PythonText.Lower("a\u03A3" + c + "\u03A3" + c + "b")[1] == '\u03C2',
                after = PythonText.Lower(c + "\u03A3")[^1] == '\u03C2';
            lines.Append(CultureInfo.InvariantCulture, $"{cp:x} {(between ? 1 : 0)} {(after ? 1 : 0)}\n");
        }
        Assert.Equal(Python.GetProperty("final_sigma").GetString(), Sha(Encoding.ASCII.GetBytes(lines.ToString())));
    }

    internal static int[] Normalize(UnicodeForm form, int[] input)
    {
        var buffer = new CodePointBuffer();
        return Normalization.Normalize(form, input, buffer) ? buffer.CodePoints.ToArray() : input;
    }

    private static string Property(Func<int, bool> test)
    {
        var bytes = new byte[0x110000];
        for (int cp = 0; cp < bytes.Length; cp++)
            bytes[cp] = !IsSurrogate(cp) && test(cp) ? (byte)1 : (byte)0;
        return Sha(bytes);
    }

    private static string Mapping(Func<int, int[]> map)
    {
        var lines = new StringBuilder();
        for (int cp = 0; cp < 0x110000; cp++)
        {
            if (IsSurrogate(cp) || map(cp) is not { } to || (to.Length == 1 && to[0] == cp))
                continue;
            lines.Append(CultureInfo.InvariantCulture, $"{cp:x}");
            foreach (int part in to)
                lines.Append(CultureInfo.InvariantCulture, $" {part:x}");
            lines.Append('\n');
        }
        return Sha(Encoding.ASCII.GetBytes(lines.ToString()));
    }

    private static bool IsSurrogate(int cp) => cp is >= 0xD800 and <= 0xDFFF;

    private static string Text(int cp) => char.ConvertFromUtf32(cp);

    private static int[] CodePoints(string text) => [.. text.EnumerateRunes().Select(r => r.Value)];

    private static string Sha(byte[] data) => Convert.ToHexStringLower(SHA256.HashData(data));

    private static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllBytes(TestData.Path("text", file))).RootElement;
}
