using System.Globalization;
using System.Text.RegularExpressions;

namespace ColbertOnnx.Tests.Structure;

/// <summary>Lines of C# are no longer than .editorconfig says, which neither the build nor dotnet format looks at.</summary>
public sealed partial class LineTests
{
    private static readonly int Longest =
        int.Parse(
            Limit().Match(File.ReadAllText(Path.Combine(TestData.Repository, ".editorconfig"))).Groups[1].Value,
            CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("tools")]
    public void No_line_is_longer_than_the_limit(string folder)
    {
        string root = Path.Combine(TestData.Repository, folder);
        string[] wrong =
        [
            .. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
                .Where(path => !Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
                .SelectMany(path => LongLines(File.ReadAllLines(path)).Select(number => $"{path}:{number}")),
        ];
        Assert.True(wrong.Length == 0, $"Longer than {Longest} characters:\n{string.Join("\n", wrong)}");
    }

    [Fact]
    public void Only_what_a_raw_string_holds_may_be_longer()
    {
        string line = new('x', Longest + 1), raw = "\"" + "\"\"";
        Assert.Equal([1, 5], LongLines([line, raw, line, raw, line, raw + line + raw, line[1..]]));
        Assert.Throws<InvalidOperationException>(() => LongLines([raw, line]).ToArray());
    }

    // Numbers from 1. JSON, style sheets and texts stay as they are.
    private static IEnumerable<int> LongLines(string[] lines)
    {
        bool isRaw = false;
        for (int i = 0; i < lines.Length; i++)
        {
            int quotes = Raw().Count(lines[i]);
            if (lines[i].Length > Longest && !isRaw && quotes == 0) yield return i + 1;
            isRaw ^= quotes % 2 == 1;
        }

        if (isRaw) throw new InvalidOperationException("A raw string has no end.");
    }

    [GeneratedRegex(@"^max_line_length = (\d+)$", RegexOptions.Multiline)]
    private static partial Regex Limit();

    [GeneratedRegex("\"{3,}")]
    private static partial Regex Raw();
}
