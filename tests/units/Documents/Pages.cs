using System.Text.RegularExpressions;

namespace ColbertOnnx.Tests.Documents;

/// <summary>The pages that people read, and what stands in them.</summary>
internal static partial class Pages
{
    /// <summary>All of the repository but what others wrote, by their paths from its root.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. new[]
        {
            "*.md", "docs/*.md", "docs/performance/*.md", "src/*/README.md", "tests/*.md", "tools/*.md", "module/docs/en-US/*.md",
            "module/models/*/*.md",
        }.SelectMany(Find).Order(StringComparer.Ordinal),
    ];

    /// <summary>The pages whose samples tests run.</summary>
    public static IReadOnlyList<string> WithSamples { get; } =
    [
        "README.md", "docs/command.md", "docs/install.md", "docs/errors.md", "docs/cluster.md",
    ];

    public static string Read(string page) => File.ReadAllText(Path.Combine(TestData.Repository, page)).ReplaceLineEndings("\n");

    /// <summary>The blocks of code of a language, with the comment that stands above each, if one does.</summary>
    public static IEnumerable<string> Code(string page, string language) =>
        Block().Matches(Read(page)).Where(match => match.Groups["language"].Value == language).Select(match => match.Groups["code"].Value);

    /// <summary>What a page says between a heading and the next one of its level or above.</summary>
    public static string Part(string page, string heading)
    {
        string text = Read(page), mark = heading[..(heading.IndexOf(' ') + 1)];
        int start = text.IndexOf($"\n{heading}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"{page} has no '{heading}'.");
        Match next = Regex.Match(text[(start + 1 + heading.Length)..], $"^#{{1,{mark.Length - 1}}} ", RegexOptions.Multiline);
        return next.Success ? text.Substring(start, 1 + heading.Length + next.Index) : text[start..];
    }

    /// <summary>The cells of each row of the tables in a text, without their heads.</summary>
    public static IEnumerable<string[]> Rows(string text)
    {
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            bool isHead = i + 1 < lines.Length && lines[i + 1].StartsWith("|---", StringComparison.Ordinal);
            if (!lines[i].StartsWith("| ", StringComparison.Ordinal) || isHead) continue;
            yield return [.. lines[i].Trim('|', ' ').Split(" | ").Select(cell => cell.Trim())];
        }
    }

    private static IEnumerable<string> Find(string pattern)
    {
        string[] parts = pattern.Split('/');
        IEnumerable<string> folders = [TestData.Repository];
        foreach (string part in parts[..^1]) folders = folders.SelectMany(folder => Directory.EnumerateDirectories(folder, part));
        return folders.SelectMany(folder => Directory.EnumerateFiles(folder, parts[^1]))
            .Select(file => Path.GetRelativePath(TestData.Repository, file).Replace('\\', '/'));
    }

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<code>.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
